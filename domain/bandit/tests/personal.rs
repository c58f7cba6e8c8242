//! What the policy that serves makes of people.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::sync::Arc;

use bandit::{Arm, Candidate, Feature, Group, Lesson, Posterior, Prior, draw, policy};
use common::{HOUR, propensities};
use rand::{RngExt, SeedableRng, rngs::ChaCha12Rng};

/// A constant and one number, from −1 to 1, of each of nine candidates.
fn nine() -> Vec<[Feature; 2]> {
    (-4..=4).map(|x| [Feature::new(0, 1.0), Feature::new(1, 0.25 * f64::from(x))]).collect()
}

fn candidates(features: &[[Feature; 2]]) -> Vec<Candidate<'_>> {
    features.iter().map(|features| Candidate { arm: Arm(0), features }).collect()
}

/// With a constant of about a half, and this belief about the number.
fn prior(mean: f64, deviation: f64) -> Arc<Prior> {
    Arc::new(Prior::new(vec![(0.5, 0.1), (mean, deviation)], Vec::new()))
}

/// Lives through `hours` with a person whose liking for the number is `slope`; returns the mean of what was to be expected
/// of the choices.
fn live(
    posterior: &mut dyn Posterior,
    hours: std::ops::Range<i64>,
    slope: f64,
    rng: &mut ChaCha12Rng,
) -> f64 {
    let features = nine();
    let candidates = candidates(&features);
    let mut earned = 0.0;
    let count = f64::from(i32::try_from(hours.end - hours.start).unwrap());
    for hour in hours {
        let choice = draw(&propensities(posterior, &candidates), rng).unwrap();
        let chosen = &candidates[choice.index];
        let expected = 0.5 + slope * chosen.features[1].value();
        earned += expected / count;
        let reward = f64::from(u8::from(rng.random_bool(expected)));
        posterior.learn(Arc::new(Lesson::new(hour * HOUR, chosen, choice.propensity, reward)));
    }
    earned
}

/// For so many people, each with a generator of their own.
fn share(people: u64, mut convinced: impl FnMut(&mut ChaCha12Rng) -> bool) -> f64 {
    let count =
        (0..people).filter(|seed| convinced(&mut ChaCha12Rng::seed_from_u64(*seed))).count();
    f64::from(u32::try_from(count).unwrap()) / f64::from(u32::try_from(people).unwrap())
}

/// Whether the upper half of the candidates is chosen more often than not, and whether the lower one is.
fn leaning(posterior: &mut dyn Posterior) -> [bool; 2] {
    let features = nine();
    let propensities = propensities(posterior, &candidates(&features));
    [propensities[5..].iter().sum::<f64>() > 0.6, propensities[..4].iter().sum::<f64>() > 0.6]
}

#[test]
fn a_linear_preference_is_learned() {
    for slope in [0.35, -0.35] {
        let learned = share(40, |rng| {
            let mut posterior = policy("personal", &prior(0.0, 0.2)).unwrap().posterior();
            live(&mut *posterior, 0..60, slope, rng);
            leaning(&mut *posterior)[usize::from(slope < 0.0)]
        });
        assert!(learned >= 0.9, "{slope}: {learned}");
    }
}

#[test]
fn a_flip_is_noticed_within_forty_lessons() {
    let noticed = share(40, |rng| {
        let mut posterior = policy("personal", &prior(0.0, 0.2)).unwrap().posterior();
        live(&mut *posterior, 0..100, 0.4, rng);
        live(&mut *posterior, 100..140, -0.4, rng);
        leaning(&mut *posterior)[1]
    });
    assert!(noticed >= 0.8, "{noticed}");
}

#[test]
fn a_wrong_prior_is_outweighed() {
    let people = 40;
    let earned = |prior: &Arc<Prior>| -> f64 {
        let of = |seed| {
            let mut rng = ChaCha12Rng::seed_from_u64(seed);
            let mut posterior = policy("personal", prior).unwrap().posterior();
            live(&mut *posterior, 0..50, 0.35, &mut rng);
            live(&mut *posterior, 50..80, 0.35, &mut rng)
        };
        (0..people).map(of).sum::<f64>() / 40.0
    };
    let (wrong, flat) = (earned(&prior(-0.2, 0.1)), earned(&prior(0.0, 0.2)));
    assert!(wrong > flat - 0.05, "{wrong} is much less than {flat}");
}

/// What the features contribute orders the candidates as the propensities do.
#[test]
fn contributions_sum_to_the_mean_that_orders_the_candidates() {
    let features = nine();
    let candidates = candidates(&features);
    for name in ["personal", "linear_thompson", "logistic_thompson", "lin_ucb"] {
        let mut posterior = policy(name, &prior(0.1, 0.2)).unwrap().posterior();
        live(&mut *posterior, 0..200, 0.3, &mut ChaCha12Rng::seed_from_u64(1));
        let mut sums = Vec::new();
        for candidate in &candidates {
            let owed = posterior.contributions(candidate);
            assert_eq!(owed.iter().map(|(f, _)| *f).collect::<Vec<_>>(), candidate.features);
            sums.push(owed.iter().map(|(_, owed)| owed).sum::<f64>());
        }
        assert!(sums.is_sorted(), "{name}: {sums:?}");
        assert!(propensities(&mut *posterior, &candidates).is_sorted(), "{name}");
        // About what can be expected of this person.
        if name != "logistic_thompson" {
            assert!((sums[8] - 0.8).abs() < 0.2 && (sums[4] - 0.5).abs() < 0.2, "{name}: {sums:?}");
        }
        let weights = posterior.weights();
        assert_eq!(weights.iter().map(|weight| weight.index).collect::<Vec<_>>(), [0, 1]);
        assert!(weights[1].mean > 0.0 && weights[1].deviation > 0.0);
    }
}

/// A constant, a number that means the same to everybody, and eight buckets of names.
#[test]
fn a_prior_is_recovered_from_people() {
    let mut rng = ChaCha12Rng::seed_from_u64(9);
    let mut normal = |mean: f64, deviation: f64| {
        let (u, v): (f64, f64) = (1.0 - rng.random::<f64>(), rng.random());
        mean + deviation * (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
    };
    let people: Vec<Vec<Arc<Lesson>>> = (0..200)
        .map(|_| {
            let mut weights = vec![normal(0.45, 0.05), normal(-0.1, 0.15)];
            weights.extend((0..8).map(|_| normal(0.0, 0.1)));
            let lesson = |at| {
                let features = [
                    Feature::new(0, 1.0),
                    Feature::new(1, normal(0.0, 0.5)),
                    Feature::new(2 + u16::try_from(at % 8).unwrap(), 1.0),
                ];
                let mean: f64 =
                    features.iter().map(|f| f.value() * weights[usize::from(f.index)]).sum();
                let candidate = Candidate { arm: Arm(0), features: &features };
                Arc::new(Lesson::new(at, &candidate, 0.5, normal(mean, 0.1)))
            };
            (0..80).map(lesson).collect()
        })
        .collect();
    let group = |indices, is_known| Group { indices, is_known };
    let groups = vec![group(0..1, true), group(1..2, true), group(2..10, false)];
    let fitted = Prior::new(vec![(0.0, 0.3); 10], groups).fit(&people, 0.01, 30, 0.0);
    let expected = [(0, 0.45, 0.05), (1, -0.1, 0.15), (2, 0.0, 0.1), (9, 0.0, 0.1)];
    for (index, mean, deviation) in expected {
        let fitted = fitted.weight(index);
        assert!((fitted.0 - mean).abs() < 0.03, "{index}: {fitted:?}");
        assert!((fitted.1 - deviation).abs() < 0.02, "{index}: {fitted:?}");
    }
}
