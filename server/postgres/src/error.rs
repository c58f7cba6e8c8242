use std::io;
use std::path::{Path, PathBuf};

/// Why there is no Postgres. Each message stands on its own: it can be shown to the person who typed the
/// command.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No folder with `initdb` and `postgres` in it.
    #[error(
        "PostgreSQL was not found (looked for initdb and postgres in {searched}).\n\
         Install it:\n  \
           Debian, Ubuntu: sudo apt-get install postgresql\n  \
           Fedora:         sudo dnf install postgresql-server\n  \
           macOS:          brew install postgresql@17\n\
         or name its bin folder in OO_POSTGRES_BIN, or use a database of your own with DATABASE_URL."
    )]
    NoBinaries {
        /// The folders that were looked at.
        searched: String,
    },

    /// The binaries are there and do not run.
    #[error(
        "the PostgreSQL in {path} cannot be run by user id {uid}: {reason}.\n\
         PostgreSQL refuses to run as root, so its files must be readable by an unprivileged user: install \
         it in a system folder, or name another bin folder in OO_POSTGRES_BIN."
    )]
    BrokenBinaries {
        /// The bin folder.
        path: PathBuf,
        /// The account that tried.
        uid: u32,
        /// What went wrong.
        reason: String,
    },

    /// The cluster was made by another major version.
    #[error(
        "the data in {path} was made by PostgreSQL {data}, and the PostgreSQL in {bin} is version \
         {binaries}.\nEither install PostgreSQL {data} beside it (or name its bin folder in \
         OO_POSTGRES_BIN), or change over to version {binaries}: dump with version {data} (pg_dumpall), move \
         the folder away, start again and restore. Without anything to keep, just remove the folder."
    )]
    WrongVersion {
        /// The cluster.
        path: PathBuf,
        /// The major version that made it.
        data: String,
        /// The bin folder that was found.
        bin: PathBuf,
        /// Its major version.
        binaries: String,
    },

    /// The folder holds something else.
    #[error(
        "{path} is neither empty nor a PostgreSQL data folder: move it away, or choose another folder"
    )]
    NotACluster {
        /// The folder.
        path: PathBuf,
    },

    /// The folder belongs to somebody else.
    #[error(
        "{path} belongs to user id {owner}, and this process runs as user id {uid}: run it as the same user \
         as before, or give the folder away with `sudo chown -R {uid} {path}`"
    )]
    NotOurs {
        /// The folder.
        path: PathBuf,
        /// Whose it is.
        owner: u32,
        /// Who asks.
        uid: u32,
    },

    /// Root without an account to step down to.
    #[error(
        "PostgreSQL refuses to run as root, and there is neither a user `postgres` nor a user `nobody` to \
         run it as: start oO as another user, or use DATABASE_URL"
    )]
    NoAccount,

    /// The file system said no.
    #[error("could not {doing} {path}: {source}")]
    Folder {
        /// What was tried.
        doing: &'static str,
        /// On which path.
        path: PathBuf,
        /// What the system answered.
        source: io::Error,
    },

    /// The cluster could not be made.
    #[error("initdb could not make a database in {path}:\n{log}")]
    Initdb {
        /// Where.
        path: PathBuf,
        /// The end of what it printed.
        log: String,
    },

    /// Postgres ended before it was ready.
    #[error("PostgreSQL ended while starting ({status}). The end of {path}:\n{log}")]
    Exited {
        /// Its exit status.
        status: String,
        /// The log file.
        path: PathBuf,
        /// The end of what it wrote since this start.
        log: String,
    },

    /// Postgres runs and does not answer.
    #[error("PostgreSQL (process {pid}) did not answer in time. The end of {path}:\n{log}")]
    Silent {
        /// Its process id.
        pid: i32,
        /// The log file.
        path: PathBuf,
        /// The end of what it wrote.
        log: String,
    },

    /// Another start or stop of the same folder takes too long.
    #[error("another process has been starting or stopping the PostgreSQL in {path} for too long")]
    Locked {
        /// The folder.
        path: PathBuf,
    },

    /// Postgres runs and refuses what was asked.
    #[error("PostgreSQL refused to {doing}: {reason}")]
    Refused {
        /// What was asked.
        doing: String,
        /// What it answered.
        reason: String,
    },

    /// Postgres ignored being told to stop.
    #[error("PostgreSQL (process {pid}) does not stop")]
    DoesNotStop {
        /// Its process id.
        pid: i32,
    },
}

impl Error {
    /// For `map_err`: what was tried, and on which path.
    pub(crate) fn folder(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Folder { doing, path: path.to_owned(), source }
    }
}
