//! What is learned: counts of an arm, arm by arm.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The counts of a Beta distribution: rewards earned, and rewards missed. Both may be fractional.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Beta {
    /// The sum of rewards.
    pub successes: f64,
    /// The sum of what was missing to a reward of one.
    pub failures: f64,
}

impl Beta {
    /// The mean reward, for counts that are positive.
    pub fn mean(self) -> f64 {
        self.successes / (self.successes + self.failures)
    }

    /// The standard deviation, for counts that are positive.
    pub(crate) fn deviation(self) -> f64 {
        let (mean, n) = (self.mean(), self.successes + self.failures);
        (mean * (1.0 - mean) / (n + 1.0)).sqrt()
    }
}

impl std::ops::Add for Beta {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            successes: self.successes + other.successes,
            failures: self.failures + other.failures,
        }
    }
}

/// What one policy has learned about one person: counts by arm, without the policy's prior.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Posterior(BTreeMap<String, Beta>);

impl Posterior {
    /// The counts of `arm`; zero when it was never seen.
    pub fn get(&self, arm: &str) -> Beta {
        self.0.get(arm).copied().unwrap_or_default()
    }

    /// Sets the counts of `arm`.
    pub fn set(&mut self, arm: &str, counts: Beta) {
        self.0.insert(arm.to_owned(), counts);
    }

    /// All arms that were seen, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Beta)> {
        self.0.iter().map(|(arm, counts)| (arm.as_str(), *counts))
    }
}
