//! The log of decision points, for what another chooser would have earned.

use bandit::estimate::{Log, LogError, Logged};

use super::{Choice, Outcome};

/// A decision point whose hour is over.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// What was chosen, with the probability of speaking.
    pub choice: Choice,
    /// What came of it.
    pub outcome: Outcome,
    /// The probability with which the chooser that is evaluated would have spoken: a shadow's, logged at the time.
    pub shadow: f64,
}

/// Rows as the matrices that `bandit::estimate` reads: the actions are silence and speaking.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    action: Vec<usize>,
    reward: Vec<f64>,
    pscore: Vec<f64>,
    action_dist: Vec<f64>,
    q_hat: Vec<f64>,
}

impl FromIterator<Row> for Rows {
    fn from_iter<T: IntoIterator<Item = Row>>(rows: T) -> Self {
        let mut columns = Self::default();
        for Row { choice: Choice { speak, probability }, outcome, shadow } in rows {
            columns.action.push(usize::from(speak));
            columns.reward.push(outcome.reward(speak));
            columns.pscore.push(if speak { probability } else { 1.0 - probability });
            columns.action_dist.extend([1.0 - shadow, shadow]);
            columns.q_hat.extend([0.0, 0.0]);
        }
        columns
    }
}

impl Rows {
    /// The log that estimators read.
    ///
    /// # Errors
    /// When there is no row, or something was chosen that had no chance.
    pub fn log(&self) -> Result<Log, LogError> {
        let Self { action, reward, pscore, action_dist, q_hat } = self;
        Log::new(&Logged { actions: 2, action, reward, pscore, action_dist, q_hat })
    }
}
