//! The table `integrations.token`, and the one call into `graphile_worker`'s functions.

use std::collections::HashSet;

use kernel::{Timestamp, UserId, db::Tx};
use sqlx::{PgExecutor, PgPool};
use uuid::Uuid;

use crate::{
    error::InternalError,
    todoist::{Access, PROVIDER},
};

/// A person's sealed tokens.
pub(crate) struct Row {
    pub(crate) access_sealed: Vec<u8>,
    pub(crate) refresh_sealed: Option<Vec<u8>>,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) scope: Access,
    pub(crate) broken: bool,
    pub(crate) connected_at: Timestamp,
}

/// What [`connection`] tells.
pub(crate) struct State {
    pub(crate) scope: Access,
    pub(crate) broken: bool,
    pub(crate) connected_at: Timestamp,
}

pub(crate) async fn connection(
    db: impl PgExecutor<'_>,
    user: UserId,
) -> Result<Option<State>, InternalError> {
    let row = sqlx::query!(
        "select scope, status, connected_at
         from integrations.token
         where user_id = $1
           and provider = $2",
        user.uuid(),
        PROVIDER,
    )
    .fetch_optional(db)
    .await?;
    row.map(|row| {
        let scope = Access::from_scope(&row.scope).ok_or(InternalError::Row)?;
        Ok(State { scope, broken: row.status == "broken", connected_at: row.connected_at })
    })
    .transpose()
}

pub(crate) async fn token(
    db: impl PgExecutor<'_>,
    user: UserId,
) -> Result<Option<Row>, InternalError> {
    let row = sqlx::query!(
        "select access_sealed, refresh_sealed, expires_at, scope, status, connected_at
         from integrations.token
         where user_id = $1
           and provider = $2",
        user.uuid(),
        PROVIDER,
    )
    .fetch_optional(db)
    .await?;
    row.map(|row| {
        Ok(Row {
            access_sealed: row.access_sealed,
            refresh_sealed: row.refresh_sealed,
            expires_at: row.expires_at,
            scope: Access::from_scope(&row.scope).ok_or(InternalError::Row)?,
            broken: row.status == "broken",
            connected_at: row.connected_at,
        })
    })
    .transpose()
}

/// Locks the row against everybody else, on all replicas, until the transaction ends; false when there is
/// none.
pub(crate) async fn lock(tx: &mut Tx<'_>, user: UserId) -> Result<bool, InternalError> {
    let row = sqlx::query!(
        "select user_id
         from integrations.token
         where user_id = $1
           and provider = $2
         for update",
        user.uuid(),
        PROVIDER,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.is_some())
}

/// Puts a new connection in the place of any earlier one.
pub(crate) async fn put(tx: &mut Tx<'_>, user: UserId, row: &Row) -> Result<(), InternalError> {
    sqlx::query!(
        "insert into integrations.token (user_id, provider, access_sealed, refresh_sealed,
                                         expires_at, scope, status, connected_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, 'active', $7, $7)
         on conflict (user_id, provider) do update
         set access_sealed = excluded.access_sealed,
             refresh_sealed = excluded.refresh_sealed,
             expires_at = excluded.expires_at,
             scope = excluded.scope,
             status = excluded.status,
             connected_at = excluded.connected_at,
             updated_at = excluded.updated_at",
        user.uuid(),
        PROVIDER,
        row.access_sealed,
        row.refresh_sealed,
        row.expires_at,
        row.scope.scope(),
        row.connected_at,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Stores refreshed tokens; without a new refresh token the old one stays.
pub(crate) async fn renew(
    tx: &mut Tx<'_>,
    user: UserId,
    access_sealed: &[u8],
    refresh_sealed: Option<&[u8]>,
    expires_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), InternalError> {
    sqlx::query!(
        "update integrations.token
         set access_sealed = $3,
             refresh_sealed = coalesce($4, refresh_sealed),
             expires_at = $5,
             updated_at = $6
         where user_id = $1
           and provider = $2",
        user.uuid(),
        PROVIDER,
        access_sealed,
        refresh_sealed,
        expires_at,
        now,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Marks the connection as one that has to be made again.
pub(crate) async fn mark_broken(
    tx: &mut Tx<'_>,
    user: UserId,
    now: Timestamp,
) -> Result<(), InternalError> {
    sqlx::query!(
        "update integrations.token
         set status = 'broken',
             updated_at = $3
         where user_id = $1
           and provider = $2",
        user.uuid(),
        PROVIDER,
        now,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Deletes the connection, and hands out its sealed access token, so that it can be revoked.
pub(crate) async fn remove(
    db: impl PgExecutor<'_>,
    user: UserId,
) -> Result<Option<Vec<u8>>, InternalError> {
    let row = sqlx::query!(
        "delete from integrations.token
         where user_id = $1
           and provider = $2
         returning access_sealed",
        user.uuid(),
        PROVIDER,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| row.access_sealed))
}

/// The sealed tokens of a person: the access token, and the one that refreshes it. A refresh that is under way is
/// waited for.
pub(crate) async fn take(
    tx: &mut Tx<'_>,
    user: UserId,
) -> Result<Option<(Vec<u8>, Option<Vec<u8>>)>, InternalError> {
    let row = sqlx::query!(
        "delete from integrations.token
         where user_id = $1
           and provider = $2
         returning access_sealed, refresh_sealed",
        user.uuid(),
        PROVIDER,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| (row.access_sealed, row.refresh_sealed)))
}

/// Who of `users` has something connected.
pub(crate) async fn connected(
    db: &PgPool,
    users: &[UserId],
) -> Result<HashSet<Uuid>, InternalError> {
    let users: Vec<Uuid> = users.iter().map(|user| user.uuid()).collect();
    let connected = sqlx::query_scalar!(
        "select user_id
         from integrations.token
         where user_id = any($1)
           and provider = $2",
        &users,
        PROVIDER,
    )
    .fetch_all(db)
    .await?;
    Ok(connected.into_iter().collect())
}

/// What became of a job that was to be removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Removed {
    /// It was waiting for its first run.
    Untouched,
    /// It has run, is running, or has failed at least once: it may have taken effect.
    PerhapsRun,
}

/// Removes the job of this key. A running one is kept from running again.
///
/// Not a checked query: the tables are `graphile_worker`'s own, made by its migrations at start.
pub(crate) async fn remove_job(tx: &mut Tx<'_>, key: &str) -> Result<Removed, InternalError> {
    // A job that is recovered from a worker that died counts its attempt back, but keeps an error.
    let (attempts, marked): (Option<i16>, bool) = sqlx::query_as(
        "select attempts, locked_at is not null or last_error is not null
         from graphile_worker.remove_job($1)",
    )
    .bind(key)
    .fetch_one(&mut **tx)
    .await?;
    let untouched = attempts == Some(0) && !marked;
    Ok(if untouched { Removed::Untouched } else { Removed::PerhapsRun })
}

/// The database's clock, by which jobs are run.
pub(crate) async fn now(tx: &mut Tx<'_>) -> Result<Timestamp, InternalError> {
    let now = sqlx::query_scalar!(r#"select now() as "now!""#).fetch_one(&mut **tx).await?;
    Ok(now)
}
