//! The command line.

mod keys;
mod lab;

use std::{error::Error, net::SocketAddr, time::Duration};

use clap::{Parser, Subcommand};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio_util::sync::CancellationToken;

use crate::{
    Application,
    config::{Config, Mode},
    database, http, telemetry,
};
use keys::Keys;
use lab::Lab;

/// One tip on a black page: the right thing, at the right moment.
#[derive(Debug, Parser)]
#[command(name = "oo", version)]
struct Cli {
    /// The address to listen on, instead of the variable `LEPTOS_SITE_ADDR`.
    #[arg(long, global = true)]
    addr: Option<SocketAddr>,

    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Clone, Debug, Default, Subcommand)]
enum Command {
    /// Serves oO (the default).
    #[default]
    Serve,
    /// Serves a demo on this machine: an account to look around in, with tasks that are made up.
    Demo,
    /// Brings the database up to date, and ends.
    Migrate,
    /// Asks a running oO whether it is alive.
    Healthcheck,
    /// The master keys of the vault, under which secrets are sealed.
    #[command(subcommand)]
    Keys(Keys),
    /// The engine without a server: played by lines, simulated, evaluated.
    #[command(subcommand)]
    Lab(Lab),
}

/// Does what the command line asks for.
///
/// # Errors
/// A message for the person at the terminal.
pub async fn run() -> Result<(), Box<dyn Error>> {
    let Cli { addr, command } = Cli::parse();
    let command = command.unwrap_or_default();
    // What needs no configuration.
    let command = match command {
        Command::Keys(Keys::Generate) => return keys::generate(),
        Command::Lab(lab) => return lab::run(lab),
        command => command,
    };
    let mode = if matches!(command, Command::Demo) { Mode::Demo } else { Mode::Serve };
    let config = Config::from_environment(mode, addr)?;
    telemetry::init(&config.log);

    let stop = http::stopped_by_signals();
    match command {
        Command::Serve | Command::Demo => serve(config, stop).await,
        Command::Migrate => tokio::select! {
            migrated = database::migrate(&config.database) => migrated,
            () = stop.cancelled() => Err("the migration was stopped before its end".into()),
        },
        Command::Healthcheck => healthcheck(config.http.addr).await,
        Command::Lab(lab) => lab::run(lab),
        Command::Keys(keys) => tokio::select! {
            done = keys::run(keys, config) => done,
            () = stop.cancelled() => Err("it was stopped before its end; the next time it goes on".into()),
        },
    }
}

async fn serve(config: Config, stop: CancellationToken) -> Result<(), Box<dyn Error>> {
    allow_open_files();
    let application = tokio::select! {
        built = Application::build(config) => built?,
        () = stop.cancelled() => return Ok(()),
    };
    #[expect(clippy::print_stdout, reason = "the address to open is what the person waits for")]
    {
        println!("oO is at {}", application.url());
    }
    application.run(stop).await
}

/// Each connection is an open file, and shells often allow fewer than the system does.
fn allow_open_files() {
    let limit = getrlimit(Resource::Nofile);
    let raised = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
    if let Err(error) = raised {
        tracing::warn!(%error, "the number of open files stays as it is");
    }
}

/// GET /health, without more HTTP than that takes.
async fn healthcheck(addr: SocketAddr) -> Result<(), Box<dyn Error>> {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let ask = async {
        let mut stream = tokio::net::TcpStream::connect(addr).await?;
        stream.write_all(b"GET /health HTTP/1.0\r\nhost: localhost\r\n\r\n").await?;
        let mut answer = String::new();
        stream.take(1024).read_to_string(&mut answer).await?;
        Ok::<_, std::io::Error>(answer)
    };
    let answer = tokio::time::timeout(Duration::from_secs(5), ask).await??;
    let status = answer.split_ascii_whitespace().nth(1).unwrap_or("no status");
    if status == "200" { Ok(()) } else { Err(format!("{addr} answered {status}").into()) }
}
