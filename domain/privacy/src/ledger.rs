//! Who was erased, without saying who: kept in the database, and in a file that a backup of it does not hold.
//!
//! A database that is restored is as it was before an erasure, and does not know of it. The file does. It has a line
//! for each erasure: the SHA-256 hash of the person's id, in hexadecimal digits, and the time.

use std::{collections::HashSet, fmt::Write as _, io, os::unix::fs::OpenOptionsExt, path::PathBuf};

use chrono::SecondsFormat;
use kernel::{Timestamp, UserId, db};
use sha2::{Digest, Sha256};
use sqlx::PgPool;
use tokio::{
    fs::{self, File, OpenOptions},
    io::AsyncWriteExt,
};

use crate::store;

/// Tells this hash of an id from any other one.
const PURPOSE: &[u8] = b"oO erasure\0";

/// Somebody was erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// See [`Erasure::hash`].
    pub person_hash: [u8; 32],
    /// When.
    pub erased_at: Timestamp,
}

/// The file of the ledger.
#[derive(Clone, Debug)]
pub struct Ledger {
    path: PathBuf,
}

impl Erasure {
    /// What the ledger knows a person by. An id has 74 random bits, so that nobody finds it by trying.
    pub fn hash(user: UserId) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(PURPOSE);
        hash.update(user.uuid().as_bytes());
        hash.finalize().into()
    }

    fn line(&self) -> String {
        let mut line = String::with_capacity(90);
        for byte in self.person_hash {
            // Writing into a string cannot fail.
            let _ = write!(line, "{byte:02x}");
        }
        line + " " + &self.erased_at.to_rfc3339_opts(SecondsFormat::Secs, true) + "\n"
    }

    fn parse(line: &str) -> Option<Self> {
        let (hash, at) = line.split_once(' ')?;
        if hash.len() != 64 || !hash.is_ascii() {
            return None;
        }
        let mut person_hash = [0; 32];
        for (byte, digits) in person_hash.iter_mut().zip(hash.as_bytes().chunks(2)) {
            *byte = u8::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()?;
        }
        Some(Self { person_hash, erased_at: at.trim_end().parse().ok()? })
    }
}

impl Ledger {
    /// In this file, which is made when it is missing.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Brings the file and the database up to date with each other, and tells whom either of them knows. A file that
    /// cannot be read or written is a warning.
    pub(crate) async fn merged(&self, pool: &PgPool) -> Result<HashSet<[u8; 32]>, sqlx::Error> {
        let in_database = store::erasures(pool).await?;
        let in_file = match self.read().await {
            Ok(erasures) => erasures,
            Err(error) => {
                self.warn(&error);
                Vec::new()
            }
        };
        let hashes = |of: &[Erasure]| of.iter().map(|it| it.person_hash).collect::<HashSet<_>>();
        let (stored, written) = (hashes(&in_database), hashes(&in_file));

        let mut tx = db::begin(pool).await?;
        for erasure in in_file.iter().filter(|it| !stored.contains(&it.person_hash)) {
            store::note(&mut tx, erasure).await?;
        }
        tx.commit().await?;
        let missing: Vec<Erasure> =
            in_database.into_iter().filter(|it| !written.contains(&it.person_hash)).collect();
        // Also when there is nothing to append: an operator is to know that it could not be.
        self.append(&missing).await;
        Ok(&stored | &written)
    }

    /// Appends to the file, and waits until it is on the disk.
    pub(crate) async fn append(&self, erasures: &[Erasure]) {
        if let Err(error) = self.try_append(erasures).await {
            self.warn(&error);
        }
    }

    async fn try_append(&self, erasures: &[Erasure]) -> io::Result<()> {
        let lines: String = erasures.iter().map(Erasure::line).collect();
        let mut file = self.open().await?;
        file.write_all(lines.as_bytes()).await?;
        file.sync_all().await
    }

    /// What can be read: a line that was cut off by a crash tells nobody.
    async fn read(&self) -> io::Result<Vec<Erasure>> {
        let text = match fs::read_to_string(&self.path).await {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut erasures = Vec::new();
        for line in text.lines().filter(|line| !line.is_empty()) {
            match Erasure::parse(line) {
                Some(erasure) => erasures.push(erasure),
                None => {
                    tracing::warn!(path = %self.path.display(), "a line of the ledger is damaged");
                }
            }
        }
        if !text.is_empty() && !text.ends_with('\n') {
            self.open().await?.write_all(b"\n").await?;
        }
        Ok(erasures)
    }

    async fn open(&self) -> io::Result<File> {
        let mut options = std::fs::OpenOptions::new();
        options.append(true).create(true).mode(0o600);
        match OpenOptions::from(options.clone()).open(&self.path).await {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            opened => return opened,
        }
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder).await?;
        }
        OpenOptions::from(options).open(&self.path).await
    }

    fn warn(&self, error: &io::Error) {
        tracing::warn!(
            path = %self.path.display(), %error,
            "the ledger of erasures is kept in the database alone: a backup that is restored brings back who was erased"
        );
    }
}
