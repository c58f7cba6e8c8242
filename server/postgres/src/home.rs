//! The folder that everything lives in: made, owned, reachable, and with a socket path that fits.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use crate::account::Account;
use crate::private::{make_private, private_folder};
use crate::{Error, Settings};

/// The longest path of a socket that both Linux (107) and macOS (103) take.
const SOCKET_PATH_LIMIT: usize = 103;

/// Postgres names its socket after the port, which has no other meaning here.
const SOCKET_NAME: &str = ".s.PGSQL.5432";

/// See the drawing in the crate's documentation.
#[derive(Clone, Debug)]
pub(crate) struct Home {
    pub(crate) path: PathBuf,
    pub(crate) account: Account,
    /// The folder of the socket: the home itself, or a short one under `/tmp`.
    pub(crate) socket_folder: PathBuf,
    pub(crate) ephemeral: bool,
}

impl Home {
    pub(crate) async fn prepare(settings: &Settings) -> Result<Self, Error> {
        let (path, account) = if settings.ephemeral {
            temporary(&settings.data).await?
        } else {
            lasting(&settings.data).await?
        };

        let socket_folder = if fits_socket(&path) {
            path.clone()
        } else {
            let short = Path::new("/tmp").join(stable_name(&path));
            private_folder(&short, account)?;
            short
        };
        Ok(Self { path, account, socket_folder, ephemeral: settings.ephemeral })
    }

    /// Postgres's data folder.
    pub(crate) fn cluster(&self) -> PathBuf {
        self.path.join("cluster")
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.socket_folder.join(SOCKET_NAME)
    }

    /// Removes a folder that was only ever meant to be temporary.
    pub(crate) fn remove(&self) -> Result<(), Error> {
        if self.socket_folder != self.path {
            // Whatever stays of it is empty, and a later start finds it in place.
            let _ = fs::remove_dir_all(&self.socket_folder);
        }
        fs::remove_dir_all(&self.path).map_err(Error::folder("remove", &self.path))
    }
}

/// The folder that was asked for, or a stable one elsewhere when root's stand-in cannot reach it, as in a
/// clone under `/root`.
async fn lasting(data: &Path) -> Result<(PathBuf, Account), Error> {
    // Its parents are open as usual, so that root's stand-in can pass through them.
    let parent = data.parent().filter(|parent| !parent.as_os_str().is_empty());
    if let Some(parent) = parent {
        fs::create_dir_all(parent).map_err(Error::folder("make the folder", parent))?;
    }
    make_private(data)?;
    let path = fs::canonicalize(data).map_err(Error::folder("find", data))?;
    let account = Account::for_folder(&path)?;

    let elsewhere = elsewhere(&path);
    let moved_before = elsewhere.join("cluster").exists() && !path.join("cluster").exists();
    if account.steps_down && (moved_before || !reachable(&path, account).await) {
        let account = Account::for_new_folder()?;
        private_folder(&elsewhere, account)?;
        tracing::info!(
            "{} cannot be reached by user id {}, which PostgreSQL runs as: its data is in {}",
            path.display(),
            account.uid,
            elsewhere.display()
        );
        return Ok((elsewhere, account));
    }

    private_folder(&path, account)?;
    Ok((path, account))
}

/// The way to a folder is what counts: the folder itself is handed over afterwards.
async fn reachable(path: &Path, account: Account) -> bool {
    match path.parent() {
        Some(parent) => account.can_enter(parent).await,
        None => true,
    }
}

/// A new folder in `parent`, or in `/tmp` where that cannot be reached.
async fn temporary(parent: &Path) -> Result<(PathBuf, Account), Error> {
    let account = Account::for_new_folder()?;
    let reachable = !account.steps_down || account.can_enter(parent).await;
    let parent = if reachable { parent } else { Path::new("/tmp") };
    let parent = fs::canonicalize(parent).map_err(Error::folder("find", parent))?;

    let mut number = 0_u32;
    loop {
        let path = parent.join(format!("oo-postgres-{}-{number}", std::process::id()));
        match DirBuilder::new().mode(0o700).create(&path) {
            Ok(()) => {
                account.own_tree(&path).map_err(Error::folder("hand over", &path))?;
                return Ok((path, account));
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
            Err(error) => return Err(Error::folder("make the folder", &path)(error)),
        }
    }
}

/// Not too long, and text: a URL carries it.
fn fits_socket(folder: &Path) -> bool {
    folder.to_str().is_some() && folder.join(SOCKET_NAME).as_os_str().len() <= SOCKET_PATH_LIMIT
}

/// Where data lives that cannot live where it was asked for. The same answer at every start.
fn elsewhere(path: &Path) -> PathBuf {
    let parent = if Path::new("/var/lib").is_dir() { "/var/lib" } else { "/var/tmp" };
    Path::new(parent).join(stable_name(path))
}

/// `oo-` and the FNV-1a hash of the path: short, and the same with every compiler and at every start.
fn stable_name(path: &Path) -> String {
    let hash = path.as_os_str().as_bytes().iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("oo-{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_path_never_changes() {
        assert_eq!(stable_name(Path::new("/a")), "oo-07d66707b49cd92d");
        assert_ne!(stable_name(Path::new("/a")), stable_name(Path::new("/b")));
    }

    #[test]
    fn a_socket_path_has_a_limit() {
        assert!(fits_socket(Path::new(&format!("/{}", "d".repeat(88)))));
        assert!(!fits_socket(Path::new(&format!("/{}", "d".repeat(89)))));
    }
}
