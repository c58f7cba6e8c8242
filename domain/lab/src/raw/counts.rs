//! Policies that do not look at the context.

use super::{ARMS, Model, Score, best, greedy};
use crate::recent::Recent;

/// How often any arm is taken.
const EPSILON: f64 = 0.1;

/// How often an arm was rewarded, and with how much.
#[derive(Clone, Copy, Debug, Default)]
struct Rewards {
    count: f64,
    sum: f64,
}

/// How rewards are chosen by.
enum Rule {
    Random,
    EpsilonGreedy,
    Thompson,
}

/// The mean reward of each arm.
pub(super) struct Counts {
    rule: Rule,
    arms: Recent<Rewards>,
}

impl Counts {
    /// Any arm as often as any other.
    pub(super) fn random() -> Self {
        Self { rule: Rule::Random, arms: Recent::new(ARMS) }
    }

    /// The best mean; now and then, any arm (Sutton & Barto 2018, 2.2).
    pub(super) fn epsilon_greedy() -> Self {
        Self { rule: Rule::EpsilonGreedy, arms: Recent::new(ARMS) }
    }

    /// Each as often as it is the best, by the normal limit of its posterior.
    pub(super) fn thompson() -> Self {
        Self { rule: Rule::Thompson, arms: Recent::new(ARMS) }
    }
}

impl Model for Counts {
    fn propensities(&mut self, _: &[f64], arms: &[String]) -> Vec<f64> {
        let known = arms.iter().map(|arm| self.arms.get(arm).copied().unwrap_or_default());
        // One reward of a half before all others.
        let score = |Rewards { count, sum }| Score {
            mean: (sum + 0.5) / (count + 1.0),
            deviation: 0.5 / f64::sqrt(count + 1.0),
        };
        let scores: Vec<Score> = known.map(score).collect();
        let means: Vec<f64> = scores.iter().map(|score| score.mean).collect();
        let even = greedy(&vec![0.0; arms.len()]);
        match self.rule {
            Rule::Random => even,
            Rule::EpsilonGreedy => {
                let mixed = |(best, any): (f64, f64)| (1.0 - EPSILON) * best + EPSILON * any;
                greedy(&means).into_iter().zip(even).map(mixed).collect()
            }
            Rule::Thompson => best(&scores),
        }
    }

    fn learn(&mut self, _: &[f64], arm: &str, reward: f64) {
        let rewards = self.arms.used(arm, Rewards::default);
        rewards.count += 1.0;
        rewards.sum += reward;
    }
}
