//! From a cluster on disk to a server that answers.

use std::process::ExitStatus;
use std::time::Duration;

use rustix::process::{Pid, Signal};
use tokio::process::Child;
use tokio::time::{Instant, sleep};

use crate::Error;
use crate::binaries::Binaries;
use crate::home::Home;
use crate::log::{self, Log};
use crate::wire::Connection;
use crate::{options, postmaster};

/// How long a server may stay silent.
pub(crate) const SILENCE_BOUND: Duration = Duration::from_secs(30);

/// How long it may answer that it is busy recovering from a crash.
const RECOVERY_BOUND: Duration = Duration::from_mins(5);

pub(crate) const POLL: Duration = Duration::from_millis(20);

/// A server that was started by us and may not answer yet. Given up, it is stopped.
#[derive(Debug)]
pub(crate) struct Launched {
    pub(crate) pid: Pid,
    /// Taken once it answers.
    child: Option<Child>,
    log: Log,
}

/// Starts the server, and does not wait for it.
pub(crate) fn spawn(home: &Home, binaries: &Binaries) -> Result<Launched, Error> {
    let log = Log::open(home)?;
    let output = || log.file.try_clone().map_err(Error::folder("open", &log.path));

    let mut command = home.account.command(&binaries.postgres(), &home.path);
    command
        .args(options::arguments(&home.cluster(), &home.socket_folder, home.ephemeral))
        .stdout(output()?)
        .stderr(output()?)
        // Ctrl-C goes to our whole process group; PostgreSQL is stopped by us, after our connections.
        .process_group(0);

    let child = command.spawn().map_err(Error::folder("run", &binaries.postgres()))?;
    let pid = child.id().and_then(|id| Pid::from_raw(id.cast_signed()));
    match pid {
        Some(pid) => Ok(Launched { pid, child: Some(child), log }),
        None => {
            Err(Error::Exited { status: "at once".to_owned(), log: log.tail(), path: log.path })
        }
    }
}

impl Launched {
    /// Waits until the server answers.
    pub(crate) async fn ready(&mut self, home: &Home) -> Result<Option<Child>, Error> {
        let mut patience = Patience::new();
        loop {
            let ended = self.child.as_mut().and_then(|child| child.try_wait().ok().flatten());
            if let Some(status) = ended {
                self.child = None;
                return Err(self.exited(status));
            }
            match Connection::open(&home.socket()).await {
                Ok(_) => return Ok(self.child.take()),
                Err(failure) if patience.lasts(failure.not_now()) => sleep(POLL).await,
                Err(_) => {
                    return Err(Error::Silent {
                        pid: self.pid.as_raw_nonzero().get(),
                        path: self.log.path.clone(),
                        log: self.log.tail(),
                    });
                }
            }
        }
    }

    fn exited(&self, status: ExitStatus) -> Error {
        Error::Exited {
            status: status.to_string(),
            path: self.log.path.clone(),
            log: self.log.tail(),
        }
    }
}

impl Drop for Launched {
    fn drop(&mut self) {
        if self.child.is_some() {
            postmaster::signal(self.pid, Signal::QUIT);
        }
    }
}

/// Finds the server that a predecessor left behind, and waits until it answers or ends.
pub(crate) async fn adopt(home: &Home) -> Result<Option<Pid>, Error> {
    let mut patience = Patience::new();
    while let Some(pid) = postmaster::running(&home.cluster()) {
        match Connection::open(&home.socket()).await {
            Ok(_) => return Ok(Some(pid)),
            Err(failure) if patience.lasts(failure.not_now()) => sleep(POLL).await,
            Err(_) => {
                return Err(Error::Silent {
                    pid: pid.as_raw_nonzero().get(),
                    path: log::path(home),
                    log: log::tail_of(home),
                });
            }
        }
    }
    Ok(None)
}

/// A server that answers "not now" gets more time than one that does not answer.
struct Patience {
    began: Instant,
    heard: Instant,
}

impl Patience {
    fn new() -> Self {
        let now = Instant::now();
        Self { began: now, heard: now }
    }

    fn lasts(&mut self, busy: bool) -> bool {
        if busy {
            self.heard = Instant::now();
        }
        self.heard.elapsed() < SILENCE_BOUND && self.began.elapsed() < RECOVERY_BOUND
    }
}
