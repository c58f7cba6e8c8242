//! Moments of the past: a log by which choosers of moments are judged.

use std::collections::VecDeque;

use chrono::TimeDelta;
use kernel::{Timestamp, UserId, db};
use sqlx::PgPool;

use crate::{
    Error,
    learn::may_learn,
    store,
    timing::{Choice, Hour, Outcome, Shadows, WINDOW},
};

/// A moment at which it was drawn whether to speak, and what came of its hour.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// When.
    pub at: Timestamp,
    /// The hour by the person's clock, in [0, 24).
    pub hour: f64,
    /// What was drawn, and how probably oO was to speak.
    pub choice: Choice,
    /// Whether there was something to say: what was drawn to be said and was not changed nothing.
    pub was_said: bool,
    /// What the person did within the hour.
    pub outcome: Outcome,
    /// What others would have done.
    pub shadows: Shadows,
}

/// What a moment tells, beside those that followed it.
#[derive(Clone, Debug, PartialEq)]
pub struct Lasted {
    /// The moment.
    pub drawn: Drawn,
    /// What became of its hour.
    pub hour: Hour,
    /// How probable that was.
    pub pscore: f64,
}

impl Drawn {
    /// What came of it is worth so much: a word costs only where it was said.
    pub fn reward(&self) -> f64 {
        self.outcome.reward(self.choice.speak && self.was_said)
    }
}

/// Everybody of whom it was ever thought.
///
/// # Errors
/// When the database fails.
pub async fn people(db: &PgPool) -> Result<Vec<UserId>, Error> {
    Ok(store::people(db).await?)
}

/// What was drawn for `user`, of what is still kept and whose outcome is known, the oldest first. Nothing of somebody who
/// does not let their history be kept.
///
/// # Errors
/// When the database fails.
pub async fn drawn(db: &PgPool, user: UserId) -> Result<Vec<Drawn>, Error> {
    let mut tx = db::begin(db).await?;
    if !may_learn(&profile::profile(&mut *tx, user).await?) {
        return Ok(Vec::new());
    }
    Ok(store::drawn(&mut tx, user).await?)
}

/// What became of the hours of one person's moments, which are in the order of time.
pub fn lasted(moments: Vec<Drawn>) -> Vec<Lasted> {
    let window = TimeDelta::from_std(WINDOW).unwrap_or(TimeDelta::hours(1));
    // From the last to the first: those that follow within the hour.
    let mut later: VecDeque<(Timestamp, Choice)> = VecDeque::new();
    let mut all = Vec::with_capacity(moments.len());
    for drawn in moments.into_iter().rev() {
        let Drawn { at, choice, .. } = drawn;
        while later.back().is_some_and(|(then, _)| *then - at >= window) {
            later.pop_back();
        }
        let (hour, pscore) = if choice.speak {
            (Hour::Spoken, choice.probability)
        } else if later.iter().any(|(_, choice)| choice.speak) {
            (Hour::Cut, 1.0 - choice.probability)
        } else {
            let silence: f64 = later.iter().map(|(_, choice)| 1.0 - choice.probability).product();
            (Hour::Silent, (1.0 - choice.probability) * silence)
        };
        later.push_front((at, choice));
        all.push(Lasted { drawn, hour, pscore });
    }
    all.reverse();
    all
}
