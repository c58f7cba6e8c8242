//! The cluster on disk: made once, whole or not at all.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use crate::binaries::Binaries;
use crate::home::Home;
use crate::{Error, SUPERUSER};

/// Folders in which `initdb` works begin so; one that is found at a start was interrupted.
const UNFINISHED: &str = "cluster.new-";

/// How many characters of `initdb`'s output are shown with an error.
const TAIL: usize = 3000;

/// The major version that made the cluster, if there is one.
pub(crate) fn made_by(home: &Home) -> Result<Option<String>, Error> {
    let path = home.cluster().join("PG_VERSION");
    match fs::read_to_string(&path) {
        Ok(version) => Ok(Some(version.trim().to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::folder("read", &path)(error)),
    }
}

/// Makes the cluster if there is none, and checks that it fits the binaries if there is one.
pub(crate) async fn ensure(home: &Home, binaries: &Binaries) -> Result<(), Error> {
    let path = home.cluster();
    match made_by(home)? {
        Some(data) if data == binaries.major => Ok(()),
        Some(data) => Err(Error::WrongVersion {
            path,
            data,
            bin: binaries.bin.clone(),
            binaries: binaries.major.clone(),
        }),
        None if holds_something(&path) => Err(Error::NotACluster { path }),
        None => make(home, binaries).await,
    }
}

fn holds_something(path: &Path) -> bool {
    match fs::read_dir(path) {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) => error.kind() != io::ErrorKind::NotFound,
    }
}

/// `initdb` works in a folder of another name, so that a cluster which has the right name is complete.
async fn make(home: &Home, binaries: &Binaries) -> Result<(), Error> {
    remove_unfinished(home);

    // A name of our own: an orphaned `initdb` may still be at work in its folder.
    let unfinished = home.path.join(format!("{UNFINISHED}{}", std::process::id()));
    let mut initdb = home.account.command(&binaries.initdb(), &home.path);
    initdb.arg("--pgdata").arg(&unfinished).arg("--username").arg(SUPERUSER).args([
        "--encoding=UTF8",
        // Bytewise order, the same on every machine and in every version.
        "--no-locale",
        // The folder of the socket decides who comes in.
        "--auth-local=trust",
        "--auth-host=reject",
        "--no-instructions",
    ]);
    initdb.arg(if home.ephemeral { "--no-sync" } else { "--data-checksums" });

    let output = initdb
        .kill_on_drop(true)
        .output()
        .await
        .map_err(Error::folder("run", &binaries.initdb()))?;
    if !output.status.success() {
        // Left behind, it would be removed at the next start.
        let _ = fs::remove_dir_all(&unfinished);
        let log = String::from_utf8_lossy(&output.stderr);
        let begin = log.char_indices().rev().nth(TAIL).map_or(0, |(at, _)| at);
        return Err(Error::Initdb { path: home.path.clone(), log: log[begin..].trim().to_owned() });
    }

    let cluster = home.cluster();
    fs::rename(&unfinished, &cluster).map_err(Error::folder("rename", &unfinished))?;
    if !home.ephemeral {
        // The new name must survive a power cut as well.
        File::open(&home.path)
            .and_then(|folder| folder.sync_all())
            .map_err(Error::folder("sync", &home.path))?;
    }
    Ok(())
}

/// What cannot be removed is in nobody's way: every attempt has a name of its own.
fn remove_unfinished(home: &Home) {
    for entry in fs::read_dir(&home.path).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            tracing::info!("an interrupted initdb is cleaned up: {}", entry.path().display());
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
