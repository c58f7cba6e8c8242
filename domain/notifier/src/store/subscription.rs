//! `notifier.subscription`: the browsers of a person.

use kernel::{Timestamp, UserId, db::Tx};
use sqlx::PgExecutor;
use uuid::Uuid;

use crate::{Device, channel::Target};

/// A browser that takes pushes from now on.
pub(crate) struct NewSubscription<'a> {
    pub(crate) id: Uuid,
    /// SHA-256 of its address.
    pub(crate) endpoint: &'a [u8],
    /// What it is reached by, sealed.
    pub(crate) reach: &'a [u8],
    pub(crate) name: &'a str,
    /// Where it is signed in.
    pub(crate) session: Option<Uuid>,
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
             (user_id, subscription_id, channel, endpoint, reach, name, rhythm, made_at, seen_at, confirmed_at,
              session_id)
         values ($1, $2, 'push', $3, $4, $5, 'each', $6, $6, $6, $7)
         on conflict (user_id, endpoint) do update
         set reach = excluded.reach,
             name = excluded.name,
             seen_at = excluded.seen_at,
             session_id = excluded.session_id
         returning subscription_id",
        user.uuid(),
        new.id,
        new.endpoint,
        new.reach,
        new.name,
        new.at,
        new.session,
    )
    .fetch_one(&mut **tx)
    .await
}

/// How many browsers of `user` take pushes.
pub(crate) async fn count(db: impl PgExecutor<'_>, user: UserId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!"
           from notifier.subscription
           where user_id = $1 and channel = 'push'"#,
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
         where user_id = $1 and channel = 'push'
         order by made_at desc, subscription_id desc",
        user.uuid(),
    )
    .fetch_all(db)
    .await
}

/// What one is reached by.
pub(crate) async fn target(
    db: impl PgExecutor<'_>,
    user: UserId,
    id: Uuid,
) -> Result<Option<Target>, sqlx::Error> {
    sqlx::query_as!(
        Target,
        r#"select subscription_id as id, endpoint, reach as "sealed!"
           from notifier.subscription
           where user_id = $1
             and subscription_id = $2
             and channel = 'push'"#,
        user.uuid(),
        id,
    )
    .fetch_optional(db)
    .await
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
    session: Option<Uuid>,
    at: Timestamp,
) -> Result<bool, sqlx::Error> {
    let touched = sqlx::query!(
        "update notifier.subscription
         set seen_at = $3,
             session_id = coalesce($4, session_id)
         where user_id = $1 and endpoint = $2",
        user.uuid(),
        endpoint,
        at,
        session,
    )
    .execute(db)
    .await?;
    Ok(touched.rows_affected() > 0)
}

/// Ends the one that is signed in there.
pub(crate) async fn remove_signed_in(
    db: impl PgExecutor<'_>,
    user: UserId,
    session: Uuid,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from notifier.subscription where user_id = $1 and session_id = $2",
        user.uuid(),
        session,
    )
    .execute(db)
    .await?;
    Ok(())
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
           and channel = 'push'
           and endpoint = coalesce($2, endpoint)",
        user.uuid(),
        endpoint,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Whether `user` may be reached by any of these channels.
pub(crate) async fn is_reachable(
    db: impl PgExecutor<'_>,
    user: UserId,
    channels: &[String],
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (
            select from notifier.subscription
            where user_id = $1 and confirmed_at is not null and channel = any($2)
         ) as "is_reachable!""#,
        user.uuid(),
        channels,
    )
    .fetch_one(db)
    .await
}

/// Ends those that gave no sign of life since `silent`, and the mailboxes that were named before `named` and are still to be
/// confirmed.
pub(crate) async fn purge(
    db: impl PgExecutor<'_>,
    silent: Timestamp,
    named: Timestamp,
) -> Result<u64, sqlx::Error> {
    let purged = sqlx::query!(
        "delete from notifier.subscription
         where confirmed_at is null and made_at < $2
            or seen_at < $1",
        silent,
        named,
    )
    .execute(db)
    .await?;
    Ok(purged.rows_affected())
}
