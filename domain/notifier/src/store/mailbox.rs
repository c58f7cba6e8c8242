//! `notifier.subscription`: the mailbox of a person, if they have named one.

use chrono::TimeDelta;
use kernel::{Timestamp, UserId, db::Tx};
use sqlx::PgExecutor;
use uuid::Uuid;

use crate::Rhythm;

/// A mailbox that is named.
pub(crate) struct NewMailbox<'a> {
    pub(crate) id: Uuid,
    /// Sealed.
    pub(crate) address: &'a [u8],
    pub(crate) rhythm: Rhythm,
    pub(crate) at: Timestamp,
}

/// One as it is kept.
pub(crate) struct MailboxRow {
    pub(crate) id: Uuid,
    /// Sealed.
    pub(crate) address: Vec<u8>,
    pub(crate) rhythm: Rhythm,
    /// Since when it may be written to.
    pub(crate) confirmed_at: Option<Timestamp>,
}

/// Writes a mailbox down, in place of the one before.
pub(crate) async fn name_mailbox(
    tx: &mut Tx<'_>,
    user: UserId,
    new: NewMailbox<'_>,
) -> Result<(), sqlx::Error> {
    remove_mailbox(&mut **tx, user, None).await?;
    sqlx::query!(
        "insert into notifier.subscription
             (user_id, subscription_id, channel, address, name, rhythm, made_at, seen_at)
         values ($1, $2, 'mail', $3, '', $4, $5, $5)",
        user.uuid(),
        new.id,
        new.address,
        new.rhythm.as_str(),
        new.at,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The mailbox of `user`.
pub(crate) async fn mailbox(
    db: impl PgExecutor<'_>,
    user: UserId,
) -> Result<Option<MailboxRow>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select subscription_id, address as "address!", rhythm, confirmed_at
           from notifier.subscription
           where user_id = $1 and channel = 'mail'"#,
        user.uuid(),
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| MailboxRow {
        id: row.subscription_id,
        address: row.address,
        rhythm: Rhythm::named(&row.rhythm).unwrap_or(Rhythm::Each),
        confirmed_at: row.confirmed_at,
    }))
}

/// Lets it be written to from now on; false where there is no such one any more. A second time changes nothing.
pub(crate) async fn confirm_mailbox(
    db: impl PgExecutor<'_>,
    user: UserId,
    id: Uuid,
    at: Timestamp,
) -> Result<bool, sqlx::Error> {
    let confirmed = sqlx::query!(
        "update notifier.subscription
         set confirmed_at = coalesce(confirmed_at, $3),
             seen_at = $3
         where user_id = $1
           and subscription_id = $2
           and channel = 'mail'",
        user.uuid(),
        id,
        at,
    )
    .execute(db)
    .await?;
    Ok(confirmed.rows_affected() > 0)
}

/// Writes to it so often; false where there is none.
pub(crate) async fn write_in(
    db: impl PgExecutor<'_>,
    user: UserId,
    rhythm: Rhythm,
) -> Result<bool, sqlx::Error> {
    let changed = sqlx::query!(
        "update notifier.subscription set rhythm = $2 where user_id = $1 and channel = 'mail'",
        user.uuid(),
        rhythm.as_str(),
    )
    .execute(db)
    .await?;
    Ok(changed.rows_affected() > 0)
}

/// A sign of life of whoever reads what comes there, kept to within a day.
pub(crate) async fn show_life(
    db: impl PgExecutor<'_>,
    user: UserId,
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update notifier.subscription
         set seen_at = $2
         where user_id = $1
           and channel = 'mail'
           and seen_at < $3",
        user.uuid(),
        at,
        at - TimeDelta::days(1),
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Ends it; with an `id`, that one alone. Whether there was one.
pub(crate) async fn remove_mailbox(
    db: impl PgExecutor<'_>,
    user: UserId,
    id: Option<Uuid>,
) -> Result<bool, sqlx::Error> {
    let removed = sqlx::query!(
        "delete from notifier.subscription
         where user_id = $1
           and channel = 'mail'
           and subscription_id = coalesce($2, subscription_id)",
        user.uuid(),
        id,
    )
    .execute(db)
    .await?;
    Ok(removed.rows_affected() > 0)
}
