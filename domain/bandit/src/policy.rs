//! The contract of a policy, and the registry.

use std::sync::Arc;

use rand::{Rng, RngExt};

use crate::{Candidate, Feature, Lesson, Prior, policies};

/// A way of choosing.
pub trait Policy: Send + Sync {
    /// The name in the registry.
    fn name(&self) -> &'static str;

    /// What it believes of a person of whom nothing is known.
    fn posterior(&self) -> Box<dyn Posterior>;

    /// What it believes of a person who has taught it these lessons.
    fn posterior_after(&self, lessons: &[Arc<Lesson>]) -> Box<dyn Posterior> {
        let mut posterior = self.posterior();
        for lesson in lessons {
            posterior.learn(Arc::clone(lesson));
        }
        posterior
    }

    /// The same policy, knowing the lessons of other people; itself, where it does not learn from others.
    fn knowing(&self, _others: &[Vec<Arc<Lesson>>]) -> Option<Box<dyn Policy>> {
        None
    }
}

/// What a policy believes of one person. It follows from the lessons alone: in whatever order they come, it ends
/// in the same state, to the bit.
pub trait Posterior: Send {
    /// Takes in one lesson; of two with the same time, the later replaces the earlier.
    fn learn(&mut self, lesson: Arc<Lesson>);

    /// Fills `out` with the probability of each of `candidates` at the time `at` (microseconds since 1970); they sum to
    /// one. Empty for no candidates.
    fn propensities(&mut self, at: i64, candidates: &[Candidate<'_>], out: &mut Vec<f64>);

    /// The mean reward that is expected of `candidate`, as a sum over its features; empty for a policy that does
    /// not know what it owes to which.
    fn contributions(&mut self, _candidate: &Candidate<'_>) -> Vec<(Feature, f64)> {
        Vec::new()
    }

    /// What is believed of each weight that something was learned about; empty for a policy without weights.
    fn weights(&mut self) -> Vec<Weight> {
        Vec::new()
    }
}

/// What is believed of one weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weight {
    /// The coordinate.
    pub index: u16,
    /// How much the expected reward grows with its value.
    pub mean: f64,
    /// How surely that is known.
    pub deviation: f64,
}

/// A draw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Choice {
    /// The position among the candidates.
    pub index: usize,
    /// The probability with which it was drawn, in (0, 1].
    pub propensity: f64,
}

/// Draws from exactly these `propensities`; `None` only when there is none.
pub fn draw(propensities: &[f64], rng: &mut dyn Rng) -> Option<Choice> {
    let mut left: f64 = rng.random();
    let mut last = None;
    for (index, &propensity) in propensities.iter().enumerate() {
        if propensity > 0.0 {
            last = Some(Choice { index, propensity });
            left -= propensity;
        }
        if left < 0.0 {
            break;
        }
    }
    // Rounding may leave a remainder of 1e-16: it belongs to the last candidate.
    last
}

/// The names in the registry; the first one serves by default.
pub const POLICIES: &[&str] = &[
    "personal",
    "linear_thompson",
    "logistic_thompson",
    "lin_ucb",
    "recovering_softmax",
    "thompson",
    "epsilon_greedy",
    "random",
];

/// The policy `name`, which begins with `prior` where it knows of features.
pub fn policy(name: &str, prior: &Arc<Prior>) -> Option<Box<dyn Policy>> {
    policies::named(name, prior)
}
