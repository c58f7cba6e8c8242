//! The tables of the schema `lab`.

mod personal;

use bandit::estimate::{Interval, Weighted};
use kernel::{Timestamp, UserId, db::Tx};
use recommender::prior::Table;
use sqlx::{PgExecutor, PgPool, types::Json};

use crate::{models::Model, train::Trained};

pub use personal::PERSONAL;

/// Writes a model down, and whose answers it was learned from; tells its version.
pub(crate) async fn insert(
    db: &PgPool,
    trained: &Trained,
    people: &[UserId],
    baseline: &str,
    at: Timestamp,
) -> Result<i64, sqlx::Error> {
    let table = Table::of(&trained.prior);
    let people: Vec<_> = people.iter().map(|user| user.uuid()).collect();
    let count = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
    let interval = trained.gain.map(|gain| gain.interval);
    sqlx::query_scalar!(
        r#"with model as (
             insert into lab.model
                 (trained_at, prior, fingerprint, baseline, people, answers, gain, gain_low, gain_high)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             returning version
         ), person as (
             insert into lab.model_person (user_id, version)
             select person.user_id, model.version
             from model, unnest($10::uuid[]) as person (user_id)
         )
         select version as "version!" from model"#,
        at,
        Json(&table) as _,
        table.fingerprint(),
        baseline,
        count(people.len()),
        count(trained.answers),
        trained.gain.map(|gain| gain.value),
        interval.map(|interval| interval.low),
        interval.map(|interval| interval.high),
        &people,
    )
    .fetch_one(db)
    .await
}

pub(crate) async fn set_artefact(
    db: &PgPool,
    version: i64,
    artefact: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!("update lab.model set artefact = $2 where version = $1", version, artefact)
        .execute(db)
        .await?;
    Ok(())
}

pub(crate) async fn set_mlflow_version(
    db: &PgPool,
    version: i64,
    at_mlflow: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!("update lab.model set mlflow_version = $2 where version = $1", version, at_mlflow)
        .execute(db)
        .await?;
    Ok(())
}

/// Lets promotions happen one after the other, until the transaction ends.
pub(crate) async fn hold_promotions(tx: &mut Tx<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!("lock table lab.promotion in exclusive mode").execute(&mut **tx).await?;
    Ok(())
}

pub(crate) async fn promote(
    tx: &mut Tx<'_>,
    version: i64,
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!("insert into lab.promotion (version, promoted_at) values ($1, $2)", version, at)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Takes back the newest promotion that stands; tells whether there was one.
pub(crate) async fn take_back(tx: &mut Tx<'_>, at: Timestamp) -> Result<bool, sqlx::Error> {
    let taken_back = sqlx::query!(
        "update lab.promotion
         set taken_back_at = $1
         where promotion_id = (
             select max(promotion_id) from lab.promotion where taken_back_at is null
         )",
        at,
    )
    .execute(&mut **tx)
    .await?;
    Ok(taken_back.rows_affected() > 0)
}

/// The newest promotion that stands: version and prior.
pub(crate) async fn promoted(
    db: impl PgExecutor<'_>,
) -> Result<Option<(i64, serde_json::Value)>, sqlx::Error> {
    let row = sqlx::query!(
        "select version, prior
         from lab.promotion
         join lab.model using (version)
         where taken_back_at is null
           and people = (
               select count(*) from lab.model_person where model_person.version = model.version
           )
         order by promotion_id desc
         limit 1"
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| (row.version, row.prior)))
}

/// All models, the oldest first.
pub(crate) async fn models(db: impl PgExecutor<'_>) -> Result<Vec<Model>, sqlx::Error> {
    let rows = sqlx::query!(
        "select version, trained_at, prior, fingerprint, people, answers, gain, gain_low, gain_high,
                artefact, mlflow_version
         from lab.model
         where people = (
             select count(*) from lab.model_person where model_person.version = model.version
         )
         order by version",
    )
    .fetch_all(db)
    .await?;
    let models = rows.into_iter().map(|row| {
        let interval = row.gain_low.zip(row.gain_high).map(|(low, high)| Interval { low, high });
        let gain = row.gain.zip(interval).map(|(value, interval)| Weighted { value, interval });
        Model {
            version: row.version,
            trained_at: row.trained_at,
            prior: row.prior,
            fingerprint: row.fingerprint,
            people: row.people,
            answers: row.answers,
            gain,
            artefact: row.artefact,
            mlflow_version: row.mlflow_version,
        }
    });
    Ok(models.collect())
}

/// No model is learned from the answers of `user` any more.
pub(crate) async fn withdraw(db: &PgPool, user: UserId) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from lab.model_person where user_id = $1", user.uuid())
        .execute(db)
        .await?;
    Ok(())
}

/// Deletes the models of which a person is missing; tells how many.
pub(crate) async fn forget(db: &PgPool) -> Result<u64, sqlx::Error> {
    let forgotten = sqlx::query!(
        "delete from lab.model
         where people <> (
             select count(*) from lab.model_person where model_person.version = model.version
         )"
    )
    .execute(db)
    .await?;
    Ok(forgotten.rows_affected())
}
