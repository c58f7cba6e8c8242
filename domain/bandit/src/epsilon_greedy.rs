//! The arm with the best mean; now and then, any candidate.

use crate::{Candidate, Context, Policy, Posterior, Prior, arms::Arms};

/// How often any candidate is taken.
const EPSILON: f64 = 0.1;

/// Means this close to each other are a tie.
const TIE: f64 = 1e-12;

pub(crate) struct EpsilonGreedy {
    prior: Prior,
}

impl EpsilonGreedy {
    pub(crate) fn new(prior: Prior) -> Self {
        Self { prior }
    }
}

impl Policy for EpsilonGreedy {
    fn name(&self) -> &'static str {
        "epsilon_greedy"
    }

    fn propensities(
        &self,
        _: &Context,
        candidates: &[Candidate<'_>],
        posterior: &Posterior,
    ) -> Vec<f64> {
        let arms = Arms::new(candidates);
        let means: Vec<f64> = arms.names.iter().map(|arm| self.belief(arm, posterior)).collect();
        let best = means.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let is_best = |mean: f64| if mean >= best - TIE { 1.0 } else { 0.0 };
        let ties: f64 = means.iter().map(|mean| is_best(*mean)).sum();
        let greedy: Vec<f64> = means.iter().map(|mean| is_best(*mean) / ties).collect();
        arms.spread(&greedy, EPSILON)
    }

    fn belief(&self, arm: &str, posterior: &Posterior) -> f64 {
        self.prior.with(posterior, arm).mean()
    }
}
