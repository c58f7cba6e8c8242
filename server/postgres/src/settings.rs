use std::path::PathBuf;

/// Where a Postgres lives and how it behaves.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The folder that holds everything (see the crate's documentation), for example `.data/postgres`.
    /// For an ephemeral one: the folder in which a temporary folder is made.
    pub data: PathBuf,

    /// For tests: nothing is written safely, everything is removed by [`crate::Postgres::stop`], and 300
    /// connections are allowed. Also removed when this process is killed.
    pub ephemeral: bool,

    /// The folder with `initdb` and `postgres`. Without it: the usual places.
    pub binaries: Option<PathBuf>,
}

impl Settings {
    /// A Postgres that keeps its data in `data`.
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self { data: data.into(), ephemeral: false, binaries: None }
    }

    /// A Postgres for the length of a test.
    pub fn ephemeral() -> Self {
        Self { data: std::env::temp_dir(), ephemeral: true, binaries: None }
    }
}
