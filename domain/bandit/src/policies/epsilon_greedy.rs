//! The arm with the best mean; now and then, any candidate.

use std::sync::Arc;

use super::{
    arms::{Arms, Counts},
    greedy,
    thompson::Beta,
};
use crate::{Candidate, Lesson, Policy, Posterior, floor};

/// How often any candidate is taken.
const EPSILON: f64 = 0.1;

/// Means this close to each other are a tie.
const TIE: f64 = 1e-12;

/// Sutton & Barto (2018): *Reinforcement Learning*, 2.2.
pub(crate) struct EpsilonGreedy;

impl Policy for EpsilonGreedy {
    fn name(&self) -> &'static str {
        "epsilon_greedy"
    }

    fn posterior(&self) -> Box<dyn Posterior> {
        Box::new(Means(Counts::default()))
    }
}

struct Means(Counts);

impl Posterior for Means {
    fn learn(&mut self, lesson: Arc<Lesson>) {
        self.0.learn(lesson);
    }

    #[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^52 candidates")]
    fn propensities(&mut self, _: i64, candidates: &[Candidate<'_>], out: &mut Vec<f64>) {
        let arms = Arms::new(candidates);
        let means = arms.distinct.iter().map(|arm| (self.0.of(*arm) + Beta::ONE).mean());
        let means: Vec<f64> = means.collect();
        arms.spread(&greedy(&means, TIE), out);
        for propensity in &mut *out {
            *propensity = EPSILON / candidates.len() as f64 + (1.0 - EPSILON) * *propensity;
        }
        floor::raise(out);
    }
}
