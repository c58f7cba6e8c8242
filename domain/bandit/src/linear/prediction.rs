//! What a linear model expects of candidates.

use super::{Gaussian, Prior, cholesky::triangle};
use crate::{Candidate, normal::Score};

/// Candidates that are computed at once, as a processor does.
const LANES: usize = 8;

/// The same number of several candidates.
type Lanes = [f64; LANES];

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
        let solved = gaussian.mean.len();
        for feature in candidates.iter().flat_map(|candidate| candidate.features) {
            gaussian.place_beside(feature.index);
        }
        let length = gaussian.touched.len();
        self.means.clear();
        self.shadows.clear();
        self.shadows.resize(candidates.len().div_ceil(LANES) * length, [0.0; LANES]);
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
                    let scaled = value * deviation;
                    shadows[slot][lane] = scaled;
                    let learned = gaussian.mean.get(slot).map_or(0.0, |mean| scaled * mean);
                    mean += value * prior_mean + learned;
                }
                self.means.push(mean);
            }
            forward(&gaussian.factor, &mut shadows[..solved]);
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
            let mut variances = [0.0; LANES];
            for (lanes, centre) in self.shadows[block * length..][..length].iter().zip(&self.centre)
            {
                for (variance, x) in variances.iter_mut().zip(lanes) {
                    *variance += (x - centre) * (x - centre);
                }
            }
            for (lane, (mean, variance)) in means.iter().zip(variances).enumerate() {
                each(block * LANES + lane, mean - common, variance);
            }
        }
    }
}

/// `L⁻¹ x` of each lane, in place.
fn forward(factor: &[f64], x: &mut [Lanes]) {
    for i in 0..x.len() {
        let row = &factor[triangle(i)..=triangle(i) + i];
        let (before, rest) = x.split_at_mut(i);
        let mut own = rest[0];
        for (l, x) in row.iter().zip(before) {
            for (own, x) in own.iter_mut().zip(x) {
                *own -= l * *x;
            }
        }
        rest[0] = own.map(|own| own * row[i]);
    }
}

fn sum(lanes: &Lanes) -> f64 {
    let (low, high) = lanes.split_at(LANES / 2);
    low.iter().zip(high).map(|(low, high)| low + high).sum()
}
