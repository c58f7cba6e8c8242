//! Compiles the contracts; `protox` reads protobuf without `protoc`.

use std::{env, error::Error, path::PathBuf};

use prost_build::Config;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=proto");
    let files = protox::compile(["proto/oo/events/v1/tip.proto"], ["proto"])?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    Config::new().out_dir(out).compile_fds(files)?;
    Ok(())
}
