//! What came of a decision point, as a number.

use serde::{Deserialize, Serialize};

/// What the person did with a tip within the hour, called or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// They did it.
    Done,
    /// They put it off.
    Snoozed,
    /// They sent it away.
    Dismissed,
    /// Nothing.
    Nothing,
}

impl Outcome {
    /// Its name in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Snoozed => "snoozed",
            Self::Dismissed => "dismissed",
            Self::Nothing => "nothing",
        }
    }

    /// The inverse of [`Outcome::as_str`].
    pub fn named(name: &str) -> Option<Self> {
        let all = [Self::Done, Self::Snoozed, Self::Dismissed, Self::Nothing];
        all.into_iter().find(|outcome| outcome.as_str() == name)
    }

    /// What it is worth. Being called for nothing costs a little, and being called for what one sends away costs more; by
    /// themselves, people may send away what they like.
    pub fn reward(self, spoke: bool) -> f64 {
        match (self, spoke) {
            (Self::Done, _) => 1.0,
            (Self::Snoozed, _) => 0.2,
            (Self::Dismissed, true) => -0.3,
            (Self::Nothing, true) => -0.05,
            (Self::Dismissed | Self::Nothing, false) => 0.0,
        }
    }
}
