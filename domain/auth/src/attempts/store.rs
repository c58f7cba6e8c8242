//! The table `auth.attempt`.

use kernel::Timestamp;
use sqlx::PgPool;

use crate::AuthError;

/// Counts one more within the window, or begins one that ends at `until`. Of several at once, each gets a
/// number of its own.
pub(super) async fn count(
    db: &PgPool,
    attempt_hash: &[u8],
    now: Timestamp,
    until: Timestamp,
) -> Result<(i32, Timestamp), AuthError> {
    let row = sqlx::query!(
        "insert into auth.attempt (attempt_hash, counted, expires_at)
         values ($1, 1, $3)
         on conflict (attempt_hash) do update
         set counted = case when attempt.expires_at > $2 then attempt.counted + 1 else 1 end,
             expires_at = case when attempt.expires_at > $2 then attempt.expires_at else $3 end
         returning counted, expires_at",
        attempt_hash,
        now,
        until,
    )
    .fetch_one(db)
    .await?;
    Ok((row.counted, row.expires_at))
}

pub(super) async fn purge(db: &PgPool, now: Timestamp) -> Result<u64, AuthError> {
    let purged =
        sqlx::query!("delete from auth.attempt where expires_at <= $1", now).execute(db).await?;
    Ok(purged.rows_affected())
}
