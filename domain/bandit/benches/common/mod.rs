//! A person who is the same every day, with sixteen numbers a candidate.

use std::sync::Arc;

use bandit::{Arm, Candidate, Feature, Lesson, Posterior, Prior, policy};
use rand::{RngExt, SeedableRng, rngs::ChaCha12Rng};

pub(crate) const NOW: i64 = 1_800_000_000_000_000;

pub(crate) const HOUR: i64 = 3_600_000_000;

const FEATURES: u16 = 16;

/// Features of so many candidates: a constant, and fifteen numbers.
pub(crate) fn features(count: usize, seed: u64) -> Vec<Vec<Feature>> {
    let mut rng = ChaCha12Rng::seed_from_u64(seed);
    let mut number = |index| if index == 0 { 1.0 } else { rng.random_range(-1.0..1.0) };
    (0..count).map(|_| (0..FEATURES).map(|i| Feature::new(i, number(i))).collect()).collect()
}

pub(crate) fn candidates(features: &[Vec<Feature>]) -> Vec<Candidate<'_>> {
    (0..16)
        .cycle()
        .zip(features)
        .map(|(arm, features)| Candidate { arm: Arm(arm), features })
        .collect()
}

/// What this person answers, an hour each.
pub(crate) fn lessons(count: usize) -> Vec<Arc<Lesson>> {
    let mut rng = ChaCha12Rng::seed_from_u64(7);
    let weights: Vec<f64> =
        (0..FEATURES).map(|i| if i == 0 { 0.4 } else { rng.random_range(-0.1..0.1) }).collect();
    let features = features(count, 8);
    let lessons = candidates(&features).into_iter().zip(0..).map(|(candidate, hour)| {
        let mean: f64 = candidate.features.iter().zip(&weights).map(|(f, w)| f.value() * w).sum();
        let reward = if rng.random::<f64>() < mean { 1.0 } else { 0.0 };
        Arc::new(Lesson::new(NOW + hour * HOUR, &candidate, 0.2, reward))
    });
    lessons.collect()
}

pub(crate) fn posterior(name: &str, lessons: &[Arc<Lesson>]) -> Box<dyn Posterior> {
    let mut weights = vec![(0.0, 0.1); 272];
    weights[0] = (0.4, 0.1);
    let prior = Arc::new(Prior::new(weights, Vec::new()));
    policy(name, &prior).expect("a policy").posterior_after(lessons)
}

/// The same lessons, each with eight buckets of names in place of its last eight numbers.
#[allow(dead_code, reason = "each bench uses some of it")]
pub(crate) fn wide_lessons(count: usize) -> Vec<Arc<Lesson>> {
    let mut rng = ChaCha12Rng::seed_from_u64(9);
    let wide = lessons(count).into_iter().map(|lesson| {
        let mut lesson = Lesson::clone(&lesson);
        for (group, feature) in (0..8).zip(&mut lesson.features[8..]) {
            *feature = Feature::new(16 + 32 * group + rng.random_range(0..12), 1.0);
        }
        Arc::new(lesson)
    });
    wide.collect()
}
