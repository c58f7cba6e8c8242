//! `notifier.subscription`: where a person is reached.

use kernel::{Timestamp, UserId, db::Tx};
use sqlx::PgExecutor;
use uuid::Uuid;

use crate::Device;

/// A browser that takes pushes from now on.
pub(crate) struct NewSubscription<'a> {
    pub(crate) id: Uuid,
    /// SHA-256 of its address.
    pub(crate) endpoint: &'a [u8],
    /// What it is reached by, sealed.
    pub(crate) reach: &'a [u8],
    pub(crate) name: &'a str,
    pub(crate) at: Timestamp,
}

/// Takes a browser from everybody but `user`: whoever signed in there last is who sees what comes there.
pub(crate) async fn remove_elsewhere(
    tx: &mut Tx<'_>,
    user: UserId,
    endpoint: &[u8],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from notifier.subscription where endpoint = $2 and user_id <> $1",
        user.uuid(),
        endpoint,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Writes a subscription down. A browser that is known gives a sign of life, and may be reached by other keys now; its
/// id, which is answered, stays.
pub(crate) async fn insert(
    tx: &mut Tx<'_>,
    user: UserId,
    new: NewSubscription<'_>,
) -> Result<Uuid, sqlx::Error> {
    sqlx::query_scalar!(
        "insert into notifier.subscription
             (user_id, subscription_id, endpoint, reach, name, made_at, seen_at)
         values ($1, $2, $3, $4, $5, $6, $6)
         on conflict (user_id, endpoint) do update
         set reach = excluded.reach,
             name = excluded.name,
             seen_at = excluded.seen_at
         returning subscription_id",
        user.uuid(),
        new.id,
        new.endpoint,
        new.reach,
        new.name,
        new.at,
    )
    .fetch_one(&mut **tx)
    .await
}

/// How many browsers of `user` take pushes.
pub(crate) async fn count(db: impl PgExecutor<'_>, user: UserId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from notifier.subscription where user_id = $1"#,
        user.uuid(),
    )
    .fetch_one(db)
    .await
}

/// They, the newest first.
pub(crate) async fn list(
    db: impl PgExecutor<'_>,
    user: UserId,
) -> Result<Vec<Device>, sqlx::Error> {
    sqlx::query_as!(
        Device,
        "select subscription_id as id, name, made_at, seen_at
         from notifier.subscription
         where user_id = $1
         order by made_at desc, subscription_id desc",
        user.uuid(),
    )
    .fetch_all(db)
    .await
}

/// The fingerprint of one's address, and what it is reached by, sealed.
pub(crate) async fn reach(
    db: impl PgExecutor<'_>,
    user: UserId,
    id: Uuid,
) -> Result<Option<(Vec<u8>, Vec<u8>)>, sqlx::Error> {
    let row = sqlx::query!(
        "select endpoint, reach
         from notifier.subscription
         where user_id = $1 and subscription_id = $2",
        user.uuid(),
        id,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| (row.endpoint, row.reach)))
}

/// Ends one, and tells whether there was one.
pub(crate) async fn remove(
    db: impl PgExecutor<'_>,
    user: UserId,
    id: Uuid,
) -> Result<bool, sqlx::Error> {
    let removed = sqlx::query!(
        "delete from notifier.subscription where user_id = $1 and subscription_id = $2",
        user.uuid(),
        id,
    )
    .execute(db)
    .await?;
    Ok(removed.rows_affected() > 0)
}

/// A sign of life of the one at this address; whether there is one.
pub(crate) async fn touch(
    db: impl PgExecutor<'_>,
    user: UserId,
    endpoint: &[u8],
    at: Timestamp,
) -> Result<bool, sqlx::Error> {
    let touched = sqlx::query!(
        "update notifier.subscription set seen_at = $3 where user_id = $1 and endpoint = $2",
        user.uuid(),
        endpoint,
        at,
    )
    .execute(db)
    .await?;
    Ok(touched.rows_affected() > 0)
}

/// Ends the one at this address, or all of them.
pub(crate) async fn remove_at(
    db: impl PgExecutor<'_>,
    user: UserId,
    endpoint: Option<&[u8]>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from notifier.subscription
         where user_id = $1
           and endpoint = coalesce($2, endpoint)",
        user.uuid(),
        endpoint,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Ends those that gave no sign of life since `before`, and tells how many.
pub(crate) async fn purge_silent(
    db: impl PgExecutor<'_>,
    before: Timestamp,
) -> Result<u64, sqlx::Error> {
    let purged = sqlx::query!("delete from notifier.subscription where seen_at < $1", before)
        .execute(db)
        .await?;
    Ok(purged.rows_affected())
}
