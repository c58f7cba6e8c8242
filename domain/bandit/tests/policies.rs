//! What every policy promises, and what each is for.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use bandit::{Beta, Candidate, Choice, Context, POLICIES, Policy, Posterior, policy};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng, rngs::ChaCha12Rng};

const NOW: Context = Context { at: 1.8e9 };

fn named(name: &str) -> Box<dyn Policy> {
    policy(name).unwrap()
}

fn posterior(counts: &[(&str, f64, f64)]) -> Posterior {
    let mut posterior = Posterior::default();
    for &(arm, successes, failures) in counts {
        posterior.set(arm, Beta { successes, failures });
    }
    posterior
}

fn plain<'a>(arms: &[&'a str]) -> Vec<Candidate<'a>> {
    arms.iter().map(|arm| Candidate { arm, merit: 0.0 }).collect()
}

/// A draw from Beta(a, b) for integer counts: the a-th smallest of a + b - 1 uniform numbers.
fn draw(a: usize, b: usize, rng: &mut ChaCha12Rng) -> f64 {
    let mut uniforms: Vec<f64> = (0..a + b - 1).map(|_| rng.random()).collect();
    *uniforms.select_nth_unstable_by(a - 1, f64::total_cmp).1
}

#[test]
fn the_registry_knows_its_names_and_no_other() {
    for name in POLICIES {
        assert_eq!(named(name).name(), *name);
    }
    assert!(policy("greedy").is_none());
}

#[test]
fn none_and_one_leave_no_choice() {
    let mut rng = ChaCha12Rng::seed_from_u64(1);
    let nothing = Posterior::default();
    for name in POLICIES {
        let policy = named(name);
        assert_eq!(policy.choose(&NOW, &[], &nothing, &mut rng), None);
        assert!(policy.propensities(&NOW, &[], &nothing).is_empty());
        let choice = policy.choose(&NOW, &plain(&["a"]), &nothing, &mut rng).unwrap();
        assert_eq!(choice.index, 0);
        assert!((choice.propensity - 1.0).abs() < 1e-12);
    }
}

#[test]
fn equals_are_chosen_equally() {
    let pools = [plain(&["a"; 200]), plain(&["a", "a", "b", "b"])];
    for (name, pool) in POLICIES.iter().flat_map(|name| pools.iter().map(move |pool| (name, pool)))
    {
        let propensities = named(name).propensities(&NOW, pool, &Posterior::default());
        let least = propensities.iter().copied().fold(1.0, f64::min);
        let greatest = propensities.iter().copied().fold(0.0, f64::max);
        assert!(greatest - least < 1e-12, "{name}: {propensities:?}");
    }
}

/// The integral equals what Thompson sampling does: draw from every arm, take the greatest.
#[test]
fn thompson_chooses_an_arm_as_often_as_it_is_the_best() {
    // The names have a flat prior of Beta(1, 1): these are Beta(6, 4), Beta(3, 3), Beta(2, 9), Beta(1, 1).
    let counts = [("a", 5.0, 3.0), ("b", 2.0, 2.0), ("c", 1.0, 8.0), ("d", 0.0, 0.0)];
    let computed =
        named("thompson").propensities(&NOW, &plain(&["a", "b", "c", "d"]), &posterior(&counts));

    let mut rng = ChaCha12Rng::seed_from_u64(5);
    let rounds = 100_000_u32;
    let mut wins = [0_u32; 4];
    for _ in 0..rounds {
        let draws = [(6, 4), (3, 3), (2, 9), (1, 1)].map(|(a, b)| draw(a, b, &mut rng));
        let best = (0..4).max_by(|&i, &j| draws[i].total_cmp(&draws[j])).unwrap();
        wins[best] += 1;
    }
    for (computed, wins) in computed.iter().zip(wins) {
        // 2 % of the mass is spread evenly.
        let sampled = 0.98 * f64::from(wins) / f64::from(rounds) + 0.02 / 4.0;
        assert!((computed - sampled).abs() < 0.01, "{computed} is not {sampled}");
    }
}

#[test]
fn the_propensity_is_how_often_a_candidate_is_chosen() {
    let candidates = [
        Candidate { arm: "a", merit: 1.0 },
        Candidate { arm: "a", merit: 0.5 },
        Candidate { arm: "b", merit: 0.0 },
    ];
    let known = posterior(&[("a", 3.0, 1.0), ("b", 2.0, 2.0)]);
    for name in POLICIES {
        let policy = named(name);
        let promised = policy.propensities(&NOW, &candidates, &known);
        let mut rng = ChaCha12Rng::seed_from_u64(11);
        let mut chosen = [0_u32; 3];
        for _ in 0..10_000 {
            let choice = policy.choose(&NOW, &candidates, &known, &mut rng).unwrap();
            assert_eq!(choice.propensity.to_bits(), promised[choice.index].to_bits());
            chosen[choice.index] += 1;
        }
        for (promised, chosen) in promised.iter().zip(chosen) {
            let often = f64::from(chosen) / 1e4;
            assert!((promised - often).abs() < 0.02, "{name}: {promised} is not {often}");
        }
    }
}

/// A person who takes one arm at 70 % and the other at 30 %: after thirty answers the better one is served
/// most of the time, to nearly everybody.
#[test]
fn thirty_answers_tell_the_better_arm() {
    let candidates = plain(&["good", "bad"]);
    let tastes = [0.7, 0.3];
    for name in ["thompson", "epsilon_greedy"] {
        let policy = named(name);
        let persons = 100_u64;
        let mut convinced = 0;
        for seed in 0..persons {
            let mut rng = ChaCha12Rng::seed_from_u64(seed);
            let mut known = Posterior::default();
            for _ in 0..30 {
                let Choice { index, .. } =
                    policy.choose(&NOW, &candidates, &known, &mut rng).unwrap();
                let reward = if rng.random_bool(tastes[index]) { 1.0 } else { 0.0 };
                let arm = candidates[index].arm;
                known.set(arm, known.get(arm) + policy.update(reward));
            }
            if policy.propensities(&NOW, &candidates, &known)[0] > 0.5 {
                convinced += 1;
            }
        }
        assert!(convinced >= 85, "{name}: {convinced} of {persons}");
    }
}

#[test]
fn experience_moves_the_choice() {
    let candidates = plain(&["good", "bad"]);
    for name in ["thompson", "epsilon_greedy"] {
        let policy = named(name);
        let (mut good, mut bad) = (Beta::default(), Beta::default());
        for _ in 0..15 {
            good = good + policy.update(1.0);
            bad = bad + policy.update(0.0);
        }
        let mut known = Posterior::default();
        known.set("good", good);
        known.set("bad", bad);
        let propensities = policy.propensities(&NOW, &candidates, &known);
        assert!(propensities[0] > 0.9, "{name}: {propensities:?}");
        assert!(policy.belief("good", &known) > policy.belief("bad", &known));
    }
}

#[test]
fn a_better_instance_of_an_arm_is_likelier() {
    let candidates = [Candidate { arm: "a", merit: 0.0 }, Candidate { arm: "a", merit: 3.0 }];
    for name in ["thompson", "epsilon_greedy"] {
        let propensities = named(name).propensities(&NOW, &candidates, &Posterior::default());
        assert!(propensities[1] > 0.9 && propensities[0] > 0.0, "{name}: {propensities:?}");
    }
}

/// Forty tasks of all kinds and forty pieces of advice, before anything is known.
#[test]
fn on_the_first_day_tasks_win_and_advice_appears_now_and_then() {
    let tasks =
        ["overdue", "due_today", "urgent", "due_soon", "quick", "recurring", "stale", "someday"];
    let advice = [
        "breathe", "move", "rest", "focus", "tidy", "connect", "plan", "reflect", "nourish",
        "outside",
    ];
    let arms: Vec<String> = tasks
        .iter()
        .cycle()
        .take(40)
        .map(|kind| format!("todoist/{kind}/morning"))
        .chain(advice.iter().cycle().take(40).map(|kind| format!("library/{kind}/morning")))
        .collect();
    let candidates = plain(&arms.iter().map(String::as_str).collect::<Vec<_>>());
    let propensities = named("thompson").propensities(&NOW, &candidates, &Posterior::default());
    let advised: f64 = propensities[40..].iter().sum();
    assert!((0.05..0.35).contains(&advised), "{advised}");
    let dated: f64 = propensities[..40].chunks(8).map(|kinds| kinds[0] + kinds[1]).sum();
    assert!(dated > 0.3, "{dated}");
}

#[test]
fn the_same_seed_chooses_the_same() {
    let candidates = plain(&["a", "b", "c", "d", "e"]);
    for name in POLICIES {
        let choose = |seed| {
            let mut rng = ChaCha12Rng::seed_from_u64(seed);
            (0..20)
                .map(|_| named(name).choose(&NOW, &candidates, &Posterior::default(), &mut rng))
                .collect::<Vec<_>>()
        };
        assert_eq!(choose(3), choose(3));
        assert_ne!(choose(3), choose(4), "{name} does not draw");
    }
}

#[test]
fn what_was_added_is_taken_back_to_the_bit() {
    let policy = named("thompson");
    let before = Beta { successes: 1.25, failures: 7.75 };
    for reward in [0.0, 0.25, 0.5, 0.75, 1.0] {
        let gain = policy.update(reward);
        let after = before + gain;
        let back = Beta {
            successes: after.successes - gain.successes,
            failures: after.failures - gain.failures,
        };
        assert_eq!(before, back);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn propensities_are_a_distribution_whatever_comes(
        pool in prop::collection::vec((0..6_usize, any::<f64>()), 1..60),
        counts in prop::collection::vec((prop_oneof![Just(0.0), 0.0..1e6, Just(f64::NAN), Just(-3.0), Just(f64::MAX)], 0.0..1e6), 6),
        seed: u64,
    ) {
        let names = ["a", "b", "c", "d", "todoist/overdue/night", "library/rest/night"];
        let candidates: Vec<_> =
            pool.iter().map(|&(arm, merit)| Candidate { arm: names[arm], merit }).collect();
        let mut known = Posterior::default();
        for (name, (successes, failures)) in names.iter().zip(counts) {
            known.set(name, Beta { successes, failures });
        }
        for name in POLICIES {
            let policy = named(name);
            let propensities = policy.propensities(&NOW, &candidates, &known);
            prop_assert_eq!(propensities.len(), candidates.len());
            prop_assert!((propensities.iter().sum::<f64>() - 1.0).abs() < 1e-9);
            prop_assert!(propensities.iter().all(|p| *p > 0.0 && p.is_finite()));
            let mut rng = ChaCha12Rng::seed_from_u64(seed);
            let choice = policy.choose(&NOW, &candidates, &known, &mut rng).unwrap();
            prop_assert_eq!(choice.propensity.to_bits(), propensities[choice.index].to_bits());
        }
    }
}
