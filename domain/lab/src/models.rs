//! The priors that were trained, and which of them serves.
//!
//! A model is a row: the prior that serves is read from the database, by every server, and what was promoted can be taken
//! back. Where nothing is promoted, the prior that is shipped serves. A model goes with the first of its people who leaves,
//! or lets nothing be learned any more.

use std::{collections::HashMap, sync::Arc};

use bandit::{Prior, estimate::Weighted};
use kernel::{Timestamp, UserId, db};
use recommender::prior::{Table, Unusable, shipped};
use serde::Deserialize;
use serde_json::Value;
use sqlx::{PgExecutor, PgPool};

use crate::{LabError, store, train::Trained};

/// A prior that was trained.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Its number.
    pub version: i64,
    /// When it was made.
    pub trained_at: Timestamp,
    /// What it believes, as a [`Table`] in JSON.
    pub(crate) prior: Value,
    /// The fingerprint of that.
    pub fingerprint: String,
    /// How many people's answers it was fitted to.
    pub people: i32,
    /// How many these were.
    pub answers: i32,
    /// How much more a tip would have earned than with what served then; none where that could not be told.
    pub gain: Option<Weighted>,
    /// Where its artefact is.
    pub artefact: Option<String>,
    /// Its version at MLflow.
    pub mlflow_version: Option<String>,
}

/// The prior that serves.
#[derive(Clone, Debug, PartialEq)]
pub struct Serving {
    /// Its version; none: it is the one that is shipped.
    pub version: Option<i64>,
    /// What it believes.
    pub table: Table,
}

impl Model {
    /// What it believes.
    ///
    /// # Errors
    /// When that is not for the features of today.
    pub fn table(&self) -> Result<Table, LabError> {
        usable(self.version, &self.prior)
    }

    /// Whether it may serve without being asked for: with 95 % confidence, it is better than what served.
    pub fn is_better(&self) -> bool {
        self.gain.is_some_and(|gain| gain.interval.low > 0.0)
    }
}

/// Writes down what was `trained` from the answers of `people`, while the prior `baseline` (a fingerprint) served; it does
/// not serve yet.
///
/// # Errors
/// When the database fails.
pub async fn register(
    db: &PgPool,
    trained: &Trained,
    people: &[UserId],
    baseline: &str,
    at: Timestamp,
) -> Result<Model, LabError> {
    let version = store::insert(db, trained, people, baseline, at).await?;
    find(db, version).await
}

/// Writes down where the artefact of a version is.
///
/// # Errors
/// When the database fails.
pub async fn note_artefact(db: &PgPool, version: i64, artefact: &str) -> Result<(), LabError> {
    Ok(store::set_artefact(db, version, artefact).await?)
}

/// Writes down which version it is at MLflow.
///
/// # Errors
/// When the database fails.
pub async fn note_mlflow(db: &PgPool, version: i64, at_mlflow: &str) -> Result<(), LabError> {
    Ok(store::set_mlflow_version(db, version, at_mlflow).await?)
}

/// Lets `version` serve, from a few moments on. Where it is meant to be better than the prior `over` (a fingerprint), only
/// if that one serves still.
///
/// # Errors
/// When there is none, it is for other features, or something else serves meanwhile.
pub async fn promote(
    db: &PgPool,
    version: i64,
    over: Option<&str>,
    at: Timestamp,
) -> Result<Model, LabError> {
    let mut tx = db::begin(db).await?;
    store::hold_promotions(&mut tx).await?;
    let model = find(&mut *tx, version).await?;
    model.table()?;
    let serving = serving(&mut *tx).await?;
    if over.is_some_and(|over| over != serving.table.fingerprint()) {
        return Err(LabError::Overtaken);
    }
    if serving.version != Some(version) {
        store::promote(&mut tx, version, at).await?;
        tx.commit().await?;
    }
    Ok(model)
}

/// Lets what served before serve again, and tells which that is.
///
/// # Errors
/// When nothing is promoted.
pub async fn rollback(db: &PgPool, at: Timestamp) -> Result<Serving, LabError> {
    let mut tx = db::begin(db).await?;
    store::hold_promotions(&mut tx).await?;
    if !store::take_back(&mut tx, at).await? {
        return Err(LabError::NothingPromoted);
    }
    let serving = serving(&mut *tx).await?;
    tx.commit().await?;
    Ok(serving)
}

/// All of them, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list(db: impl PgExecutor<'_>) -> Result<Vec<Model>, LabError> {
    Ok(store::models(db).await?)
}

/// The prior that serves: the one that was promoted last, if it is for the features of today; else the shipped one.
///
/// # Errors
/// When the database fails.
pub async fn serving(db: impl PgExecutor<'_>) -> Result<Serving, LabError> {
    let promoted = store::promoted(db).await?;
    let serving = promoted.and_then(|(version, prior)| {
        let table = usable(version, &prior).ok()?;
        Some(Serving { version: Some(version), table })
    });
    Ok(serving.unwrap_or_else(|| Serving { version: None, table: Table::of(&shipped()) }))
}

/// Every prior that decisions may have been made with, by its fingerprint.
///
/// # Errors
/// When the database fails.
pub async fn priors(db: &PgPool) -> Result<HashMap<String, Arc<Prior>>, LabError> {
    let models = list(db).await?;
    let usable = models.iter().filter_map(|model| Some((model, model.table().ok()?.prior().ok()?)));
    Ok(usable.map(|(model, prior)| (model.fingerprint.clone(), Arc::new(prior))).collect())
}

/// What was learned from the answers of `user`, among others, serves no more.
///
/// # Errors
/// When the database fails.
pub async fn withdraw(db: &PgPool, user: UserId) -> Result<(), LabError> {
    store::withdraw(db, user).await?;
    forget(db).await.map(drop)
}

/// Deletes what was learned from somebody who has left, among others; tells how many versions that were.
///
/// # Errors
/// When the database fails.
pub async fn forget(db: &PgPool) -> Result<u64, LabError> {
    Ok(store::forget(db).await?)
}

async fn find(db: impl PgExecutor<'_>, version: i64) -> Result<Model, LabError> {
    let mut models = list(db).await?.into_iter();
    models.find(|model| model.version == version).ok_or(LabError::NoVersion(version))
}

fn usable(version: i64, prior: &Value) -> Result<Table, LabError> {
    let unusable = |reason: String| LabError::Unusable { version, reason };
    let table = Table::deserialize(prior).map_err(|error| unusable(error.to_string()))?;
    table.prior().map_err(|reason: Unusable| unusable(reason.to_string()))?;
    Ok(table)
}
