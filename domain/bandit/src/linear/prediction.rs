//! What a linear model expects of candidates.

#![expect(clippy::inline_always, reason = "lanes.rs says why")]

use fearless_simd::{Level, Simd, dispatch};

use super::{Gaussian, Lanes, Prior, cholesky::triangle, lanes::Number};
use crate::{Candidate, normal::Score};

/// Candidates that are computed at once.
const LANES: usize = Lanes::COUNT;

/// The expected reward of each candidate, and vectors whose products are the covariances of these expectations: `L⁻¹ x`, and
/// what was never touched as it is. Nothing is allocated once it has seen as many.
#[derive(Clone, Debug, Default)]
pub(crate) struct Prediction {
    means: Vec<f64>,
    /// By block of candidates, slot by slot.
    shadows: Vec<Lanes>,
    /// The mean of all shadows.
    centre: Vec<f64>,
}

impl Prediction {
    pub(crate) fn of(
        &mut self,
        gaussian: &mut Gaussian,
        prior: &Prior,
        candidates: &[Candidate<'_>],
    ) {
        let solved = gaussian.whitened.len();
        for feature in candidates.iter().flat_map(|candidate| candidate.features) {
            gaussian.place_beside(feature.index);
        }
        let length = gaussian.touched.len();
        self.means.clear();
        self.shadows.clear();
        self.shadows.resize(candidates.len().div_ceil(LANES) * length, Lanes::default());
        self.centre.clear();
        self.centre.resize(length, 0.0);

        for (block, candidates) in candidates.chunks(LANES).enumerate() {
            let shadows = &mut self.shadows[block * length..][..length];
            for (lane, candidate) in candidates.iter().enumerate() {
                let mut mean = 0.0;
                for feature in candidate.features {
                    let (prior_mean, deviation) = prior.weight(feature.index);
                    let value = feature.value();
                    let slot = usize::from(gaussian.slots[usize::from(feature.index)]);
                    shadows[slot].0[lane] = value * deviation;
                    mean += value * prior_mean;
                }
                self.means.push(mean);
            }
            let shadows = &mut shadows[..solved];
            dispatch!(Level::new(), simd => forward(simd, &gaussian.factor, shadows));
            let mut learned = Lanes::default();
            for (shadow, whitened) in shadows.iter().zip(&gaussian.whitened) {
                learned += *shadow * *whitened;
            }
            for (mean, learned) in self.means[block * LANES..].iter_mut().zip(learned.0) {
                *mean += learned;
            }
        }
        gaussian.leave(solved);
    }

    /// Each with its own mean and variance.
    pub(crate) fn scores(&self) -> Vec<Score> {
        let mut scores = Vec::with_capacity(self.means.len());
        self.moments(0.0, |_, mean, variance| {
            scores.push(Score { mean, deviation: variance.sqrt() });
        });
        scores
    }

    /// Mean and variance of each, by its place, without what all have in common.
    #[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^52 candidates")]
    pub(crate) fn differences(&mut self, each: impl FnMut(usize, f64, f64)) {
        let share = 1.0 / self.means.len() as f64;
        for shadows in self.shadows.chunks_exact(self.centre.len().max(1)) {
            for (centre, lanes) in self.centre.iter_mut().zip(shadows) {
                *centre += share * sum(lanes);
            }
        }
        self.moments(share * self.means.iter().sum::<f64>(), each);
    }

    fn moments(&self, common: f64, mut each: impl FnMut(usize, f64, f64)) {
        let length = self.centre.len();
        for (block, means) in self.means.chunks(LANES).enumerate() {
            let mut variances = Lanes::default();
            for (lanes, centre) in self.shadows[block * length..][..length].iter().zip(&self.centre)
            {
                variances += lanes.map(|x| (x - centre) * (x - centre));
            }
            for (lane, (mean, variance)) in means.iter().zip(variances.0).enumerate() {
                each(block * LANES + lane, mean - common, variance);
            }
        }
    }
}

/// `L⁻¹ x` of each lane, in place.
#[inline(always)]
fn forward<S: Simd>(simd: S, factor: &[f64], x: &mut [Lanes]) {
    for i in 0..x.len() {
        let row = &factor[triangle(i)..=triangle(i) + i];
        let (before, rest) = x.split_at_mut(i);
        // Two sums, so that one does not wait for the other.
        let mut sums = [rest[0].load(simd), Lanes::default().load(simd)];
        let (pairs, last) = before.as_chunks::<2>();
        for (l, x) in row.chunks_exact(2).zip(pairs) {
            sums[0] -= x[0].load(simd) * l[0];
            sums[1] -= x[1].load(simd) * l[1];
        }
        if let [x] = last {
            sums[0] -= x.load(simd) * row[i - 1];
        }
        rest[0] = Lanes::store((sums[0] + sums[1]) * row[i]);
    }
}

fn sum(lanes: &Lanes) -> f64 {
    let (low, high) = lanes.0.split_at(LANES / 2);
    low.iter().zip(high).map(|(low, high)| low + high).sum()
}
