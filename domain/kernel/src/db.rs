//! The database handle: a pool, its limits, and the migrations.

use std::{str::FromStr, time::Duration};

use sqlx::{
    PgPool,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
};

/// A transaction that a module takes from its caller when both must commit together.
pub type Tx<'a> = sqlx::Transaction<'a, sqlx::Postgres>;

/// Every module's tables, in order.
pub static MIGRATOR: Migrator = sqlx::migrate!("../../migrations");

/// Connects and keeps at most `max_connections`.
///
/// # Errors
/// When the URL cannot be read, or the database does not answer within five seconds.
pub async fn connect(url: &str, max_connections: u32) -> Result<PgPool, sqlx::Error> {
    let options = PgConnectOptions::from_str(url)?.application_name("oo");
    PgPoolOptions::new()
        .max_connections(max_connections)
        .acquire_timeout(Duration::from_secs(5))
        // A ping before each use doubles the round trips of a page; a dead connection answers with an
        // error that the next request does not see.
        .test_before_acquire(false)
        .connect_with(options)
        .await
}

/// Begins a transaction, also when the request that wants it ends meanwhile: `sqlx` rolls back only what it
/// knows has begun, and would give the connection back inside of a transaction, to swallow what is written
/// next.
///
/// # Errors
/// When the database does not answer.
#[expect(clippy::disallowed_methods, reason = "this is what the others are to call")]
pub async fn begin(db: &PgPool) -> Result<Tx<'static>, sqlx::Error> {
    let db = db.clone();
    let begun = tokio::spawn(async move { db.begin().await });
    begun.await.unwrap_or(Err(sqlx::Error::WorkerCrashed))
}

/// Asks the database whether it is there.
///
/// # Errors
/// When it is not.
pub async fn ping(db: &PgPool) -> Result<(), sqlx::Error> {
    sqlx::query("select 1").execute(db).await.map(drop)
}
