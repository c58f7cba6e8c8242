//! A push service's double on its own: prints one line of JSON with all that a client needs, then serves until it
//! is told to stop.

use std::{io, net::SocketAddr, sync::Arc};

use clap::Parser;
use kernel::SystemClock;
use serde_json::json;
use testkit::{process, push::PushDouble};

/// A local double of a push service, and of the browsers behind it.
#[derive(Debug, Parser)]
struct Options {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:0")]
    addr: SocketAddr,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let options = Options::parse();
    let double = PushDouble::start(options.addr, Arc::new(SystemClock)).await?;
    process::until_told(&json!({ "base_url": double.base_url() })).await?;
    double.stop().await;
    Ok(())
}
