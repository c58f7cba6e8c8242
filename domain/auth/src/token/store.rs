//! The table `auth.api_token`.

use kernel::{Timestamp, UserId, db::Tx};
use sqlx::{PgExecutor, PgPool};
use uuid::Uuid;

use super::{Bearer, Scopes, Token};
use crate::AuthError;

/// A token that holds.
pub(super) struct Found {
    pub(super) id: Uuid,
    pub(super) bearer: Bearer,
    pub(super) last_used_at: Option<Timestamp>,
}

/// Lets one at a time make tokens for `user`.
pub(super) async fn lock(tx: &mut Tx<'_>, user: UserId) -> Result<(), AuthError> {
    sqlx::query!(
        "select user_id
         from auth.user
         where user_id = $1
         for no key update",
        user.uuid(),
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn insert(
    tx: &mut Tx<'_>,
    user: UserId,
    token_hash: &[u8],
    token: &Token,
) -> Result<(), AuthError> {
    let scopes: Vec<_> = token.scopes.iter().map(|scope| scope.as_str().to_owned()).collect();
    sqlx::query!(
        "insert into auth.api_token (user_id, token_id, token_hash, name, scopes,
                                     created_at, last_used_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        user.uuid(),
        token.id,
        token_hash,
        token.name,
        &scopes,
        token.created_at,
        token.last_used_at,
        token.expires_at,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn list(
    db: impl PgExecutor<'_>,
    user: UserId,
    now: Timestamp,
) -> Result<Vec<Token>, AuthError> {
    let rows = sqlx::query!(
        "select token_id, name, scopes, created_at, last_used_at, expires_at
         from auth.api_token
         where user_id = $1
           and expires_at > $2
         order by created_at desc, token_id desc",
        user.uuid(),
        now,
    )
    .fetch_all(db)
    .await?;
    let tokens = rows.into_iter().map(|row| Token {
        id: row.token_id,
        name: row.name,
        scopes: Scopes::known(&row.scopes),
        created_at: row.created_at,
        last_used_at: row.last_used_at,
        expires_at: row.expires_at,
    });
    Ok(tokens.collect())
}

pub(super) async fn find(
    db: &PgPool,
    token_hash: &[u8],
    now: Timestamp,
) -> Result<Option<Found>, AuthError> {
    let row = sqlx::query!(
        "select user_id, token_id, scopes, last_used_at
         from auth.api_token
         where token_hash = $1
           and expires_at > $2",
        token_hash,
        now,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Found {
        id: row.token_id,
        bearer: Bearer { user: UserId(row.user_id), scopes: Scopes::known(&row.scopes) },
        last_used_at: row.last_used_at,
    }))
}

/// Of many requests that find the last use stale, one writes.
pub(super) async fn touch(
    db: &PgPool,
    user: UserId,
    id: Uuid,
    now: Timestamp,
    stale: Timestamp,
) -> Result<(), AuthError> {
    sqlx::query!(
        "update auth.api_token
         set last_used_at = $3
         where user_id = $1
           and token_id = $2
           and coalesce(last_used_at <= $4, true)",
        user.uuid(),
        id,
        now,
        stale,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn delete(db: &PgPool, user: UserId, id: Uuid) -> Result<bool, AuthError> {
    let deleted = sqlx::query!(
        "delete from auth.api_token
         where user_id = $1
           and token_id = $2",
        user.uuid(),
        id,
    )
    .execute(db)
    .await?;
    Ok(deleted.rows_affected() == 1)
}

pub(super) async fn purge(db: &PgPool, now: Timestamp) -> Result<u64, AuthError> {
    let purged =
        sqlx::query!("delete from auth.api_token where expires_at <= $1", now).execute(db).await?;
    Ok(purged.rows_affected())
}
