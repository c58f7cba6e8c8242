//! Folders that one account alone may enter.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::Path;

use crate::Error;
use crate::account::Account;

/// How the names begin that a home may hold; the last two are a file system's and a desktop's own.
const OUR_NAMES: [&str; 7] =
    ["cluster", "postgres.log", "start.lock", "users.lock", ".s.PGSQL", "lost+found", ".DS_Store"];

/// Makes sure that `path` is a real folder which only `account` can enter. In `/tmp` somebody else may have
/// been there first, so that nothing is taken for granted.
pub(crate) fn private_folder(path: &Path, account: Account) -> Result<(), Error> {
    make_private(path)?;
    let found = fs::symlink_metadata(path).map_err(Error::folder("look at", path))?;
    if !found.is_dir() || (found.uid() == our_uid() && holds_other_things(path)?) {
        return Err(Error::NotACluster { path: path.to_owned() });
    }
    if account.steps_down && found.uid() == 0 {
        account.own_tree(path).map_err(Error::folder("hand over", path))?;
    } else if found.uid() != account.uid {
        let (owner, uid) = (found.uid(), account.uid);
        return Err(Error::NotOurs { path: path.to_owned(), owner, uid });
    }
    if found.mode() & 0o777 != 0o700 {
        let private = fs::Permissions::from_mode(0o700);
        fs::set_permissions(path, private).map_err(Error::folder("close to others", path))?;
    }
    Ok(())
}

/// Makes a folder if there is none.
pub(crate) fn make_private(path: &Path) -> Result<(), Error> {
    match DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            Err(Error::folder("make the folder", path)(error))
        }
        _ => Ok(()),
    }
}

/// Before a folder is handed over or closed to others: a mistyped path must not cost somebody `/etc`.
fn holds_other_things(path: &Path) -> Result<bool, Error> {
    let entries = fs::read_dir(path).map_err(Error::folder("read", path))?;
    Ok(entries.flatten().any(|entry| {
        let name = entry.file_name();
        !OUR_NAMES.iter().any(|ours| name.as_bytes().starts_with(ours.as_bytes()))
    }))
}

fn our_uid() -> u32 {
    rustix::process::geteuid().as_raw()
}
