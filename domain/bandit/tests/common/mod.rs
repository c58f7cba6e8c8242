//! What several tests need.

#![allow(dead_code, reason = "each test uses some of it")]

use std::sync::Arc;

use bandit::{Arm, Candidate, Feature, Lesson, POLICIES, Policy, Posterior, Prior, policy};

pub(crate) const NOW: i64 = 1_800_000_000_000_000;
pub(crate) const HOUR: i64 = 3_600_000_000;

/// A prior of no opinion.
pub(crate) fn flat() -> Arc<Prior> {
    Arc::new(Prior::flat(0.3))
}

pub(crate) fn named(name: &str) -> Box<dyn Policy> {
    policy(name, &flat()).unwrap()
}

/// The policies that learn.
pub(crate) fn learners() -> impl Iterator<Item = &'static str> {
    POLICIES.iter().copied().filter(|name| *name != "random")
}

/// An arm for each, and a feature of its own beside the constant.
pub(crate) fn features(count: u16) -> Vec<[Feature; 2]> {
    (1..=count).map(|arm| [Feature::new(0, 1.0), Feature::new(arm, 1.0)]).collect()
}

pub(crate) fn candidates(features: &[[Feature; 2]]) -> Vec<Candidate<'_>> {
    features.iter().map(|f| Candidate { arm: Arm(u64::from(f[1].index)), features: f }).collect()
}

/// The lesson that choosing `candidate` for the `n`th time was.
pub(crate) fn lesson(n: usize, candidate: &Candidate<'_>, reward: f64) -> Arc<Lesson> {
    let at = NOW - HOUR * 1_000 + HOUR * i64::try_from(n).unwrap();
    Arc::new(Lesson::new(at, candidate, 0.5, reward))
}

pub(crate) fn propensities(
    posterior: &mut dyn Posterior,
    candidates: &[Candidate<'_>],
) -> Vec<f64> {
    let mut out = vec![f64::NAN; 3];
    posterior.propensities(NOW, candidates, &mut out);
    out
}

pub(crate) fn bits(propensities: &[f64]) -> Vec<u64> {
    propensities.iter().map(|p| p.to_bits()).collect()
}
