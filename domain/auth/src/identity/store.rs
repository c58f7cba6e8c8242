//! The tables `auth.user` and `auth.identity`.

use kernel::{Timestamp, UserId, db::Tx};
use sqlx::{PgExecutor, PgPool};
use uuid::Uuid;

use super::{Linked, VerifiedIdentity};
use crate::AuthError;

/// Those who come for the first time come one after the other, on all replicas.
pub(super) async fn lock_registration(tx: &mut Tx<'_>) -> Result<(), AuthError> {
    sqlx::query!(
        r#"select pg_advisory_xact_lock(hashtextextended('auth.identity', 0))::text as "none""#
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn find(
    db: impl PgExecutor<'_>,
    identity: &VerifiedIdentity,
) -> Result<Option<UserId>, AuthError> {
    let user = sqlx::query_scalar!(
        "select user_id
         from auth.identity
         where issuer = $1
           and subject = $2",
        identity.issuer(),
        identity.subject(),
    )
    .fetch_optional(db)
    .await?;
    Ok(user.map(UserId))
}

/// Whether nobody is here yet.
pub(super) async fn is_first(tx: &mut Tx<'_>) -> Result<bool, AuthError> {
    let first = sqlx::query_scalar!(r#"select not exists (select from auth.user) as "first!""#)
        .fetch_one(&mut **tx)
        .await?;
    Ok(first)
}

pub(super) async fn insert_user(
    tx: &mut Tx<'_>,
    user: UserId,
    is_owner: bool,
    now: Timestamp,
) -> Result<(), AuthError> {
    sqlx::query!(
        "insert into auth.user (user_id, is_owner, created_at) values ($1, $2, $3)",
        user.uuid(),
        is_owner,
        now,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn insert_identity(
    tx: &mut Tx<'_>,
    user: UserId,
    id: Uuid,
    identity: &VerifiedIdentity,
    now: Timestamp,
) -> Result<(), AuthError> {
    sqlx::query!(
        "insert into auth.identity (user_id, identity_id, issuer, subject, hint, linked_at)
         values ($1, $2, $3, $4, $5, $6)",
        user.uuid(),
        id,
        identity.issuer(),
        identity.subject(),
        identity.hint(),
        now,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn linked(db: &PgPool, user: UserId) -> Result<Vec<Linked>, AuthError> {
    let linked = sqlx::query_as!(
        Linked,
        "select identity_id as id, issuer, hint, linked_at
         from auth.identity
         where user_id = $1
         order by linked_at, identity_id",
        user.uuid(),
    )
    .fetch_all(db)
    .await?;
    Ok(linked)
}

/// The handles of a person's identities. They do not change until the transaction ends.
pub(super) async fn lock_identities(tx: &mut Tx<'_>, user: UserId) -> Result<Vec<Uuid>, AuthError> {
    let ids = sqlx::query_scalar!(
        "select identity_id
         from auth.identity
         where user_id = $1
         order by identity_id
         for update",
        user.uuid(),
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(ids)
}

pub(super) async fn delete(tx: &mut Tx<'_>, user: UserId, id: Uuid) -> Result<(), AuthError> {
    sqlx::query!(
        "delete from auth.identity
         where user_id = $1
           and identity_id = $2",
        user.uuid(),
        id,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn is_owner(db: &PgPool, user: UserId) -> Result<bool, AuthError> {
    let owner =
        sqlx::query_scalar!("select is_owner from auth.user where user_id = $1", user.uuid())
            .fetch_optional(db)
            .await?;
    Ok(owner.unwrap_or_default())
}

/// The next `most` people after `after`, in the order of their ids.
pub(super) async fn page(
    db: &PgPool,
    after: Option<UserId>,
    most: i64,
) -> Result<Vec<UserId>, AuthError> {
    let people = sqlx::query_scalar!(
        "select user_id
         from auth.user
         where $1::uuid is null or user_id > $1
         order by user_id
         limit $2",
        after.map(UserId::uuid),
        most,
    )
    .fetch_all(db)
    .await?;
    Ok(people.into_iter().map(UserId).collect())
}

/// Locks a person's row: from now on nothing can be written that is theirs, and whoever has begun to is waited for.
/// Tells whether there is such a person.
pub(super) async fn lock_user(tx: &mut Tx<'_>, user: UserId) -> Result<bool, AuthError> {
    let row =
        sqlx::query!("select user_id from auth.user where user_id = $1 for update", user.uuid())
            .fetch_optional(&mut **tx)
            .await?;
    Ok(row.is_some())
}

/// Where nobody is the owner, the oldest person becomes it.
pub(super) async fn put_owner_if_missing(tx: &mut Tx<'_>) -> Result<(), AuthError> {
    sqlx::query!(
        "update auth.user
         set is_owner = true
         where user_id = (select user_id from auth.user order by created_at, user_id limit 1)
           and not exists (select from auth.user where is_owner)"
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
