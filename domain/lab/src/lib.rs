//! What can be measured: the engine driven from outside, simulated persons, and logs, foreign ones or the own; and what
//! is learned of people in general.
//!
//! [`play`] is the code that serves with its memory in this process; [`raw`] chooses by vectors that somebody else made;
//! [`simulate`] plays the [`world`]s; [`evaluate`] tells from a log what other policies would have earned, and [`compare`]
//! which version of a prompt makes the better tips; [`moments`] judges when oO spoke up; [`train`] fits a prior. A [`judge`] puts on the people of [`profiles`],
//! and tells what they would do with candidates that nobody has seen.
//! [`models`] keeps the priors that were trained and says which of them serves; their artefacts go to an [`artefact`]
//! store, and to MLflow ([`mlflow`]). Only what reads the own log, and [`models`], needs a database.

pub mod artefact;
pub mod compare;
pub mod evaluate;
mod hindsight;
pub mod judge;
mod lines;
pub mod mlflow;
pub mod models;
pub mod moments;
pub mod play;
pub mod profiles;
pub mod raw;
mod recent;
pub mod simulate;
mod store;
pub mod train;
pub mod world;

use std::{io, sync::Arc};

use bandit::{POLICIES, Policy, Prior};
use kernel::UserId;
use notifier::past::Drawn;
use recommender::{Advised, Round, Written};
use sqlx::PgPool;

pub use store::PERSONAL;

/// What went wrong, for the person at the terminal.
#[derive(Debug, thiserror::Error)]
pub enum LabError {
    /// There is no such policy, family, …
    #[error("there is no {what} {name:?}; there are {known}")]
    #[expect(missing_docs, reason = "the message says it")]
    Unknown { what: &'static str, name: String, known: String },
    /// A number makes no sense.
    #[error("{0}")]
    Invalid(String),
    /// A file cannot be read or written.
    #[error("{file}: {error}")]
    #[expect(missing_docs, reason = "the message says it")]
    File { file: String, error: io::Error },
    /// A log cannot be evaluated.
    #[error("{file}: {reason}")]
    #[expect(missing_docs, reason = "the message says it")]
    Log { file: String, reason: String },
    /// The input or the output broke.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// There is nothing to learn from.
    #[error("nothing was answered yet: there is nothing to learn from")]
    Nothing,
    /// There is nothing to compare.
    #[error("no tip was shown yet that a language model wrote: there is nothing to compare")]
    NothingWritten,
    /// There is no moment to judge.
    #[error(
        "it was not drawn yet whether to speak, by anybody who lets that be kept: there is nothing to judge"
    )]
    NothingDrawn,
    /// The log of moments could not be read.
    #[error(transparent)]
    Notifier(#[from] notifier::Error),
    /// The log could not be read.
    #[error(transparent)]
    Recommender(#[from] recommender::Error),
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
    /// A prior cannot serve.
    #[error("version {version} cannot serve: {reason}")]
    #[expect(missing_docs, reason = "the message says it")]
    Unusable { version: i64, reason: String },
    /// There is no such version.
    #[error("there is no version {0}; `oo lab list` tells which there are")]
    NoVersion(i64),
    /// Nothing was promoted.
    #[error("the prior that is shipped serves: there is nothing to go back to")]
    NothingPromoted,
    /// Another prior serves than the one that was compared with.
    #[error("another prior serves by now than the one that it was compared with")]
    Overtaken,
    /// An artefact could not be stored, or MLflow not be told.
    #[error("{service}: {reason}")]
    #[expect(missing_docs, reason = "the message says it")]
    Service { service: &'static str, reason: String },
    /// A model failed too often.
    #[error(
        "it stopped: {alias} failed, {in_a_row} in a row, and all in all {reasons}; what was answered is kept, and the same \
         command goes on from there"
    )]
    #[expect(missing_docs, reason = "the message says it")]
    Stopped { alias: &'static str, in_a_row: usize, reasons: String },
    /// There are no such prompts.
    #[error(transparent)]
    Prompt(#[from] advice::PromptError),
    /// The library is damaged.
    #[error(transparent)]
    Library(#[from] advice::LibraryError),
    /// The rules for what is written are damaged.
    #[error(transparent)]
    Rules(#[from] advice::RulesError),
    /// The report could not be drawn.
    #[error("the report could not be drawn: {0}")]
    Report(String),
}

/// The policy `name`, with the prior that is shipped.
///
/// # Errors
/// When there is none of this name.
pub fn policy(name: &str) -> Result<Box<dyn Policy>, LabError> {
    policy_with(name, &Arc::new(recommender::prior::shipped()))
}

fn policy_with(name: &str, prior: &Arc<Prior>) -> Result<Box<dyn Policy>, LabError> {
    bandit::policy(name, prior).ok_or_else(|| unknown("policy", name, POLICIES))
}

/// Everybody's answered decisions, of those who answered any.
///
/// # Errors
/// When the database fails.
pub async fn rounds(db: &PgPool) -> Result<Vec<(UserId, Vec<Round>)>, LabError> {
    let mut all = Vec::new();
    for user in recommender::people(db).await? {
        let rounds = recommender::rounds(db, user).await?;
        if !rounds.is_empty() {
            all.push((user, rounds));
        }
    }
    Ok(all)
}

/// What was drawn of when to speak, for each of those for whom anything was.
///
/// # Errors
/// When the database fails.
pub async fn drawn(db: &PgPool) -> Result<Vec<Vec<Drawn>>, LabError> {
    let mut all = Vec::new();
    for user in notifier::past::people(db).await? {
        let drawn = notifier::past::drawn(db, user).await?;
        if !drawn.is_empty() {
            all.push(drawn);
        }
    }
    Ok(all)
}

/// What language models wrote, for each of those who were shown any of it.
///
/// # Errors
/// When the database fails.
pub async fn written(db: &PgPool) -> Result<Vec<Vec<Written>>, LabError> {
    let mut all = Vec::new();
    for user in recommender::people(db).await? {
        let written = recommender::written(db, user).await?;
        if !written.is_empty() {
            all.push(written);
        }
    }
    Ok(all)
}

/// How advice of the shipped library was answered, by each of those who answered any.
///
/// # Errors
/// When the database fails.
pub async fn advised(db: &PgPool) -> Result<Vec<Vec<Advised>>, LabError> {
    let mut all = Vec::new();
    for user in recommender::people(db).await? {
        let advised = recommender::advised(db, user).await?;
        if !advised.is_empty() {
            all.push(advised);
        }
    }
    Ok(all)
}

fn unknown(what: &'static str, name: &str, known: &[&str]) -> LabError {
    LabError::Unknown { what, name: name.to_owned(), known: known.join(", ") }
}
