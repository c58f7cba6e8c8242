//! The table `privacy.erasure`, and what is asked of every table alike.

use futures::{Stream, TryStreamExt};
use kernel::{UserId, db::Tx, personal::Table};
use serde_json::{Map, Value};
use sqlx::{PgPool, types::Json};

use crate::Erasure;

/// A row of a table: what is told as it is, and the bytes of what is decoded.
pub(crate) type Row = (Map<String, Value>, Vec<Option<Vec<u8>>>);

/// Lets a transaction see the database as it is now, to its end, and change nothing.
pub(crate) async fn look_only(tx: &mut Tx<'_>) -> Result<(), sqlx::Error> {
    sqlx::query("set transaction isolation level repeatable read, read only")
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Takes a person's turn to export, on all replicas, until the transaction ends; false when it is taken.
pub(crate) async fn take_turn(tx: &mut Tx<'_>, user: UserId) -> Result<bool, sqlx::Error> {
    let turn = format!("privacy.export {user}");
    sqlx::query_scalar!(
        r#"select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as "taken!""#,
        turn,
    )
    .fetch_one(&mut **tx)
    .await
}

/// The rows of a person, one after the other as they come.
pub(crate) fn rows(
    tx: &mut Tx<'_>,
    table: &Table,
    user: UserId,
) -> impl Stream<Item = Result<Row, sqlx::Error>> {
    sqlx::query_as::<_, (Json<Map<String, Value>>, Vec<Option<Vec<u8>>>)>(table.select())
        .bind(user.uuid())
        .fetch(&mut **tx)
        .map_ok(|(Json(as_is), bytes)| (as_is, bytes))
}

/// Deletes the rows of a person, and tells how many there were.
pub(crate) async fn delete(
    tx: &mut Tx<'_>,
    table: &Table,
    user: UserId,
) -> Result<u64, sqlx::Error> {
    let deleted = sqlx::query(table.delete()).bind(user.uuid()).execute(&mut **tx).await?;
    Ok(deleted.rows_affected())
}

/// Notes an erasure; one that is known stays as it is.
pub(crate) async fn note(tx: &mut Tx<'_>, erasure: &Erasure) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into privacy.erasure (person_hash, erased_at)
         values ($1, $2)
         on conflict (person_hash) do nothing",
        &erasure.person_hash[..],
        erasure.erased_at,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// All erasures that the database knows of.
pub(crate) async fn erasures(db: &PgPool) -> Result<Vec<Erasure>, sqlx::Error> {
    let rows =
        sqlx::query!("select person_hash, erased_at from privacy.erasure order by erased_at")
            .fetch_all(db)
            .await?;
    let erasure =
        |hash: Vec<u8>, erased_at| Some(Erasure { person_hash: hash.try_into().ok()?, erased_at });
    Ok(rows.into_iter().filter_map(|row| erasure(row.person_hash, row.erased_at)).collect())
}

/// Every column, as `schema.table.column`, of those tables that have a `user_id`.
pub(crate) async fn personal_columns(db: &PgPool) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select its.table_schema || '.' || its.table_name || '.' || its.column_name as "column!"
           from information_schema.columns its
           join information_schema.tables it using (table_schema, table_name)
           where it.table_type = 'BASE TABLE'
             and exists (
                select
                from information_schema.columns own
                where own.table_schema = it.table_schema
                  and own.table_name = it.table_name
                  and own.column_name = 'user_id'
             )"#,
    )
    .fetch_all(db)
    .await
}

/// Every column, as `schema.table.column`.
pub(crate) async fn columns(db: &PgPool) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select table_schema || '.' || table_name || '.' || column_name as "column!"
           from information_schema.columns"#,
    )
    .fetch_all(db)
    .await
}
