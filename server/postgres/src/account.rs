//! Who runs Postgres. It refuses to run as root, so that root steps down to somebody else.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{MetadataExt, fchown, lchown};
use std::path::Path;
use std::process::Stdio;

use tokio::process::Command;

use crate::Error;

/// What a child needs of our environment: where programs and their libraries are. The rest (tokens, keys,
/// other people's `PG*` variables) is none of its business.
const KEPT_VARIABLES: [&str; 3] = ["PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"];

/// The user and group that Postgres runs as, and that own its files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) uid: u32,
    pub(crate) gid: u32,
    /// We are root and have to step down.
    pub(crate) steps_down: bool,
}

impl Account {
    /// The account for a folder: ourselves, or when root, the owner of the folder if there is one already,
    /// so that a folder made by a person keeps working under `sudo` and afterwards.
    pub(crate) fn for_folder(folder: &Path) -> Result<Self, Error> {
        match fs::metadata(folder) {
            Ok(found) if we_are_root() && found.uid() != 0 => {
                Ok(Self { uid: found.uid(), gid: found.gid(), steps_down: true })
            }
            _ => Self::for_new_folder(),
        }
    }

    /// Ourselves, or when root, `postgres` where there is one, else `nobody`.
    pub(crate) fn for_new_folder() -> Result<Self, Error> {
        if !we_are_root() {
            let uid = rustix::process::geteuid().as_raw();
            let gid = rustix::process::getegid().as_raw();
            return Ok(Self { uid, gid, steps_down: false });
        }

        let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
        ["postgres", "nobody"]
            .iter()
            .find_map(|name| find_user(&users, name))
            .map(|(uid, gid)| Self { uid, gid, steps_down: true })
            .ok_or(Error::NoAccount)
    }

    /// A command that runs as this account, in `folder`, in a clean environment and in English, because
    /// some of its answers are read by us.
    pub(crate) fn command(self, program: &Path, folder: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(folder).stdin(Stdio::null()).env_clear().env("LC_ALL", "C");

        for name in KEPT_VARIABLES {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }

        if self.steps_down {
            // The standard library drops root's supplementary groups together with its id.
            command.uid(self.uid).gid(self.gid);
        }
        command
    }

    /// Whether this account can enter `folder`. Asked by entering it: access lists and mounts have a say
    /// beside the permission bits.
    pub(crate) async fn can_enter(self, folder: &Path) -> bool {
        let mut shell = self.command(Path::new("/bin/sh"), folder);
        matches!(shell.args(["-c", ":"]).status().await, Ok(status) if status.success())
    }

    /// Hands an open file over to this account.
    pub(crate) fn own_file(self, file: &File) -> io::Result<()> {
        if self.steps_down { fchown(file, Some(self.uid), Some(self.gid)) } else { Ok(()) }
    }

    /// Hands a folder and everything in it over to this account.
    pub(crate) fn own_tree(self, path: &Path) -> io::Result<()> {
        if !self.steps_down {
            return Ok(());
        }
        lchown(path, Some(self.uid), Some(self.gid))?;
        if fs::symlink_metadata(path)?.is_dir() {
            for entry in fs::read_dir(path)? {
                self.own_tree(&entry?.path())?;
            }
        }
        Ok(())
    }
}

fn we_are_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// The user and group id of `name` in the text of `/etc/passwd`.
fn find_user(users: &str, name: &str) -> Option<(u32, u32)> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        if fields.next()? != name {
            return None;
        }
        let uid = fields.nth(1)?.parse().ok()?;
        let gid = fields.next()?.parse().ok()?;
        Some((uid, gid)).filter(|(uid, _)| *uid != 0)
    })
}

#[cfg(test)]
mod tests {
    use super::find_user;

    #[test]
    fn users_are_found_by_their_whole_name() {
        let users = "root:x:0:0::/root:/bin/sh\npostgres2:x:7:7::/:/bin/sh\npostgres:x:101:104::/:/bin/sh\n";

        assert_eq!(find_user(users, "postgres"), Some((101, 104)));
        assert_eq!(find_user(users, "nobody"), None);
        assert_eq!(find_user(users, "root"), None, "stepping down to root is no stepping down");
    }
}
