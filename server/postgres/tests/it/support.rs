use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use oo_postgres::{Postgres, Settings};
use sqlx::{Connection, PgConnection};

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// A folder that is removed at the end of a test.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("oo-test-{}-{number}", std::process::id()));
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    /// Where the tested Postgres lives.
    pub(crate) fn data(&self) -> PathBuf {
        self.0.join("postgres")
    }

    pub(crate) fn cluster(&self) -> PathBuf {
        self.data().join("cluster")
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) async fn start(&self) -> Postgres {
        Postgres::start(Settings::new(self.data())).await.unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub(crate) async fn connect(url: &str) -> PgConnection {
    PgConnection::connect(url).await.unwrap()
}

/// One text out of the database.
pub(crate) async fn text(url: &str, sql: &'static str) -> String {
    sqlx::query_scalar(sql).fetch_one(&mut connect(url).await).await.unwrap()
}

pub(crate) async fn run(url: &str, sql: &'static str) {
    sqlx::query(sql).execute(&mut connect(url).await).await.unwrap();
}

/// Whether it does anything: one that is ending has let go of its memory, and of its words with it.
pub(crate) fn lives(pid: i32) -> bool {
    fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|words| !words.is_empty())
}

pub(crate) fn kill(pid: u32, signal: &str) {
    std::process::Command::new("kill").args([signal, &pid.to_string()]).status().unwrap();
}
