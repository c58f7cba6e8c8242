//! `oo-postgres exec -- COMMAND`: runs a command with a Postgres of its own, and takes it away again.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{ExitCode, ExitStatus};

use clap::{Parser, Subcommand};
use oo_postgres::{Postgres, Settings};
use rustix::process::{Pid, Signal, kill_process};
use tokio::process::Command;
use tokio::select;
use tokio::signal::unix::{Signal as Arrivals, SignalKind, signal};

/// The database that the command finds in `DATABASE_URL`.
const DATABASE: &str = "oo";

/// What a shell answers for a command that it cannot run.
const CANNOT_RUN: u8 = 126;
const NOT_FOUND: u8 = 127;

/// A Postgres of one's own.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Runs COMMAND with `DATABASE_URL` set to an empty database, and passes on its exit code.
    Exec {
        /// Keeps the data in this folder, instead of throwing it away afterwards.
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,

        /// The folder with `initdb` and `postgres`; by default the usual places.
        #[arg(long, value_name = "DIR", env = "OO_POSTGRES_BIN")]
        binaries: Option<PathBuf>,

        /// The command and its arguments.
        #[arg(last = true, required = true)]
        command: Vec<OsString>,
    },
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Task::Exec { data, binaries, command } = Arguments::parse().task;
    let settings = data.map_or_else(Settings::ephemeral, Settings::new);
    let settings = Settings { binaries, ..settings };
    exec(settings, &command).await.unwrap_or_else(|error| {
        eprintln!("oo-postgres: {error}");
        ExitCode::FAILURE
    })
}

async fn exec(
    settings: Settings,
    command: &[OsString],
) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let mut signals = Signals::listen()?;
    let postgres = select! {
        started = start(settings) => started?,
        signal = signals.next() => return Ok(killed_by(signal)),
    };

    let code = run(command, &postgres.url(DATABASE), &mut signals).await;
    if let Err(error) = postgres.stop().await {
        eprintln!("oo-postgres: {error}");
    }
    Ok(code?)
}

async fn start(settings: Settings) -> Result<Postgres, oo_postgres::Error> {
    let postgres = Postgres::start(settings).await?;
    postgres.create_database_if_missing(DATABASE).await?;
    Ok(postgres)
}

/// Runs the command until it ends; what we are told in the meantime is told to it.
async fn run(command: &[OsString], url: &str, signals: &mut Signals) -> io::Result<ExitCode> {
    let program = command.first().map_or(OsStr::new(""), OsString::as_os_str);
    let arguments = command.get(1..).unwrap_or_default();
    let mut child = match Command::new(program).args(arguments).env("DATABASE_URL", url).spawn() {
        Ok(child) => child,
        Err(error) => {
            eprintln!("oo-postgres: {}: {error}", program.display());
            let found = error.kind() != io::ErrorKind::NotFound;
            return Ok(ExitCode::from(if found { CANNOT_RUN } else { NOT_FOUND }));
        }
    };

    loop {
        select! {
            status = child.wait() => return Ok(exit_code(status?)),
            signal = signals.next() => {
                let pid = child.id().and_then(|id| Pid::from_raw(id.cast_signed()));
                if let Some(pid) = pid.filter(|_| !told_by_terminal(signal)) {
                    // The only way to fail is that it has just ended.
                    let _ = kill_process(pid, signal);
                }
            }
        }
    }
}

/// What a terminal sends goes to the command as well, and twice would mean "at once" to many.
fn told_by_terminal(signal: Signal) -> bool {
    let in_foreground = || {
        let terminal = File::open("/dev/tty").ok()?;
        Some(rustix::termios::tcgetpgrp(terminal).ok()? == rustix::process::getpgrp())
    };
    (signal == Signal::INT || signal == Signal::QUIT) && in_foreground() == Some(true)
}

fn exit_code(status: ExitStatus) -> ExitCode {
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal));
    code.and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from)
}

fn killed_by(signal: Signal) -> ExitCode {
    u8::try_from(128 + signal.as_raw()).map_or(ExitCode::FAILURE, ExitCode::from)
}

/// The signals that end a program, passed on in place of ending us.
struct Signals {
    interrupt: Arrivals,
    terminate: Arrivals,
    hang_up: Arrivals,
    quit: Arrivals,
}

impl Signals {
    fn listen() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
            quit: signal(SignalKind::quit())?,
        })
    }

    async fn next(&mut self) -> Signal {
        select! {
            _ = self.interrupt.recv() => Signal::INT,
            _ = self.terminate.recv() => Signal::TERM,
            _ = self.hang_up.recv() => Signal::HUP,
            _ = self.quit.recv() => Signal::QUIT,
        }
    }
}
