//! The table `integrations.calendar`.

use std::collections::HashSet;

use kernel::{Timestamp, UserId, db::Tx};
use sqlx::PgPool;

use crate::error::InternalError;

/// A person's sealed address.
pub(super) struct Row {
    pub(super) address_sealed: Vec<u8>,
    pub(super) is_broken: bool,
    pub(super) made_at: Timestamp,
}

pub(super) async fn row(db: &PgPool, user: UserId) -> Result<Option<Row>, InternalError> {
    let row = sqlx::query_as!(
        Row,
        r#"select address_sealed, state = 'broken' as "is_broken!", made_at
           from integrations.calendar
           where user_id = $1"#,
        user.uuid(),
    )
    .fetch_optional(db)
    .await?;
    Ok(row)
}

/// Puts a new connection in the place of any earlier one.
pub(super) async fn put(tx: &mut Tx<'_>, user: UserId, row: &Row) -> Result<(), InternalError> {
    sqlx::query!(
        "insert into integrations.calendar (user_id, address_sealed, state, made_at)
         values ($1, $2, 'active', $3)
         on conflict (user_id) do update
         set address_sealed = excluded.address_sealed,
             state = excluded.state,
             made_at = excluded.made_at",
        user.uuid(),
        row.address_sealed,
        row.made_at,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Notes whether the calendar is still there, for the connection that was made at this moment.
pub(super) async fn mark(
    db: &PgPool,
    user: UserId,
    made_at: Timestamp,
    is_broken: bool,
) -> Result<(), InternalError> {
    sqlx::query!(
        "update integrations.calendar
         set state = $3
         where user_id = $1
           and made_at = $2",
        user.uuid(),
        made_at,
        if is_broken { "broken" } else { "active" },
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn remove(db: &PgPool, user: UserId) -> Result<(), InternalError> {
    sqlx::query!(
        "delete from integrations.calendar
         where user_id = $1",
        user.uuid(),
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Who of `users` has one connected.
pub(super) async fn connected(
    db: &PgPool,
    users: &[UserId],
) -> Result<HashSet<UserId>, InternalError> {
    let users: Vec<_> = users.iter().map(|user| user.uuid()).collect();
    let connected = sqlx::query_scalar!(
        "select user_id
         from integrations.calendar
         where user_id = any($1)",
        &users,
    )
    .fetch_all(db)
    .await?;
    Ok(connected.into_iter().map(UserId).collect())
}
