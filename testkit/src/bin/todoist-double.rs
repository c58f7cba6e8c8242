//! Todoist's double on its own: prints one line of JSON with all that a client needs, then serves until
//! it is told to stop.

use std::{io, net::SocketAddr, str::FromStr, sync::Arc};

use clap::Parser;
use kernel::SystemClock;
use serde_json::json;
use testkit::{
    process,
    todoist::{CLIENT_ID, CLIENT_SECRET, TodoistDouble},
};

/// A local double of Todoist's API v1 and OAuth.
#[derive(Debug, Parser)]
struct Options {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:0")]
    addr: SocketAddr,
    /// What is in the account: `demo`, `empty`, or a number of tasks.
    #[arg(long, default_value = "demo")]
    tasks: Tasks,
}

#[derive(Clone, Copy, Debug)]
enum Tasks {
    Demo,
    Many(usize),
}

impl FromStr for Tasks {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "demo" => Ok(Self::Demo),
            "empty" => Ok(Self::Many(0)),
            number => number.parse().map(Self::Many).map_err(|_| "demo, empty or a number".into()),
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let options = Options::parse();
    let double = TodoistDouble::start(options.addr, Arc::new(SystemClock)).await?;
    let handle = double.handle();
    let account = handle.account();
    match options.tasks {
        Tasks::Demo => drop(handle.set_demo_tasks(&account)),
        Tasks::Many(count) => drop(handle.add_synthetic(&account, count, "Task")),
    }

    let ready = json!({
        "base_url": double.base_url(),
        "api_token": handle.api_token(&account),
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "account": account,
    });
    process::until_told(&ready).await?;
    double.stop().await;
    Ok(())
}
