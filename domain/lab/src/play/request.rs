//! What is asked and answered, one JSON object a line. Unknown fields are ignored.

use kernel::{TimeZone, Timestamp};
use serde::{Deserialize, Serialize};

/// What is asked.
#[derive(Debug, Deserialize)]
#[serde(tag = "op", rename_all = "lowercase")]
pub enum Request {
    /// Choose one.
    Decide(Decide),
    /// What became of it.
    React(React),
}

/// A decision that is asked for.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Decide {
    /// Whose; without a name, it is one person's.
    #[serde(default)]
    pub user: String,
    /// When.
    pub at: Timestamp,
    /// Where: an IANA name; UTC where it is missing or unknown.
    pub tz: Option<String>,
    /// Among what.
    pub candidates: Vec<Possible>,
}

impl Decide {
    pub(super) fn zone(&self) -> TimeZone {
        self.tz.as_deref().and_then(|name| name.parse().ok()).unwrap_or(TimeZone::UTC)
    }
}

/// One candidate: all but its id may be missing.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[expect(missing_docs, reason = "the protocol's own names")]
pub struct Possible {
    pub id: String,
    pub source: Option<String>,
    pub kind: Option<String>,
    /// 1 (normal) to 4 (urgent), as in Todoist.
    pub priority: Option<f64>,
    /// Negative: overdue.
    pub due_in_hours: Option<f64>,
    pub age_days: Option<f64>,
    pub duration_min: Option<f64>,
    pub labels: Option<Vec<String>>,
    pub project: Option<String>,
    pub text_len: Option<f64>,
    pub prompt_version: Option<String>,
    pub model: Option<String>,
}

/// A reaction.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct React {
    /// Whose; without a name, it is one person's.
    #[serde(default)]
    pub user: String,
    /// To which candidate.
    pub id: String,
    /// How.
    pub reaction: Reaction,
    /// When: it belongs to the newest decision of this candidate that is not later; to the newest, where this is missing.
    pub at: Option<Timestamp>,
}

/// How a tip was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "they are what they are called")]
pub enum Reaction {
    Done,
    Snooze,
    Dismiss,
    None,
}

/// The answer to a decision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chosen {
    /// The candidate's id.
    pub chosen: String,
    /// The probability with which it was chosen.
    pub propensity: f64,
}
