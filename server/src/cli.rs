//! The command line.

mod judge;
mod keys;
mod lab;
mod models;

use std::{error::Error, net::SocketAddr, time::Duration};

use clap::{Parser, Subcommand};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

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
    /// The keys: those of the vault, under which secrets are sealed, and the one that notes are signed with.
    #[command(subcommand)]
    Keys(Keys),
    /// The engine: played by lines, simulated, evaluated, and taught about people in general.
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
    let mode = if matches!(command, Command::Demo) { Mode::Demo } else { Mode::Serve };
    let configure = || {
        let config = Config::from_environment(mode, addr)?;
        telemetry::init(&config.log);
        Ok(config)
    };
    match command {
        Command::Serve | Command::Demo => serve(configure()?).await,
        Command::Migrate => {
            let config = configure()?;
            let migrated = database::migrate(&config.database);
            unless_stopped(migrated, "the migration was stopped before its end").await
        }
        Command::Healthcheck => healthcheck(configure()?.http.addr).await,
        Command::Keys(Keys::Generate { of }) => keys::generate(of),
        Command::Keys(keys) => {
            let done = Box::pin(keys::run(keys, configure()?));
            unless_stopped(done, "it was stopped before its end; the next time it goes on").await
        }
        Command::Lab(lab) => lab::run(lab, configure).await,
    }
}

async fn unless_stopped(
    work: impl Future<Output = Result<(), Box<dyn Error>>>,
    told: &str,
) -> Result<(), Box<dyn Error>> {
    let stop = http::stopped_by_signals();
    tokio::select! {
        done = work => done,
        () = stop.cancelled() => Err(told.into()),
    }
}

async fn serve(config: Config) -> Result<(), Box<dyn Error>> {
    let stop = http::stopped_by_signals();
    allow_open_files();
    let application = tokio::select! {
        built = Application::build(config) => built?,
        () = stop.cancelled() => return Ok(()),
    };
    tell(&format!("oO is at {}", application.url()));
    application.run(stop).await
}

#[expect(clippy::print_stdout, reason = "the answer to what the person at the terminal has asked")]
fn tell(text: &str) {
    println!("{text}");
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
