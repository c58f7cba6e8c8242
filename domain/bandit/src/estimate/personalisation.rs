//! Did we personalise, or does a learner's own chance look like it?
//!
//! A learner that treats mornings and evenings apart ends up treating them differently even where they are
//! alike. Ghosh et al. (2024) ask how often: run it again and again in a world where the groups do not
//! differ, and see how often they seem to differ as much.

mod gaps;
mod null_world;

use std::collections::BTreeMap;

use rand::{Rng, seq::SliceRandom};

use super::float;
pub use gaps::{effect_gap, treatment_gap};
pub use null_world::NullWorld;

/// A decision about a person.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decision {
    /// The group of contexts that it was made in: what the learner may tell apart.
    pub group: usize,
    /// The action chosen.
    pub action: usize,
    /// What it earned.
    pub reward: f64,
    /// The probability with which it was chosen.
    pub pscore: f64,
}

/// What a test found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Test {
    /// The statistic of what was observed.
    pub statistic: f64,
    /// How likely the null world is to show as much: `(1 + #{null ≥ observed}) / (1 + resamples)`.
    pub p_value: f64,
}

/// Compares an `observed` statistic with that of `resamples` null worlds. `null` runs the policy again in
/// one of them, from the generator that it is given, and returns the statistic.
///
/// ```
/// use bandit::estimate::{Decision, NullWorld, resampling_test, treatment_gap};
/// use rand::{RngExt, SeedableRng, rngs::ChaCha12Rng};
///
/// // Logged: both groups always got action 0 or 1 by the flip of a coin.
/// let logged: Vec<Decision> = (0..40)
///     .map(|i| Decision { group: i % 2, action: i / 2 % 2, reward: 1.0, pscore: 0.5 })
///     .collect();
///
/// let world = NullWorld::of(&logged);
/// let mut rng = ChaCha12Rng::seed_from_u64(1);
/// let test = resampling_test(treatment_gap(&logged), 199, &mut rng, |rng| {
///     let mut again = logged.clone();
///     for decision in &mut again {
///         decision.action = rng.random_range(0..2);
///         decision.reward = world.reward(decision.action, rng).unwrap_or(0.0);
///     }
///     treatment_gap(&again)
/// });
/// assert!(test.p_value > 0.05);
/// ```
pub fn resampling_test(
    observed: f64,
    resamples: usize,
    rng: &mut dyn Rng,
    mut null: impl FnMut(&mut dyn Rng) -> f64,
) -> Test {
    // A statistic that is not a number speaks for the null: it is not counted as less.
    let less = (0..resamples).filter(|_| null(rng) < observed).count();
    Test { statistic: observed, p_value: float(1 + resamples - less) / float(1 + resamples) }
}

/// [`resampling_test`] without a policy to run again: the rewards of each action are dealt anew over all its
/// decisions, whatever their group.
///
/// Exact if propensities did not follow from rewards; a learner that gives an action up in one group after a
/// bad start there makes it approximate. `statistic` must depend on the rewards, as [`effect_gap`] does.
pub fn permutation_test(
    decisions: &[Decision],
    statistic: impl Fn(&[Decision]) -> f64,
    resamples: usize,
    rng: &mut dyn Rng,
) -> Test {
    let mut by_action: BTreeMap<usize, (Vec<usize>, Vec<f64>)> = BTreeMap::new();
    for (index, decision) in decisions.iter().enumerate() {
        let (indices, rewards) = by_action.entry(decision.action).or_default();
        indices.push(index);
        rewards.push(decision.reward);
    }
    let mut dealt = decisions.to_vec();
    resampling_test(statistic(decisions), resamples, rng, |rng| {
        for (indices, rewards) in by_action.values_mut() {
            rewards.shuffle(rng);
            for (&index, &reward) in indices.iter().zip(&*rewards) {
                dealt[index].reward = reward;
            }
        }
        statistic(&dealt)
    })
}
