//! For tests of every module: with the feature `testing`.

use std::time::{Duration, Instant};

use sqlx::PgPool;

/// How often it is asked.
const PAUSE: Duration = Duration::from_millis(10);

/// Waits until somebody waits for a lock in this database; false when nobody does within `patience`.
///
/// # Errors
/// When the database fails.
pub async fn somebody_waits(db: &PgPool, patience: Duration) -> Result<bool, sqlx::Error> {
    let begun = Instant::now();
    while begun.elapsed() < patience {
        let waiting: i64 = sqlx::query_scalar(
            "select count(*)
             from pg_stat_activity
             where datname = current_database()
               and wait_event_type = 'Lock'",
        )
        .fetch_one(db)
        .await?;
        if waiting > 0 {
            return Ok(true);
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(false)
}
