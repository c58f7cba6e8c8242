//! The log that somebody else kept.

use std::{
    fmt::Write as _,
    fs,
    io::{self, Read},
};

use bandit::estimate::{Estimator, Interval, Log, Logged, estimators};
use serde::Deserialize;
use serde_json::json;

use super::CONFIDENCE;
use crate::LabError;

/// A log, one entry a round: the chosen action, its reward and probability; for every action, the evaluated policy's
/// probability and the reward that a model expects.
#[derive(Clone, Debug, Deserialize)]
struct File {
    action: Vec<usize>,
    reward: Vec<f64>,
    pscore: Vec<f64>,
    action_dist: Vec<Vec<f64>>,
    q_hat: Vec<Vec<f64>>,
    /// The hyperparameters to try.
    #[serde(default)]
    lambda: Vec<f64>,
}

/// What the evaluated policy would have earned, by every estimator.
pub struct Evaluation {
    log: Log,
    estimators: Vec<Estimator>,
}

impl Evaluation {
    /// Reads the log in `file`; `-` is the standard input.
    ///
    /// # Errors
    /// When there is none, or it cannot be evaluated.
    pub fn of_file(file: &str) -> Result<Self, LabError> {
        let text = if file == "-" {
            let mut text = String::new();
            io::stdin().read_to_string(&mut text).map(|_| text)
        } else {
            fs::read_to_string(file)
        };
        let text = text.map_err(|error| LabError::File { file: file.to_owned(), error })?;
        Self::of(&text).map_err(|reason| LabError::Log { file: file.to_owned(), reason })
    }

    /// Reads a log from JSON.
    ///
    /// # Errors
    /// Says why it cannot be evaluated.
    pub fn of(text: &str) -> Result<Self, String> {
        let file: File = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let rounds = file.action.len();
        let actions = file.action_dist.first().map_or(0, Vec::len);
        let action_dist = flat("action_dist", &file.action_dist, rounds, actions)?;
        let q_hat = flat("q_hat", &file.q_hat, rounds, actions)?;
        let log = Log::new(&Logged {
            actions,
            action: &file.action,
            reward: &file.reward,
            pscore: &file.pscore,
            action_dist: &action_dist,
            q_hat: &q_hat,
        })
        .map_err(|error| error.to_string())?;
        Ok(Self { log, estimators: estimators(&file.lambda).collect() })
    }

    /// As one line of JSON; a value that is not a number is null.
    pub fn json(&self) -> String {
        let estimate = |it: &Estimator| json!({ "name": it.name(), "lambda": it.lambda(), "value": it.value(&self.log) });
        let all: Vec<_> = self.estimators.iter().map(estimate).collect();
        json!({ "estimates": all }).to_string()
    }

    /// As a table, with intervals that hold when the logging policy did not learn meanwhile.
    pub fn table(&self) -> String {
        let mut table =
            format!("{:<10} {:>8} {:>9}   95 % interval", "estimator", "lambda", "value");
        for estimator in &self.estimators {
            let (name, value) = (estimator.name(), estimator.value(&self.log));
            let lambda = estimator.lambda().map(|lambda| lambda.to_string()).unwrap_or_default();
            let Interval { low, high } = estimator.interval(&self.log, CONFIDENCE);
            let _ = write!(table, "\n{name:<10} {lambda:>8} {value:>9.5}   {low:.5} to {high:.5}");
        }
        table
    }
}

/// Row after row, each as long as there are actions.
fn flat(field: &str, rows: &[Vec<f64>], rounds: usize, actions: usize) -> Result<Vec<f64>, String> {
    if rows.len() != rounds {
        return Err(format!("{field} has {} rows, not {rounds}", rows.len()));
    }
    match rows.iter().position(|row| row.len() != actions) {
        Some(round) => {
            let length = rows.get(round).map_or(0, Vec::len);
            Err(format!("{field} has {length} actions in round {round}, not {actions}"))
        }
        None => Ok(rows.concat()),
    }
}
