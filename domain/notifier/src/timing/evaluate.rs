//! The log of decision points, for what another chooser would have earned.
//!
//! A decision point is judged by its hour. Silence that was cut short, by a later draw to speak, is neither silence nor
//! speech: it is an action of its own, which no chooser is credited with, and silence that did last is as probable as all the
//! draws that it has outlasted. Otherwise, silence would be known least where speaking is most probable.

use bandit::estimate::{Log, LogError, Logged};

/// What became of a decision point's hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hour {
    /// oO was silent.
    Silent,
    /// oO spoke.
    Spoken,
    /// oO was silent, and then was not.
    Cut,
}

/// A decision point whose hour is over.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// What became of it.
    pub hour: Hour,
    /// How probable that was: of a silence, at all decision points of the hour.
    pub pscore: f64,
    /// What it earned.
    pub reward: f64,
    /// The probability with which the chooser that is evaluated would have spoken.
    pub shadow: f64,
    /// What a model expects silence and speaking to earn, from what was known before.
    pub expected: [f64; 2],
}

/// Rows as the matrices that `bandit::estimate` reads.
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
        for Row { hour, pscore, reward, shadow, expected: [silent, spoken] } in rows {
            columns.action.push(hour as usize);
            columns.reward.push(reward);
            columns.pscore.push(pscore);
            columns.action_dist.extend([1.0 - shadow, shadow, 0.0]);
            columns.q_hat.extend([silent, spoken, 0.0]);
        }
        columns
    }
}

impl Rows {
    /// These, and those of somebody else.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        let Self { action, reward, pscore, action_dist, q_hat } = other;
        self.action.extend(action);
        self.reward.extend(reward);
        self.pscore.extend(pscore);
        self.action_dist.extend(action_dist);
        self.q_hat.extend(q_hat);
        self
    }

    /// The log that estimators read.
    ///
    /// # Errors
    /// When there is no row, or something was chosen that had no chance.
    pub fn log(&self) -> Result<Log, LogError> {
        let Self { action, reward, pscore, action_dist, q_hat } = self;
        Log::new(&Logged { actions: 3, action, reward, pscore, action_dist, q_hat })
    }
}
