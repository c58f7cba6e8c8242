//! Intervals for logs whose rounds are independent of each other.

use std::collections::BTreeMap;

use rand::{Rng, RngExt};

use super::{Estimator, Log, float, quantile};

/// An interval of values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

impl Interval {
    /// All values: nothing is known.
    pub const EVERYTHING: Self = Self { low: f64::NEG_INFINITY, high: f64::INFINITY };

    /// Whether `value` lies in it.
    pub fn contains(self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    pub(super) fn around(value: f64, margin: f64) -> Self {
        Self { low: value - margin, high: value + margin }
    }
}

impl Estimator {
    /// Student's interval for the value, with the delta method for self-normalised estimators. It holds the
    /// estimator's own limit, which for DM, Switch-DR and `DRos` is off the policy's value by their bias.
    ///
    /// `confidence` is in (0, 1). One round says nothing about its spread: [`Interval::EVERYTHING`].
    pub fn interval(self, log: &Log, confidence: f64) -> Interval {
        let rounds = log.rounds.len();
        if rounds < 2 {
            return Interval::EVERYTHING;
        }
        let squares: f64 = self.influences(log).iter().map(|influence| influence.powi(2)).sum();
        let standard_error = (squares / float(rounds - 1) / float(rounds)).sqrt();
        let margin = quantile::student(0.5 + 0.5 * confidence, rounds - 1) * standard_error;
        Interval::around(self.value(log), margin)
    }

    /// The same, where rounds depend on each other within groups: `groups` names each round's, and groups are independent of
    /// each other (Liang & Zeger 1986). One group says nothing about its spread, nor do other numbers of names than of
    /// rounds: [`Interval::EVERYTHING`].
    pub fn interval_of_groups(self, log: &Log, groups: &[usize], confidence: f64) -> Interval {
        let influences = self.influences(log);
        let mut sums: BTreeMap<usize, f64> = BTreeMap::new();
        for (group, influence) in groups.iter().zip(&influences) {
            *sums.entry(*group).or_default() += influence;
        }
        if sums.len() < 2 || groups.len() != influences.len() {
            return Interval::EVERYTHING;
        }
        let count = float(sums.len());
        let squares: f64 = sums.values().map(|sum| sum.powi(2)).sum();
        let standard_error = (squares * count / (count - 1.0)).sqrt() / float(influences.len());
        let margin = quantile::student(0.5 + 0.5 * confidence, sums.len() - 1) * standard_error;
        Interval::around(self.value(log), margin)
    }

    /// The percentile bootstrap (Efron 1979), which resamples whole rounds: a self-normalised estimator is
    /// normalised anew in each resample. A resample that has no value is left out.
    ///
    /// `confidence` is in (0, 1). No resamples: [`Interval::EVERYTHING`].
    pub fn bootstrap(
        self,
        log: &Log,
        confidence: f64,
        resamples: usize,
        rng: &mut dyn Rng,
    ) -> Interval {
        let parts: Vec<[f64; 3]> = (log.rounds.iter())
            .map(|round| [self.base(round), self.correction(round), self.weight(round)])
            .collect();
        let mut resample = || {
            let mut sums = [0.0; 3];
            for _ in 0..parts.len() {
                let part = parts[rng.random_range(0..parts.len())];
                for (sum, part) in sums.iter_mut().zip(part) {
                    *sum += part;
                }
            }
            let [base, correction, weight] = sums;
            let rounds = float(parts.len());
            base / rounds + correction / if self.normalises() { weight } else { rounds }
        };

        let mut values: Vec<f64> = (0..resamples).map(|_| resample()).collect();
        values.retain(|value| value.is_finite());
        values.sort_unstable_by(f64::total_cmp);
        let tail = 0.5 - 0.5 * confidence;
        match (quantile::empirical(&values, tail), quantile::empirical(&values, 1.0 - tail)) {
            (Some(low), Some(high)) => Interval { low, high },
            _ => Interval::EVERYTHING,
        }
    }
}
