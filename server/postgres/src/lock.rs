//! Two locks on files in the home. The kernel lets go of them when a process dies, however it dies.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::time::Duration;

use rustix::fs::OFlags;
use tokio::time::{Instant, sleep};

use crate::Error;
use crate::home::Home;

/// Longer than the longest start.
const PATIENCE: Duration = Duration::from_mins(6);

const POLL: Duration = Duration::from_millis(20);

/// Held while the cluster is started or stopped: one at a time. Dropping it lets go.
#[derive(Debug)]
pub(crate) struct StartLock {
    _file: File,
}

impl StartLock {
    pub(crate) async fn take(home: &Home) -> Result<Self, Error> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(lock) = Self::try_take(home)? {
                return Ok(lock);
            }
            if Instant::now() > deadline {
                return Err(Error::Locked { path: home.path.clone() });
            }
            sleep(POLL).await;
        }
    }

    pub(crate) fn try_take(home: &Home) -> Result<Option<Self>, Error> {
        let (path, file) = open(home, "start.lock")?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(Error::folder("lock", &path)(error)),
        }
    }
}

/// Shared by everybody who uses the cluster, for as long as they do.
#[derive(Debug)]
pub(crate) struct UserLock {
    path: PathBuf,
    file: File,
}

impl UserLock {
    /// Only with the start lock in hand, as nobody asks whether they are the last one without it.
    pub(crate) fn take(home: &Home) -> Result<Self, Error> {
        let (path, file) = open(home, "users.lock")?;
        file.lock_shared().map_err(Error::folder("lock", &path))?;
        Ok(Self { path, file })
    }

    /// Stops being a user, and tells whether there is no other. Only with the start lock in hand.
    pub(crate) fn was_last(&self) -> Result<bool, Error> {
        // Said aloud and not left to the file's closing: a child that is just being made may hold a copy.
        self.file.unlock().map_err(Error::folder("unlock", &self.path))?;
        match self.file.try_lock() {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) => Err(Error::folder("lock", &self.path)(error)),
        }
    }
}

fn open(home: &Home, name: &str) -> Result<(PathBuf, File), Error> {
    let path = home.path.join(name);
    let file = OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .custom_flags(no_follow())
        .open(&path)
        .and_then(|file| home.account.own_file(&file).map(|()| file))
        .map_err(Error::folder("open", &path))?;
    Ok((path, file))
}

/// Root writes into a folder that belongs to somebody else, and must not be led elsewhere by a link.
pub(crate) fn no_follow() -> i32 {
    OFlags::NOFOLLOW.bits().cast_signed()
}
