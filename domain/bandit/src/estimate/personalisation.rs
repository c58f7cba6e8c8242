//! Did we personalise, or does a learner's own chance look like it?
//!
//! A learner that treats mornings and evenings apart ends up treating them differently even where they are
//! alike. Ghosh et al. (2024) ask how often: run it again and again in a world where the groups do not
//! differ, and see how often they seem to differ as much.

use std::collections::BTreeMap;

use rand::{Rng, RngExt, seq::SliceRandom};

use super::float;

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

/// A world in which an action earns the same in every group: what it earned in any, each reward as likely as
/// it would be had all actions been equally so (weighted by one over its propensity).
#[derive(Clone, Debug)]
pub struct NullWorld {
    /// For each action, its rewards with the sum of the weights up to each.
    rewards: BTreeMap<usize, Vec<(f64, f64)>>,
}

impl NullWorld {
    /// The null world of a log. Decisions without a positive propensity are left out.
    pub fn of(decisions: &[Decision]) -> Self {
        let mut rewards: BTreeMap<usize, Vec<(f64, f64)>> = BTreeMap::new();
        for decision in decisions.iter().filter(|decision| decision.pscore > 0.0) {
            let rewards = rewards.entry(decision.action).or_default();
            let before = rewards.last().map_or(0.0, |(_, sum)| *sum);
            rewards.push((decision.reward, before + decision.pscore.recip()));
        }
        Self { rewards }
    }

    /// Draws a reward of `action`; `None` if it was never chosen.
    pub fn reward(&self, action: usize, rng: &mut dyn Rng) -> Option<f64> {
        let rewards = self.rewards.get(&action)?;
        let (last, sum) = rewards.last()?;
        let drawn = rng.random::<f64>() * sum;
        let at = rewards.partition_point(|(_, sum)| *sum <= drawn);
        Some(rewards.get(at).map_or(*last, |(reward, _)| *reward))
    }
}

/// How differently groups are treated: the total variation distance between how often each action is chosen
/// in a group and overall, averaged over the decisions. Zero of nothing.
pub fn treatment_gap(decisions: &[Decision]) -> f64 {
    let (mut cells, mut actions, mut groups) =
        (BTreeMap::new(), BTreeMap::<_, f64>::new(), BTreeMap::<_, f64>::new());
    for Decision { group, action, .. } in decisions {
        *cells.entry((group, action)).or_insert(0.0) += 1.0;
        *actions.entry(action).or_default() += 1.0;
        *groups.entry(group).or_default() += 1.0;
    }
    let all = float(decisions.len().max(1));
    let distance = |(group, of_group): (&usize, &f64)| {
        let apart = |(action, of_action): (&usize, &f64)| {
            let both = cells.get(&(group, action)).copied().unwrap_or(0.0);
            (both - of_group * of_action / all).abs()
        };
        0.5 * actions.iter().map(|(action, count)| apart((action, count))).sum::<f64>()
    };
    groups.iter().map(|(group, count)| distance((group, count))).sum::<f64>() / all
}

/// How differently groups respond: the squared distance between an action's mean reward in a group and
/// overall, averaged over the decisions. Means are weighted by one over the propensities, so that what a
/// learner prefers does not colour them. Zero of nothing.
pub fn effect_gap(decisions: &[Decision]) -> f64 {
    let (mut cells, mut actions) = (BTreeMap::<_, Mean>::new(), BTreeMap::<_, Mean>::new());
    for decision in decisions {
        cells.entry((decision.action, decision.group)).or_default().add(decision);
        actions.entry(decision.action).or_default().add(decision);
    }
    let apart = |((action, _), mean): (&(usize, usize), &Mean)| {
        actions.get(action).map_or(0.0, |all| mean.count * (mean.value() - all.value()).powi(2))
    };
    cells.iter().map(apart).sum::<f64>() / float(decisions.len().max(1))
}

#[derive(Default)]
struct Mean {
    count: f64,
    sum: f64,
    weight: f64,
}

impl Mean {
    fn add(&mut self, decision: &Decision) {
        self.count += 1.0;
        self.sum += decision.reward / decision.pscore;
        self.weight += decision.pscore.recip();
    }

    fn value(&self) -> f64 {
        self.sum / self.weight
    }
}
