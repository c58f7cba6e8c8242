//! What an operator may choose.

use std::{sync::Arc, time::Duration};

use bandit::{Policy, Prior};
use chrono::TimeDelta;

use crate::prior::Table;

/// The times that shape a tip's life.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How long a reaction can be taken back.
    pub undo_window: TimeDelta,
    /// How long a tip stays open without a reaction.
    pub tip_lifetime: TimeDelta,
    /// How long a decision waits for what it is decided from: tasks, and a language model where none of its ideas is at
    /// hand.
    pub deadline: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            undo_window: TimeDelta::seconds(10),
            tip_lifetime: TimeDelta::hours(6),
            deadline: Duration::from_millis(800),
        }
    }
}

/// The policy that serves, and those that choose in its shadow.
pub struct Policies {
    pub(crate) serving: Box<dyn Policy>,
    pub(crate) shadows: Vec<Box<dyn Policy>>,
    /// The fingerprint of the prior.
    pub(crate) prior: String,
}

/// The registry has no policy of this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no policy `{0}`; there are: {known}", known = bandit::POLICIES.join(", "))]
pub struct UnknownPolicy(pub String);

impl Policies {
    /// Looks the policies up in `bandit`'s registry; what is believed of anybody is the `prior`. A shadow that also
    /// serves, or is named twice, counts once.
    pub fn by_name(
        serving: &str,
        shadows: &[String],
        prior: &Arc<Prior>,
    ) -> Result<Self, UnknownPolicy> {
        let find =
            |name: &str| bandit::policy(name, prior).ok_or_else(|| UnknownPolicy(name.to_owned()));
        let fingerprint = Table::of(prior).fingerprint();
        let mut policies =
            Self { serving: find(serving)?, shadows: Vec::new(), prior: fingerprint };
        for name in shadows {
            if policies.all().all(|policy| policy.name() != name) {
                policies.shadows.push(find(name)?);
            }
        }
        Ok(policies)
    }

    /// All of them, the serving one first.
    pub(crate) fn all(&self) -> impl Iterator<Item = &dyn Policy> {
        std::iter::once(&self.serving).chain(&self.shadows).map(AsRef::as_ref)
    }
}
