//! The tables of the schema `lab`. Nobody stands in them.

use bandit::estimate::{Interval, Weighted};
use kernel::Timestamp;
use recommender::prior::Table;
use sqlx::{PgPool, types::Json};

use crate::models::Model;

pub(crate) async fn insert(db: &PgPool, model: &Model) -> Result<i64, sqlx::Error> {
    let interval = model.gain.map(|gain| gain.interval);
    sqlx::query_scalar!(
        "insert into lab.model
             (trained_at, features_version, prior, fingerprint, baseline, people, answers, gain,
              gain_low, gain_high, artefact)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         returning version",
        model.trained_at,
        model.table.features_version,
        Json(&model.table) as _,
        model.table.fingerprint(),
        model.baseline,
        model.people,
        model.answers,
        model.gain.map(|gain| gain.value),
        interval.map(|interval| interval.low),
        interval.map(|interval| interval.high),
        model.artefact,
    )
    .fetch_one(db)
    .await
}

pub(crate) async fn set_mlflow(
    db: &PgPool,
    version: i64,
    run: &str,
    at_mlflow: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update lab.model set mlflow_run = $2, mlflow_version = $3 where version = $1",
        version,
        run,
        at_mlflow,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(crate) async fn promote(db: &PgPool, version: i64, at: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query!("insert into lab.promotion (version, promoted_at) values ($1, $2)", version, at)
        .execute(db)
        .await?;
    Ok(())
}

/// Takes the newest promotion back that stands; tells whether there was one.
pub(crate) async fn take_back(db: &PgPool, at: Timestamp) -> Result<bool, sqlx::Error> {
    let taken_back = sqlx::query!(
        "update lab.promotion
         set taken_back_at = $1
         where promotion_id = (
             select max(promotion_id) from lab.promotion where taken_back_at is null
         )",
        at,
    )
    .execute(db)
    .await?;
    Ok(taken_back.rows_affected() > 0)
}

pub(crate) async fn serving(db: &PgPool) -> Result<Option<Model>, sqlx::Error> {
    Ok(models(db).await?.into_iter().find(|model| model.serves))
}

/// All of them, the oldest first.
pub(crate) async fn models(db: &PgPool) -> Result<Vec<Model>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select version, trained_at, prior as "prior: Json<Table>", baseline, people, answers,
                  gain, gain_low, gain_high, artefact, mlflow_version,
                  coalesce(version = (
                      select version from lab.promotion
                      where taken_back_at is null
                      order by promotion_id desc
                      limit 1
                  ), false) as "serves!"
           from lab.model
           order by version"#,
    )
    .fetch_all(db)
    .await?;
    let models = rows.into_iter().map(|row| {
        let interval = row.gain_low.zip(row.gain_high).map(|(low, high)| Interval { low, high });
        let gain = row.gain.zip(interval).map(|(value, interval)| Weighted { value, interval });
        Model {
            version: row.version,
            trained_at: row.trained_at,
            table: row.prior.0,
            baseline: row.baseline,
            people: row.people,
            answers: row.answers,
            gain,
            artefact: row.artefact,
            mlflow_version: row.mlflow_version,
            serves: row.serves,
        }
    });
    Ok(models.collect())
}
