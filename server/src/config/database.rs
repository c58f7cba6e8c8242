//! The database, and the folder for what oO keeps on this machine.

use std::{path::PathBuf, str::FromStr};

use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::PgConnectOptions;

use super::reader::Reader;

/// The database.
#[derive(Clone, Debug)]
pub struct Database {
    /// Its URL; `None`: an embedded Postgres in `data_dir`.
    pub url: Option<SecretString>,
    /// The folder for what oO keeps on this machine.
    pub data_dir: PathBuf,
    /// The folder with the programs of the embedded Postgres; `None`: the usual places.
    pub postgres_bin: Option<PathBuf>,
    /// The most connections that are opened.
    pub connections: u32,
}

impl Database {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let url = reader.secret("DATABASE_URL");
        if url.as_ref().is_some_and(|url| !is_postgres(url.expose_secret())) {
            let what = "it is not a URL such as postgres://oo:secret@localhost/oo";
            reader.mistake("DATABASE_URL", what);
        }
        Self {
            url,
            data_dir: reader.path("OO_DATA_DIR").unwrap_or_else(|| ".data".into()),
            postgres_bin: reader.path("OO_POSTGRES_BIN"),
            // One listens for jobs all the time. More than the database has cores to use wait inside of it,
            // and slow each other down: 8 were faster than 16 on two cores.
            connections: reader.number("OO_DATABASE_CONNECTIONS", 2..=1000, 8),
        }
    }
}

fn is_postgres(url: &str) -> bool {
    (url.starts_with("postgres://") || url.starts_with("postgresql://"))
        && PgConnectOptions::from_str(url).is_ok()
}
