//! What Postgres has to say: one file, appended to, kept small.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use crate::Error;
use crate::home::Home;
use crate::lock::no_follow;

/// Beyond this size a start begins a new file and keeps one old one. Between starts little is written:
/// see [`crate::options`].
const SIZE_LIMIT: u64 = 1024 * 1024;

/// How much of the end is shown with an error.
const TAIL: u64 = 3000;

/// An open log, and where this start began in it.
#[derive(Debug)]
pub(crate) struct Log {
    pub(crate) path: PathBuf,
    pub(crate) file: File,
    begin: u64,
}

impl Log {
    pub(crate) fn open(home: &Home) -> Result<Self, Error> {
        let path = path(home);
        if fs::symlink_metadata(&path).is_ok_and(|found| found.len() > SIZE_LIMIT) {
            fs::rename(&path, home.path.join("postgres.log.1"))
                .map_err(Error::folder("rename", &path))?;
        }

        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .mode(0o600)
            .custom_flags(no_follow())
            .open(&path)
            .and_then(|file| home.account.own_file(&file).map(|()| file))
            .map_err(Error::folder("open", &path))?;
        let begin = file.metadata().map_err(Error::folder("look at", &path))?.len();
        Ok(Self { path, file, begin })
    }

    /// The end of what was written since this log was opened.
    pub(crate) fn tail(&self) -> String {
        tail(&self.path, self.begin).unwrap_or_else(|error| format!("(not readable: {error})"))
    }
}

/// The log of a server that somebody else has started.
pub(crate) fn tail_of(home: &Home) -> String {
    tail(&path(home), 0).unwrap_or_else(|error| format!("(not readable: {error})"))
}

pub(crate) fn path(home: &Home) -> PathBuf {
    home.path.join("postgres.log")
}

fn tail(path: &PathBuf, begin: u64) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    let end = file.metadata()?.len();
    file.seek(SeekFrom::Start(begin.max(end.saturating_sub(TAIL))))?;

    let mut bytes = Vec::new();
    file.take(TAIL).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).trim().to_owned())
}
