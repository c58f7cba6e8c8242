//! The contract of a policy, and the registry.

use rand::{Rng, RngExt};

use crate::{
    Beta, Posterior, Prior, epsilon_greedy::EpsilonGreedy, random::Random, thompson::Thompson,
};

/// The moment of a decision.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Context {
    /// Unix time, in seconds: the clock is handed in.
    pub at: f64,
}

/// One candidate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate<'a> {
    /// The arm that it is an instance of.
    pub arm: &'a str,
    /// How good an instance: higher is likelier. What is not finite counts as zero.
    pub merit: f64,
}

/// A draw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Choice {
    /// The position among the candidates.
    pub index: usize,
    /// The probability with which it was drawn, in (0, 1].
    pub propensity: f64,
}

/// Chooses among candidates.
pub trait Policy: Send + Sync {
    /// The name in the registry.
    fn name(&self) -> &'static str;

    /// The probability of each candidate, in their order; they sum to one. Empty for no candidates.
    fn propensities(
        &self,
        context: &Context,
        candidates: &[Candidate<'_>],
        posterior: &Posterior,
    ) -> Vec<f64>;

    /// The mean reward that is expected of `arm`, prior included.
    fn belief(&self, arm: &str, posterior: &Posterior) -> f64;

    /// What a `reward`, clamped to [0, 1], adds to the counts of its arm.
    fn update(&self, reward: f64) -> Beta {
        let reward = if reward.is_finite() { reward.clamp(0.0, 1.0) } else { 0.0 };
        Beta { successes: reward, failures: 1.0 - reward }
    }

    /// Draws one candidate; `None` only when there is none.
    fn choose(
        &self,
        context: &Context,
        candidates: &[Candidate<'_>],
        posterior: &Posterior,
        rng: &mut dyn Rng,
    ) -> Option<Choice> {
        let propensities = self.propensities(context, candidates, posterior);
        let mut left: f64 = rng.random();
        let mut last = None;
        for (index, propensity) in propensities.into_iter().enumerate() {
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
}

/// The names in the registry.
pub const POLICIES: &[&str] = &["thompson", "epsilon_greedy", "random"];

/// The policy `name`, with its shipped prior.
pub fn policy(name: &str) -> Option<Box<dyn Policy>> {
    Some(match name {
        "thompson" => Box::new(Thompson::new(Prior::SHIPPED)),
        "epsilon_greedy" => Box::new(EpsilonGreedy::new(Prior::SHIPPED)),
        "random" => Box::new(Random),
        _ => return None,
    })
}
