//! The priors that were trained, and which of them serves.
//!
//! A model is a row: the prior that serves is read from the database, by every server, and what was promoted can be taken
//! back. Where nothing is promoted, the prior that is shipped serves.

use bandit::estimate::{Interval, Weighted};
use kernel::Timestamp;
use recommender::prior::Table;
use sqlx::PgPool;

use crate::{LabError, store, train::Trained};

/// A prior that was trained.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Its number.
    pub version: i64,
    /// When it was made.
    pub trained_at: Timestamp,
    /// What it believes.
    pub table: Table,
    /// The fingerprint of the prior that served then.
    pub baseline: String,
    /// Whose answers it was fitted to.
    pub people: i32,
    /// How many these were.
    pub answers: i32,
    /// How much more a tip would have earned than with the baseline; none where that could not be told.
    pub gain: Option<Weighted>,
    /// Where its artefact is.
    pub artefact: Option<String>,
    /// Its version at MLflow.
    pub mlflow_version: Option<String>,
    /// Whether it serves.
    pub serves: bool,
}

/// Writes a model down; it does not serve yet.
///
/// # Errors
/// When the database fails.
pub async fn register(
    db: &PgPool,
    trained: &Trained,
    baseline: &Table,
    artefact: &str,
    at: Timestamp,
) -> Result<Model, LabError> {
    let count = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
    let mut model = Model {
        version: 0,
        trained_at: at,
        table: Table::of(&trained.prior),
        baseline: baseline.fingerprint(),
        people: count(trained.people),
        answers: count(trained.answers),
        gain: trained.gain.filter(|gain| gain.interval != Interval::EVERYTHING),
        artefact: Some(artefact.to_owned()),
        mlflow_version: None,
        serves: false,
    };
    model.version = store::insert(db, &model).await?;
    Ok(model)
}

/// Notes where MLflow has it.
///
/// # Errors
/// When the database fails.
pub async fn is_at_mlflow(
    db: &PgPool,
    version: i64,
    run: &str,
    at_mlflow: &str,
) -> Result<(), LabError> {
    Ok(store::set_mlflow(db, version, run, at_mlflow).await?)
}

/// Lets `version` serve, from a few moments on.
///
/// # Errors
/// When there is none, or it is for other features.
pub async fn promote(db: &PgPool, version: i64, at: Timestamp) -> Result<Model, LabError> {
    let model = list(db).await?.into_iter().find(|model| model.version == version);
    let model = model.ok_or(LabError::NoVersion(version))?;
    model.table.prior().map_err(|reason| LabError::Unusable { version, reason })?;
    store::promote(db, version, at).await?;
    Ok(Model { serves: true, ..model })
}

/// Lets what served before serve again, and tells which that is; `None`: the prior that is shipped.
///
/// # Errors
/// When nothing is promoted.
pub async fn rollback(db: &PgPool, at: Timestamp) -> Result<Option<Model>, LabError> {
    if !store::take_back(db, at).await? {
        return Err(LabError::NothingPromoted);
    }
    serving(db).await
}

/// All of them, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &PgPool) -> Result<Vec<Model>, LabError> {
    Ok(store::models(db).await?)
}

/// The one that serves; `None`: the prior that is shipped.
///
/// # Errors
/// When the database fails.
pub async fn serving(db: &PgPool) -> Result<Option<Model>, LabError> {
    Ok(store::serving(db).await?)
}

impl Model {
    /// Whether it may serve without being asked for: with 95 % confidence, it is better than what serves.
    pub fn is_better(&self) -> bool {
        self.gain.is_some_and(|gain| gain.interval.low > 0.0)
    }
}
