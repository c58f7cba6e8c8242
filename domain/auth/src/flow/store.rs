//! The table `auth.flow`.

use kernel::{Timestamp, UserId};
use secrecy::ExposeSecret;
use sqlx::PgPool;

use super::Flow;
use crate::AuthError;

pub(super) async fn insert(
    db: &PgPool,
    state_hash: &[u8],
    browser_hash: &[u8],
    flow: &Flow,
    expires_at: Timestamp,
) -> Result<(), AuthError> {
    sqlx::query!(
        "insert into auth.flow (state_hash, browser_hash, purpose, user_id,
                                nonce, pkce_verifier, return_path, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        state_hash,
        browser_hash,
        flow.purpose,
        flow.user.map(UserId::uuid),
        flow.nonce.expose_secret(),
        flow.pkce_verifier.expose_secret(),
        flow.return_path.as_str(),
        expires_at,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Takes the flow out; of two that come at once, one gets it.
pub(super) async fn take(
    db: &PgPool,
    state_hash: &[u8],
    browser_hash: &[u8],
    purposes: &[&str],
    now: Timestamp,
) -> Result<Option<Flow>, AuthError> {
    let row = sqlx::query!(
        "delete from auth.flow
         where state_hash = $1
           and browser_hash = $2
           and purpose = any($3)
         returning purpose, user_id, nonce, pkce_verifier, return_path, expires_at",
        state_hash,
        browser_hash,
        purposes as &[&str],
    )
    .fetch_optional(db)
    .await?;

    Ok(row.filter(|row| row.expires_at > now).map(|row| Flow {
        purpose: row.purpose,
        user: row.user_id.map(UserId),
        nonce: row.nonce.into(),
        pkce_verifier: row.pkce_verifier.into(),
        return_path: row.return_path.parse().unwrap_or_default(),
    }))
}

pub(super) async fn purge(db: &PgPool, now: Timestamp) -> Result<u64, AuthError> {
    let purged =
        sqlx::query!("delete from auth.flow where expires_at <= $1", now).execute(db).await?;
    Ok(purged.rows_affected())
}
