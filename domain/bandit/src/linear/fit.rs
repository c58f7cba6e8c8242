//! Empirical Bayes: a prior from many people.

use std::{ops::Range, sync::Arc};

use super::{Evidence, Gaussian, Prior};
use crate::{Lesson, Weight};

/// Weights that are believed to be alike before anything is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The coordinates.
    pub indices: Range<u16>,
    /// Whether what they mean is the same for everybody, so that they may have a mean: a number is, the bucket of a
    /// hashed name is not.
    pub is_known: bool,
}

/// Standard deviations are at least this, so that nothing is ever certain.
pub(super) const LEAST: f64 = 0.01;

impl Prior {
    /// Fits mean and standard deviation of each group to the lessons of `people`, by so many rounds of expectation and
    /// maximisation (Dempster, Laird & Rubin 1977; Efron & Morris 1973), beginning with this prior, which counts for
    /// `stay` weights of each group: where little is known of a group, little changes.
    #[must_use]
    pub fn fit(&self, people: &[Vec<Arc<Lesson>>], noise: f64, rounds: usize, stay: f64) -> Self {
        let evidence: Vec<Evidence> = people.iter().map(Evidence::of).collect();
        self.fit_evidence(&evidence, noise, rounds, stay)
    }

    pub(super) fn fit_evidence(
        &self,
        people: &[Evidence],
        noise: f64,
        rounds: usize,
        stay: f64,
    ) -> Self {
        (0..rounds).fold(self.clone(), |prior, _| prior.step(people, noise, self, stay))
    }

    fn step(&self, people: &[Evidence], noise: f64, anchor: &Self, stay: f64) -> Self {
        let groups = &*self.groups;
        // Count, sum of means, sum of second moments.
        let mut sums = vec![(0.0, 0.0, 0.0); groups.len()];
        let mut gaussian = Gaussian::default();
        for person in people {
            gaussian.solve(self, person, noise);
            for Weight { index, mean, deviation } in gaussian.weights(self) {
                let group = self.group(index);
                if let Some((count, first, second)) = group.map(|group| &mut sums[group]) {
                    *count += 1.0;
                    *first += mean;
                    *second += mean * mean + deviation * deviation;
                }
            }
        }
        let mut fitted = self.clone();
        for (group, (count, first, second)) in groups.iter().zip(sums) {
            if count == 0.0 {
                continue;
            }
            let (m, s) = anchor.weight(group.indices.start);
            let (count, first, second) =
                (count + stay, first + stay * m, second + stay * (s * s + m * m));
            let mean = if group.is_known { first / count } else { 0.0 };
            let variance = second / count - if group.is_known { mean * mean } else { 0.0 };
            fitted.set(group, |_| (mean, variance.max(0.0).sqrt()));
        }
        fitted
    }

    /// Sets the weights of a group.
    pub(super) fn set(&mut self, group: &Group, weight: impl Fn((f64, f64)) -> (f64, f64)) {
        for index in group.indices.clone() {
            if let Some(own) = self.weights.get_mut(usize::from(index)) {
                let (mean, deviation) = weight(*own);
                *own = (mean, deviation.max(LEAST));
            }
        }
    }

    /// The place of the group of a coordinate.
    pub(super) fn group(&self, index: u16) -> Option<usize> {
        self.groups.iter().position(|group| group.indices.contains(&index))
    }
}
