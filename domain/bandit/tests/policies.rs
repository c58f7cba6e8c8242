//! What every policy promises.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use bandit::{Arm, Candidate, Choice, FLOOR, Feature, Lesson, POLICIES, Prior, draw, policy};
use common::{NOW, bits, candidates, features, flat, learners, lesson, named, propensities};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng, rngs::ChaCha12Rng};
use std::sync::Arc;

/// A generator without optimisation is slow.
const DRAWS: u32 = if cfg!(debug_assertions) { 100_000 } else { 1_000_000 };

/// A draw from Beta(a, b) for integer counts: the a-th smallest of a + b - 1 uniform numbers.
fn beta(a: usize, b: usize, rng: &mut ChaCha12Rng) -> f64 {
    let mut uniforms: Vec<f64> = (0..a + b - 1).map(|_| rng.random()).collect();
    *uniforms.select_nth_unstable_by(a - 1, f64::total_cmp).1
}

fn reward(rewarded: bool) -> f64 {
    f64::from(u8::from(rewarded))
}

#[test]
fn the_registry_knows_its_names_and_no_other() {
    for name in POLICIES {
        assert_eq!(named(name).name(), *name);
    }
    assert!(policy("greedy", &flat()).is_none());
}

#[test]
fn none_and_one_leave_no_choice() {
    let mut rng = ChaCha12Rng::seed_from_u64(1);
    let one = features(1);
    for name in POLICIES {
        let mut posterior = named(name).posterior();
        assert!(propensities(&mut *posterior, &[]).is_empty());
        let only = propensities(&mut *posterior, &candidates(&one));
        let choice = draw(&only, &mut rng).unwrap();
        assert_eq!(choice.index, 0);
        assert!((choice.propensity - 1.0).abs() < 1e-12);
    }
    assert_eq!(draw(&[], &mut rng), None);
}

#[test]
fn equals_are_chosen_equally() {
    let two = features(2);
    let [a, b] = [&two[0], &two[1]].map(|f| Candidate { arm: Arm(f[1].index.into()), features: f });
    let pools = [vec![a; 200], vec![a, a, b, b]];
    for (name, pool) in POLICIES.iter().flat_map(|name| pools.iter().map(move |p| (name, p))) {
        let propensities = propensities(&mut *named(name).posterior(), pool);
        let least = propensities.iter().copied().fold(1.0, f64::min);
        let greatest = propensities.iter().copied().fold(0.0, f64::max);
        assert!(greatest - least < 1e-12, "{name}: {propensities:?}");
    }
}

/// The integral equals what Thompson sampling does: draw from every arm, take the greatest.
#[test]
fn thompson_chooses_an_arm_as_often_as_it_is_the_best() {
    let features = features(4);
    let candidates = candidates(&features);
    let mut posterior = named("thompson").posterior();
    // With the uniform prior, Beta(6, 4), Beta(3, 3), Beta(2, 9) and Beta(1, 1).
    let counts = [(5, 3), (2, 2), (1, 8), (0, 0)];
    let mut n = 0;
    for (candidate, (successes, failures)) in candidates.iter().zip(counts) {
        for i in 0..successes + failures {
            posterior.learn(lesson(n, candidate, reward(i < successes)));
            n += 1;
        }
    }
    let computed = propensities(&mut *posterior, &candidates);

    let mut rng = ChaCha12Rng::seed_from_u64(5);
    let rounds = 100_000_u32;
    let mut wins = [0_u32; 4];
    for _ in 0..rounds {
        let draws = counts.map(|(a, b)| beta(a + 1, b + 1, &mut rng));
        let best = (0..4).max_by(|&i, &j| draws[i].total_cmp(&draws[j])).unwrap();
        wins[best] += 1;
    }
    for (computed, wins) in computed.iter().zip(wins) {
        let sampled = f64::from(wins) / f64::from(rounds);
        assert!((computed - sampled).abs() < 0.01, "{computed} is not {sampled}");
    }
}

#[test]
fn the_propensity_is_how_often_a_candidate_is_chosen() {
    let features = features(12);
    let candidates = candidates(&features);
    for name in POLICIES {
        let mut posterior = named(name).posterior();
        for n in 0..40 {
            let arm = n % candidates.len();
            posterior.learn(lesson(n, &candidates[arm], reward(n % 5 < arm % 4)));
        }
        let promised = propensities(&mut *posterior, &candidates);
        assert_eq!(bits(&promised), bits(&propensities(&mut *posterior, &candidates)));

        let mut rng = ChaCha12Rng::seed_from_u64(11);
        let mut chosen = [0_u32; 12];
        for _ in 0..DRAWS {
            let Choice { index, propensity } = draw(&promised, &mut rng).unwrap();
            assert_eq!(propensity.to_bits(), promised[index].to_bits());
            chosen[index] += 1;
        }
        for (promised, chosen) in promised.iter().zip(chosen) {
            let often = f64::from(chosen) / f64::from(DRAWS);
            assert!((promised - often).abs() < 0.01, "{name}: {promised} is not {often}");
        }
    }
}

/// A person who takes one arm at 70 % and the other at 30 %: after thirty answers the better one is served
/// most of the time, to nearly everybody.
#[test]
fn thirty_answers_tell_the_better_arm() {
    let features = features(2);
    let candidates = candidates(&features);
    for name in learners() {
        let policy = named(name);
        let persons = 100_u64;
        let mut convinced = 0;
        for seed in 0..persons {
            let mut rng = ChaCha12Rng::seed_from_u64(seed);
            let mut posterior = policy.posterior();
            for n in 0..30 {
                let promised = propensities(&mut *posterior, &candidates);
                let Choice { index, propensity } = draw(&promised, &mut rng).unwrap();
                let reward = reward(rng.random_bool([0.7, 0.3][index]));
                let at = common::HOUR * n;
                posterior.learn(Arc::new(Lesson::new(at, &candidates[index], propensity, reward)));
            }
            convinced += u32::from(propensities(&mut *posterior, &candidates)[0] > 0.5);
        }
        assert!(convinced >= 85, "{name}: {convinced} of {persons}");
    }
}

#[test]
fn experience_moves_the_choice() {
    let features = features(2);
    let candidates = candidates(&features);
    for name in learners() {
        let mut posterior = named(name).posterior();
        for n in 0..30 {
            posterior.learn(lesson(n, &candidates[n % 2], reward(n % 2 == 0)));
        }
        let propensities = propensities(&mut *posterior, &candidates);
        assert!(propensities[0] > 0.9, "{name}: {propensities:?}");
    }
}

#[test]
fn what_was_just_shown_rests() {
    let features = features(2);
    let candidates = candidates(&features);
    let mut posterior = named("recovering_softmax").posterior();
    let mut at = |hours: i64| {
        posterior.learn(Arc::new(Lesson::new(NOW, &candidates[0], 0.5, 0.5)));
        let mut out = Vec::new();
        posterior.propensities(NOW + hours * common::HOUR, &candidates, &mut out);
        out[0]
    };
    let [now, tomorrow, then] = [at(0), at(24), at(24 * 30)];
    assert!(now < tomorrow && tomorrow < then, "{now} {tomorrow} {then}");
    assert!((now - 1.0 / (1.0 + 2_f64.exp())).abs() < 1e-9 && (then - 0.5).abs() < 1e-6);
}

#[test]
fn the_same_seed_chooses_the_same() {
    let features = features(5);
    let candidates = candidates(&features);
    for name in POLICIES {
        let promised = propensities(&mut *named(name).posterior(), &candidates);
        let choose = |seed| {
            let mut rng = ChaCha12Rng::seed_from_u64(seed);
            (0..20).map(|_| draw(&promised, &mut rng)).collect::<Vec<_>>()
        };
        assert_eq!(choose(3), choose(3));
        assert_ne!(choose(3), choose(4), "{name} does not draw");
    }
}

/// However clear the case: 400 lessons that say that only the first is any good.
#[test]
fn nobody_is_without_a_chance() {
    for count in [2, 5, 30, 99, 100, 200] {
        let features = features(count);
        let candidates = candidates(&features);
        for name in POLICIES {
            let mut posterior = named(name).posterior();
            for n in 0..400 {
                let arm = if n % 2 == 0 { 0 } else { n % candidates.len() };
                posterior.learn(lesson(n, &candidates[arm], reward(arm == 0)));
            }
            let propensities = propensities(&mut *posterior, &candidates);
            let least = propensities.iter().copied().fold(1.0, f64::min);
            assert!(least >= FLOOR.min(0.5 / f64::from(count)), "{name}, {count}: {least}");
            assert!((propensities.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        }
    }
}

fn number() -> impl Strategy<Value = f64> {
    let odd = [0.0, 1.0, -1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, 5e-324];
    prop_oneof![any::<f64>(), -2.0..2.0_f64, prop::sample::select(odd.to_vec())]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn propensities_are_a_distribution_whatever_comes(
        pool in prop::collection::vec((0..6_u64, prop::collection::vec((0..40_u16, number()), 0..5)), 1..60),
        taught in prop::collection::vec((any::<i64>(), any::<prop::sample::Index>(), number(), number(), number()), 0..40),
        at: i64,
        seed: u64,
    ) {
        // In no order, and some of them twice.
        let pool: Vec<(u64, Vec<Feature>)> = pool
            .into_iter()
            .map(|(arm, f)| (arm, f.into_iter().map(|(i, x)| Feature::new(i, x)).collect()))
            .collect();
        let candidates: Vec<Candidate<'_>> =
            pool.iter().map(|(arm, features)| Candidate { arm: Arm(*arm), features }).collect();
        let priors = [Prior::flat(1.0), Prior::flat(0.0), Prior::new(vec![(0.4, 0.1), (-3.0, 2.0)], vec![])];
        for (name, prior) in POLICIES.iter().flat_map(|name| priors.iter().map(move |p| (name, p))) {
            let mut posterior = policy(name, &Arc::new(prior.clone())).unwrap().posterior();
            for (at, which, propensity, reward, weight) in &taught {
                let lesson = Lesson::new(*at, which.get(&candidates), *propensity, *reward);
                posterior.learn(Arc::new(lesson.weighing(*weight)));
            }
            let mut propensities = Vec::new();
            posterior.propensities(at, &candidates, &mut propensities);
            prop_assert_eq!(propensities.len(), candidates.len());
            prop_assert!((propensities.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{name}: {propensities:?}");
            prop_assert!(propensities.iter().all(|p| *p >= FLOOR && p.is_finite()), "{name}: {propensities:?}");
            let choice = draw(&propensities, &mut ChaCha12Rng::seed_from_u64(seed)).unwrap();
            prop_assert_eq!(choice.propensity.to_bits(), propensities[choice.index].to_bits());
        }
    }
}
