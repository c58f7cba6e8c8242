//! Chance is seldom taken for personalisation, and personalisation is seen.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use bandit::estimate::{
    Decision, NullWorld, Test, effect_gap, permutation_test, resampling_test, treatment_gap,
};
use rand::{Rng, RngExt, SeedableRng, rngs::ChaCha12Rng};

const ROUNDS: usize = 150;
const RESAMPLES: usize = 39;

/// How often each action is rewarded, in two groups.
const EQUAL: [[f64; 2]; 2] = [[0.5, 0.5], [0.5, 0.5]];
const ALIKE: [[f64; 2]; 2] = [[0.4, 0.6], [0.4, 0.6]];
const APART: [[f64; 2]; 2] = [[0.2, 0.8], [0.8, 0.2]];

/// A learner that keeps the groups apart, and mostly chooses what earned most in its group so far.
fn learn(
    mut reward: impl FnMut(usize, usize, &mut dyn Rng) -> f64,
    rng: &mut dyn Rng,
) -> Vec<Decision> {
    let mut counts = [[(0.5, 1.0); 2]; 2];
    (0..ROUNDS)
        .map(|_| {
            let group = rng.random_range(0..2);
            let [first, second] = counts[group].map(|(earned, chosen)| earned / chosen);
            let first = (0.5_f64 + 2.0 * (first - second)).clamp(0.1, 0.9);
            let action = usize::from(rng.random::<f64>() >= first);
            let reward = reward(group, action, rng);
            counts[group][action].0 += reward;
            counts[group][action].1 += 1.0;
            Decision { group, action, reward, pscore: [first, 1.0 - first][action] }
        })
        .collect()
}

fn logged(world: [[f64; 2]; 2], rng: &mut dyn Rng) -> Vec<Decision> {
    learn(|group, action, rng| f64::from(rng.random::<f64>() < world[group][action]), rng)
}

/// The learner again, in a world in which the groups do not matter.
fn again(statistic: fn(&[Decision]) -> f64, log: &[Decision], rng: &mut dyn Rng) -> Test {
    let world = NullWorld::of(log);
    resampling_test(statistic(log), RESAMPLES, rng, |rng| {
        statistic(&learn(|_, action, rng| world.reward(action, rng).unwrap_or(0.0), rng))
    })
}

/// The share of `runs` logs of a world that `test` takes for personalised, at 5 %.
fn found(
    runs: u32,
    world: [[f64; 2]; 2],
    mut test: impl FnMut(&[Decision], &mut dyn Rng) -> Test,
) -> f64 {
    let mut rng = ChaCha12Rng::seed_from_u64(11);
    let found = (0..runs).filter(|_| {
        let log = logged(world, &mut rng);
        test(&log, &mut rng).p_value <= 0.05
    });
    f64::from(u32::try_from(found.count()).unwrap()) / f64::from(runs)
}

/// At most 5 %, give or take two standard deviations of a binomial share.
fn seldom(share: f64, runs: u32) -> bool {
    share <= 0.05 + 2.0 * (0.05 * 0.95 / f64::from(runs)).sqrt()
}

#[test]
fn chance_is_seldom_taken_for_personalisation() {
    for world in [EQUAL, ALIKE] {
        for statistic in [treatment_gap, effect_gap] {
            let share = found(200, world, |log, rng| again(statistic, log, rng));
            assert!(seldom(share, 200), "{world:?}: {share}");
        }
        let share = found(200, world, |log, rng| permutation_test(log, effect_gap, RESAMPLES, rng));
        assert!(seldom(share, 200), "{world:?}, permuted: {share}");
    }
}

#[test]
fn personalisation_is_seen() {
    for statistic in [treatment_gap, effect_gap] {
        let share = found(50, APART, |log, rng| again(statistic, log, rng));
        assert!(share > 0.7, "{share}");
    }
    let share = found(50, APART, |log, rng| permutation_test(log, effect_gap, RESAMPLES, rng));
    assert!(share > 0.7, "permuted: {share}");
}

#[test]
fn a_p_value_counts_the_null_worlds_that_show_as_much() {
    let mut rng = ChaCha12Rng::seed_from_u64(1);
    let mut null = [0.0, 1.0, 2.0, f64::NAN].into_iter().cycle();
    let test = resampling_test(1.0, 4, &mut rng, |_| null.next().unwrap());
    assert_eq!(test, Test { statistic: 1.0, p_value: 0.8 });
    let undefined = resampling_test(f64::NAN, 4, &mut rng, |_| 0.0);
    assert!((undefined.p_value - 1.0).abs() < 1e-15);
}

fn decisions(rows: &[(usize, usize, f64, f64)]) -> Vec<Decision> {
    let decision = |&(group, action, reward, pscore)| Decision { group, action, reward, pscore };
    rows.iter().map(decision).collect()
}

#[test]
fn gaps_are_what_they_are_by_hand() {
    let apart =
        decisions(&[(0, 0, 1.0, 0.5), (0, 0, 0.0, 0.25), (1, 1, 1.0, 0.5), (1, 1, 0.0, 0.5)]);
    assert!((treatment_gap(&apart) - 0.5).abs() < 1e-15);
    assert!(effect_gap(&apart).abs() < 1e-15);

    // Action 0 earns 1/3 in group 0 and 1 in group 1, on weights 2, 4 and 2: 1/2 overall.
    let responds = decisions(&[(0, 0, 1.0, 0.5), (0, 0, 0.0, 0.25), (1, 0, 1.0, 0.5)]);
    assert!(treatment_gap(&responds).abs() < 1e-15);
    let explained = 2.0 / 36.0 + 1.0 / 4.0;
    assert!((effect_gap(&responds) - explained / 0.75).abs() < 1e-15);

    assert!(treatment_gap(&[]).abs() + effect_gap(&[]).abs() < 1e-15);
}

/// The mean of many draws.
fn mean(world: &NullWorld, action: usize) -> f64 {
    let mut rng = ChaCha12Rng::seed_from_u64(2);
    (0..4000).map(|_| world.reward(action, &mut rng).unwrap() / 4000.0).sum()
}

#[test]
fn a_null_world_earns_what_the_actions_did_but_for_chance() {
    // Nine of ten would have earned one, had propensities been equal.
    let weighted = NullWorld::of(&decisions(&[(0, 3, 1.0, 0.1), (1, 3, 0.0, 0.9)]));
    assert!((mean(&weighted, 3) - 0.9).abs() < 0.03);

    let mut rng = ChaCha12Rng::seed_from_u64(2);
    assert_eq!(weighted.reward(0, &mut rng), None);
    assert_eq!(NullWorld::of(&[]).reward(0, &mut rng), None);

    // 0.5 and 0.6 of ten each are the same but for chance; of a thousand each, they differ by four to five
    // standard errors, one of which is taken for chance.
    let two = |times: usize| {
        let rows = (0..10_u8).flat_map(|i| {
            let (first, second) = (f64::from(i % 2), f64::from(u8::from(i % 2 == 1 || i == 0)));
            [(0, 0, first, 0.5), (1, 1, second, 0.5)]
        });
        NullWorld::of(&decisions(&rows.collect::<Vec<_>>()).repeat(times))
    };
    assert!((mean(&two(1), 1) - mean(&two(1), 0)).abs() < 0.03);
    let left = mean(&two(100), 1) - mean(&two(100), 0);
    assert!((0.05..0.095).contains(&left), "{left}");
}
