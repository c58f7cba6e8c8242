//! What is believed of an arm before it was ever tried.

use crate::{Beta, Posterior};

/// More rewards than this are counted as this many.
const MOST: f64 = 1e9;

/// Before anything is known of a person: counts by the beginning of an arm's name, the first that fits.
/// They are worth about five answers, so that a week of use outweighs them.
#[derive(Clone, Copy, Debug)]
pub struct Prior(&'static [(&'static str, Beta)]);

impl Prior {
    /// For the arms of oO, named `source/kind/part of the day`: what has a date comes before what has
    /// none, and a person's own tasks come before advice.
    pub const SHIPPED: Self = Self(&[
        ("todoist/overdue/", beta(3.5, 1.5)),
        ("todoist/due_today/", beta(3.5, 1.5)),
        ("todoist/urgent/", beta(3.0, 2.0)),
        ("todoist/due_soon/", beta(2.5, 2.5)),
        ("todoist/quick/", beta(2.5, 2.5)),
        ("todoist/recurring/", beta(2.0, 3.0)),
        ("todoist/stale/", beta(1.5, 3.5)),
        ("todoist/", beta(1.5, 3.5)),
        ("library/", beta(1.25, 3.75)),
    ]);

    /// Nothing is known: the uniform distribution.
    pub const FLAT: Self = Self(&[]);

    /// The counts to begin with; always positive.
    pub fn of(&self, arm: &str) -> Beta {
        self.0
            .iter()
            .find(|(beginning, _)| arm.starts_with(beginning))
            .map_or(beta(1.0, 1.0), |(_, counts)| *counts)
    }

    /// Prior and experience together. No honest log holds counts that are negative or not finite; they
    /// are read as zero.
    pub(crate) fn with(&self, posterior: &Posterior, arm: &str) -> Beta {
        let Beta { successes, failures } = posterior.get(arm);
        self.of(arm) + beta(sane(successes), sane(failures))
    }
}

const fn beta(successes: f64, failures: f64) -> Beta {
    Beta { successes, failures }
}

fn sane(count: f64) -> f64 {
    if count.is_finite() { count.clamp(0.0, MOST) } else { 0.0 }
}
