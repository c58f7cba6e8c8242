//! The table `events.event`.

use kernel::{
    Entropy, Timestamp, UserId,
    db::Tx,
    first_id_at,
    personal::{BY_USER_ID, Table, decoded, told},
};
use sqlx::PgPool;
use uuid::Uuid;

use crate::{Payload, UnknownPayload, readable};

/// What is kept of a person in the schema `events`.
pub const PERSONAL: &[Table] = &[Table {
    name: "events.event",
    title: "events",
    about: "What happened to your tips, in the order in which it did.",
    whose: BY_USER_ID,
    order: "event_id",
    columns: &[
        told("event_id"),
        told("kind"),
        told("version"),
        decoded("payload", readable::payload),
        told("occurred_at"),
    ],
}];

/// One row of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Sorts by time.
    pub id: Uuid,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// What happened.
    pub payload: Payload,
}

/// Why the log cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    /// A row is not readable.
    #[error(transparent)]
    Unknown(#[from] UnknownPayload),
    /// The database failed.
    #[error("the event log failed")]
    Internal(#[from] sqlx::Error),
}

/// Appends `payload` to the log of `user`, in the caller's transaction.
pub async fn append(
    tx: &mut Tx<'_>,
    entropy: &Entropy,
    user: UserId,
    at: Timestamp,
    payload: &Payload,
) -> Result<(), EventError> {
    sqlx::query!(
        "insert into events.event (user_id, event_id, kind, version, payload, occurred_at)
         values ($1, $2, $3, $4, $5, $6)",
        user.uuid(),
        entropy.id(at),
        payload.kind(),
        Payload::VERSION,
        payload.encode(),
        at,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Holds the log of `user` still until the transaction ends. Who first asks whether it may be written to, and does not
/// hold the person otherwise, takes this before: else what is forgotten meanwhile would be followed by one line more.
///
/// # Errors
/// When the database fails.
pub async fn hold(tx: &mut Tx<'_>, user: UserId) -> Result<(), EventError> {
    let log = format!("events {user}");
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended($1, 0))", log)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Forgets all that happened to `user`.
///
/// # Errors
/// When the database fails.
pub async fn forget(tx: &mut Tx<'_>, user: UserId) -> Result<(), EventError> {
    hold(tx, user).await?;
    sqlx::query!("delete from events.event where user_id = $1", user.uuid())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// The first `limit` events of `user` after the event `after`, oldest first.
pub async fn read(
    db: &PgPool,
    user: UserId,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Event>, EventError> {
    let rows = sqlx::query!(
        "select event_id, kind, version, payload, occurred_at
         from events.event
         where user_id = $1
           and event_id > $2
         order by event_id
         limit $3",
        user.uuid(),
        after.unwrap_or(Uuid::nil()),
        limit,
    )
    .fetch_all(db)
    .await?;

    rows.into_iter()
        .map(|row| {
            Ok(Event {
                id: row.event_id,
                occurred_at: row.occurred_at,
                payload: Payload::decode(&row.kind, row.version, &row.payload)?,
            })
        })
        .collect()
}

/// Deletes the oldest events of `user` that happened before `before`, `most` of them at the most, and tells how many.
///
/// # Errors
/// When the database fails.
pub async fn forget_before(
    db: &PgPool,
    user: UserId,
    before: Timestamp,
    most: i64,
) -> Result<u64, EventError> {
    let forgotten = sqlx::query!(
        "delete from events.event
         where user_id = $1
           and event_id in (
                select event_id
                from events.event
                where user_id = $1
                  and event_id < $2
                  and occurred_at < $3
                order by event_id
                limit $4
           )",
        user.uuid(),
        first_id_at(before),
        before,
        most,
    )
    .execute(db)
    .await?;
    Ok(forgotten.rows_affected())
}
