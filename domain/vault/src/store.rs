//! The table `vault.data_key`.

use kernel::{
    Timestamp, UserId,
    db::Tx,
    personal::{BY_USER_ID, Table, kept_back, told},
};
use sqlx::PgExecutor;
use uuid::Uuid;

/// What is kept of a person in the schema `vault`.
pub const PERSONAL: &[Table] = &[Table {
    name: "vault.data_key",
    title: "key",
    about: "The key under which your secrets are sealed. Without it, none of them opens.",
    whose: BY_USER_ID,
    order: "user_id",
    columns: &[
        told("master_key_id"),
        told("created_at"),
        told("wrapped_at"),
        kept_back("wrapped", "the key itself, sealed: whoever carried it about could lose it"),
    ],
}];

/// A wrapped data key.
pub(crate) struct Row {
    pub(crate) user: UserId,
    pub(crate) wrapped: Vec<u8>,
    pub(crate) master_key_id: String,
}

impl Row {
    fn of(user_id: Uuid, wrapped: Vec<u8>, master_key_id: String) -> Self {
        Self { user: UserId(user_id), wrapped, master_key_id }
    }
}

pub(crate) async fn data_key(
    db: impl PgExecutor<'_>,
    user: UserId,
) -> Result<Option<Row>, sqlx::Error> {
    let row = sqlx::query!(
        "select wrapped, master_key_id
         from vault.data_key
         where user_id = $1",
        user.uuid(),
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Row { user, wrapped: row.wrapped, master_key_id: row.master_key_id }))
}

/// Stores `new`, unless somebody else was quicker, and tells what stands there. (`do nothing` would tell
/// nothing of a row that was there, which can be gone before it is asked for.)
pub(crate) async fn put_if_missing(
    tx: &mut Tx<'_>,
    new: Row,
    now: Timestamp,
) -> Result<Row, sqlx::Error> {
    let row = sqlx::query!(
        "insert into vault.data_key as data_key (user_id, wrapped, master_key_id,
                                                 created_at, wrapped_at)
         values ($1, $2, $3, $4, $4)
         on conflict (user_id) do update
         set wrapped = data_key.wrapped
         returning wrapped, master_key_id",
        new.user.uuid(),
        new.wrapped,
        new.master_key_id,
        now,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Row { user: new.user, wrapped: row.wrapped, master_key_id: row.master_key_id })
}

pub(crate) async fn remove(tx: &mut Tx<'_>, user: UserId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from vault.data_key
         where user_id = $1",
        user.uuid(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Removes this very row; another that has come in its place stays.
pub(crate) async fn remove_same(tx: &mut Tx<'_>, row: &Row) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from vault.data_key
         where user_id = $1
           and wrapped = $2",
        row.user.uuid(),
        row.wrapped,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// How many data keys each master key wraps, in the order of the ids.
pub(crate) async fn counts(db: impl PgExecutor<'_>) -> Result<Vec<(String, u64)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select master_key_id, count(*) as "data_keys!"
         from vault.data_key
         group by master_key_id
         order by master_key_id"#,
    )
    .fetch_all(db)
    .await?;
    let count = |number: i64| u64::try_from(number).unwrap_or_default();
    Ok(rows.into_iter().map(|row| (row.master_key_id, count(row.data_keys))).collect())
}

/// Some data keys that this master key wraps, `most` of them at the most.
pub(crate) async fn some_of(
    db: impl PgExecutor<'_>,
    master_key_id: &str,
    most: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    let rows = sqlx::query!(
        "select user_id, wrapped, master_key_id
         from vault.data_key
         where master_key_id = $1
         limit $2",
        master_key_id,
        most,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| Row::of(row.user_id, row.wrapped, row.master_key_id)).collect())
}

/// Removes all data keys that this master key wraps, and tells how many there were.
pub(crate) async fn remove_all_of(
    db: impl PgExecutor<'_>,
    master_key_id: &str,
) -> Result<u64, sqlx::Error> {
    let removed = sqlx::query!(
        "delete from vault.data_key
         where master_key_id = $1",
        master_key_id,
    )
    .execute(db)
    .await?;
    Ok(removed.rows_affected())
}

/// Whose data keys these master keys wrap: the next `most` people after `after`, in the order of their ids.
pub(crate) async fn page(
    db: impl PgExecutor<'_>,
    master_key_ids: &[String],
    after: Option<Uuid>,
    most: i64,
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select user_id
         from vault.data_key
         where master_key_id = any($1)
           and ($2::uuid is null or user_id > $2)
         order by user_id
         limit $3",
        master_key_ids,
        after,
        most,
    )
    .fetch_all(db)
    .await
}

/// Locks those of these people's data keys that are still wrapped by these master keys. The lock is one
/// that a reader does not feel.
pub(crate) async fn lock(
    tx: &mut Tx<'_>,
    users: &[Uuid],
    master_key_ids: &[String],
) -> Result<Vec<Row>, sqlx::Error> {
    let rows = sqlx::query!(
        "select user_id, wrapped, master_key_id
         from vault.data_key
         where user_id = any($1)
           and master_key_id = any($2)
         order by user_id
         for no key update",
        users,
        master_key_ids,
    )
    .fetch_all(&mut **tx)
    .await?;
    let row =
        |user_id, wrapped, master_key_id| Row { user: UserId(user_id), wrapped, master_key_id };
    Ok(rows.into_iter().map(|own| row(own.user_id, own.wrapped, own.master_key_id)).collect())
}

/// Stores data keys that were wrapped anew, all of them by one master key.
pub(crate) async fn rewrap(
    tx: &mut Tx<'_>,
    users: &[Uuid],
    wrapped: &[Vec<u8>],
    master_key_id: &str,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update vault.data_key
         set wrapped = new.wrapped,
             master_key_id = $3,
             wrapped_at = $4
         from unnest($1::uuid[], $2::bytea[]) as new (user_id, wrapped)
         where data_key.user_id = new.user_id",
        users,
        wrapped,
        master_key_id,
        now,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
