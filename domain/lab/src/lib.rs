//! What can be measured before a person is asked: the engine driven from outside, simulated persons, foreign logs.
//!
//! Nothing here needs a database or a configuration. [`play`] is the code that serves with its memory in this process;
//! [`raw`] chooses by vectors that somebody else made; [`simulate`] plays the [`world`]s; [`evaluate`] reads a log;
//! [`train`] fits the prior that is shipped.

pub mod evaluate;
mod lines;
pub mod play;
pub mod raw;
mod recent;
pub mod simulate;
pub mod train;
pub mod world;

use std::{io, sync::Arc};

use bandit::{POLICIES, Policy};

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
    /// The report could not be drawn.
    #[error("the report could not be drawn: {0}")]
    Report(String),
}

/// The policy `name`, with the prior that is shipped.
///
/// # Errors
/// When there is none of this name.
pub fn policy(name: &str) -> Result<Box<dyn Policy>, LabError> {
    let prior = Arc::new(recommender::prior::shipped());
    bandit::policy(name, &prior).ok_or_else(|| unknown("policy", name, POLICIES))
}

fn unknown(what: &'static str, name: &str, known: &[&str]) -> LabError {
    LabError::Unknown { what, name: name.to_owned(), known: known.join(", ") }
}
