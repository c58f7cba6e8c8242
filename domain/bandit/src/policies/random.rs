//! Any candidate, with equal probability: the policy that all others are compared with.

use std::sync::Arc;

use crate::{Candidate, Lesson, Policy, Posterior};

#[derive(Clone, Copy)]
pub(crate) struct Random;

impl Policy for Random {
    fn name(&self) -> &'static str {
        "random"
    }

    fn posterior(&self) -> Box<dyn Posterior> {
        Box::new(*self)
    }
}

impl Posterior for Random {
    fn learn(&mut self, _: Arc<Lesson>) {}

    #[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^52 candidates")]
    fn propensities(&mut self, _: i64, candidates: &[Candidate<'_>], out: &mut Vec<f64>) {
        out.clear();
        out.resize(candidates.len(), 1.0 / candidates.len() as f64);
    }
}
