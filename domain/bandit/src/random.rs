//! Any candidate, with equal probability: the policy that all others are compared with.

use crate::{Candidate, Context, Policy, Posterior, Prior};

pub(crate) struct Random;

impl Policy for Random {
    fn name(&self) -> &'static str {
        "random"
    }

    #[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^52 candidates")]
    fn propensities(&self, _: &Context, candidates: &[Candidate<'_>], _: &Posterior) -> Vec<f64> {
        vec![1.0 / candidates.len() as f64; candidates.len()]
    }

    fn belief(&self, arm: &str, posterior: &Posterior) -> f64 {
        Prior::FLAT.with(posterior, arm).mean()
    }
}
