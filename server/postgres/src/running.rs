use std::fmt::Write as _;
use std::time::Duration;

use rustix::process::{Pid, Signal};
use tokio::process::Child;
use tokio::time::{Instant, sleep, timeout};

use crate::binaries::Binaries;
use crate::home::Home;
use crate::launch::{self, POLL, SILENCE_BOUND};
use crate::lock::{StartLock, UserLock};
use crate::places::places;
use crate::watchdog::Watchdog;
use crate::wire::{Connection, Failure};
use crate::{Error, SUPERUSER, Settings, cluster, postmaster};

/// For a checkpoint on a slow disk. Connections are cut at once.
const FAST_BOUND: Duration = Duration::from_secs(20);

/// Without a checkpoint; the next start recovers.
const IMMEDIATE_BOUND: Duration = Duration::from_secs(5);

/// Orphans of a killed main process are on their way out.
const CONTENDED_PAUSE: Duration = Duration::from_millis(100);

/// "There is one already", of a database: when looked up, and when two make it at the same time.
const DUPLICATES: [&str; 2] = ["42P04", "23505"];

/// A running Postgres: our child, or the adopted child of a killed predecessor.
///
/// Dropped without [`Postgres::stop`], it is told to stop and not waited for.
#[derive(Debug)]
pub struct Postgres {
    home: Home,
    pid: Pid,
    /// Not there when adopted.
    child: Option<Child>,
    /// Not there once it has been stopped.
    users: Option<UserLock>,
    watchdog: Option<Watchdog>,
}

impl Postgres {
    /// Adopts or starts the Postgres of a folder, and makes it first if it has to. It answers when this
    /// returns.
    ///
    /// Of two starts at the same time on one folder, the second adopts what the first has started; the
    /// last of them to stop takes it down.
    pub async fn start(settings: Settings) -> Result<Self, Error> {
        let home = Home::prepare(&settings).await?;
        // From here on an ephemeral one leaves nothing behind, whatever happens to us.
        let watchdog = Watchdog::post(&home)?;
        let _starting = StartLock::take(&home).await?;
        let deadline = Instant::now() + SILENCE_BOUND;
        let (pid, child) = loop {
            if let Some(pid) = launch::adopt(&home).await? {
                tracing::info!("adopted the PostgreSQL that runs as process {}", number(pid));
                break (pid, None);
            }
            match Self::launch(&home, &settings).await {
                Err(Error::Exited { log, .. }) if contended(&log) && Instant::now() < deadline => {
                    sleep(CONTENDED_PAUSE).await;
                }
                done => break done?,
            }
        };

        let users = Some(UserLock::take(&home)?);
        Ok(Self { home, pid, child, users, watchdog })
    }

    async fn launch(home: &Home, settings: &Settings) -> Result<(Pid, Option<Child>), Error> {
        let made_by = cluster::made_by(home)?;
        let places = places(settings.binaries.as_deref());
        let binaries = Binaries::find(&places, home.account, made_by.as_deref()).await?;
        cluster::ensure(home, &binaries).await?;
        postmaster::remove_stale(&home.cluster(), &home.socket());

        let mut launched = launch::spawn(home, &binaries)?;
        let pid = launched.pid;
        let child = launched.ready(home).await?;
        tracing::info!("PostgreSQL {} runs as process {}", binaries.major, number(pid));
        Ok((pid, child))
    }

    /// The address of a database, over the Unix socket. It leaves nothing for `PG*` variables to decide,
    /// and it is understood by sqlx and by everything built on libpq.
    pub fn url(&self, database: &str) -> String {
        let socket_folder = percent_encode(&self.home.socket_folder.to_string_lossy());
        let database = percent_encode(database);
        format!(
            "postgres://{SUPERUSER}@localhost:5432/{database}?host={socket_folder}&sslmode=disable"
        )
    }

    /// Makes a database with the defaults of the cluster (UTF-8, bytewise order).
    pub async fn create_database_if_missing(&self, name: &str) -> Result<(), Error> {
        let refused = |failure: Failure| Error::Refused {
            doing: format!("make the database {name:?}"),
            reason: failure.to_string(),
        };
        let quoted = name.replace('"', "\"\"");
        let mut connection = Connection::open(&self.home.socket()).await.map_err(refused)?;
        match connection.execute(&format!("create database \"{quoted}\" template template0")).await
        {
            Err(Failure::Server { code, .. }) if DUPLICATES.contains(&code.as_str()) => Ok(()),
            done => done.map_err(refused),
        }
    }

    /// Its process id.
    pub fn pid(&self) -> i32 {
        number(self.pid)
    }

    /// Stops the server, unless another process uses it as well. Close your connections before: whoever
    /// still has one is cut off.
    pub async fn stop(mut self) -> Result<(), Error> {
        let _stopping = StartLock::take(&self.home).await?;
        let Some(users) = self.users.take() else { return Ok(()) };
        if !users.was_last()? {
            tracing::info!("PostgreSQL stays: another process uses it");
            return Ok(());
        }

        if self.home.ephemeral {
            self.signal_and_wait(Signal::QUIT, IMMEDIATE_BOUND).await?;
            if let Some(watchdog) = self.watchdog.take() {
                watchdog.dismiss().await;
            }
            return self.home.remove();
        }
        match self.signal_and_wait(Signal::INT, FAST_BOUND).await {
            Ok(()) => Ok(()),
            Err(_) => self.signal_and_wait(Signal::QUIT, IMMEDIATE_BOUND).await,
        }
    }

    async fn signal_and_wait(&mut self, signal: Signal, bound: Duration) -> Result<(), Error> {
        if self.child.is_some() || self.adopted_lives() {
            postmaster::signal(self.pid, signal);
        }
        let gone = async {
            match self.child.as_mut() {
                Some(child) => drop(child.wait().await),
                None => {
                    while self.adopted_lives() {
                        sleep(POLL).await;
                    }
                }
            }
        };
        timeout(bound, gone).await.map_err(|_| Error::DoesNotStop { pid: number(self.pid) })
    }

    fn adopted_lives(&self) -> bool {
        // The pid file goes a moment before the process; in a folder that was moved it alone tells.
        let cluster = self.home.cluster();
        postmaster::is_postmaster(self.pid, &cluster)
            || postmaster::running(&cluster) == Some(self.pid)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // An ephemeral one is taken away by its watchdog, which notices on its own.
        let Some(users) = self.users.take().filter(|_| !self.home.ephemeral) else { return };
        let Ok(Some(_stopping)) = StartLock::try_take(&self.home) else { return };
        if users.was_last().is_ok_and(|last| last) && self.adopted_lives() {
            postmaster::signal(self.pid, Signal::INT);
        }
    }
}

/// The cluster is in use by a process that we did not see, or that is about to end.
fn contended(log: &str) -> bool {
    log.contains("is still in use") || log.contains("\"postmaster.pid\" already exists")
}

fn number(pid: Pid) -> i32 {
    pid.as_raw_nonzero().get()
}

fn percent_encode(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}
