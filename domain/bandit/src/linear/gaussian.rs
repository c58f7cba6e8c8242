//! What is believed of the weights of a linear model: prior and evidence together.

use std::cell::OnceCell;

use super::{
    Evidence, Prior, Regressions,
    cholesky::{backward, forward, triangle},
};
use crate::Weight;

/// No coordinate.
const NONE: u16 = u16::MAX;

/// A normal distribution over the weights, `N(m, Σ)`, in coordinates in which the prior is `N(0, 1)`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gaussian {
    /// The slot of each coordinate, `NONE` for those that were never touched.
    pub(super) slots: Vec<u16>,
    /// The coordinate of each slot.
    pub(super) touched: Vec<u16>,
    /// The prior's standard deviations, by slot, of those that have evidence.
    pub(super) deviations: Vec<f64>,
    /// The factor `L` of the precision `L Lᵀ`.
    pub(super) factor: Vec<f64>,
    /// `Lᵀ m`, by slot: what candidates need, and half of the way to `m`.
    pub(super) whitened: Vec<f64>,
    /// `m`, by slot, once it was asked for.
    mean: OnceCell<Vec<f64>>,
}

impl Gaussian {
    /// Solves for the posterior, where the rewards scatter by the variance `noise` around the model.
    pub(crate) fn solve(&mut self, prior: &Prior, evidence: &Evidence, noise: f64) {
        let mut regression = Regressions::default();
        regression.weigh(prior, evidence, noise);
        regression.solve(evidence, 0, self);
    }

    /// What the evidence of a person, who scatters by `own` around what people share, says of that: evidence with a noise of
    /// one. In units of `own`, its products are `1 − Σ`, and its rewards `m`.
    pub(super) fn shared(&mut self, own: &Prior, evidence: &Evidence, noise: f64) -> Evidence {
        self.solve(own, evidence, noise);
        let n = self.deviations.len();
        let mut columns = vec![0.0; n * n];
        let mut products = Vec::with_capacity(triangle(n));
        for row in 0..n {
            let column = &mut columns[row * n..][..n];
            column[row] = 1.0;
            forward(&self.factor, column);
        }
        for row in 0..n {
            for column in 0..=row {
                let [a, b] =
                    [row, column].map(|column| &columns[column * n + row..(column + 1) * n]);
                let one = f64::from(u8::from(row == column));
                products.push((one - dot(a, b)) / (self.deviations[row] * self.deviations[column]));
            }
        }
        let rewards = self.mean().iter().zip(&self.deviations).map(|(mean, own)| mean / own);
        Evidence::stated(self.touched.clone(), products, rewards.collect())
    }

    pub(super) fn clear(&mut self) {
        self.leave(0);
        self.deviations.clear();
        self.factor.clear();
        self.whitened.clear();
        self.mean.take();
    }

    pub(super) fn slot(&self, index: u16) -> Option<usize> {
        self.slots.get(usize::from(index)).filter(|slot| **slot != NONE).map(|s| usize::from(*s))
    }

    /// Takes their slots from all but the first.
    pub(super) fn leave(&mut self, first: usize) {
        for index in self.touched.drain(first..) {
            self.slots[usize::from(index)] = NONE;
        }
    }

    /// Gives a slot to a coordinate, unless it has one.
    pub(super) fn place_beside(&mut self, index: u16) -> usize {
        if self.slots.len() <= usize::from(index) {
            self.slots.resize(usize::from(index) + 1, NONE);
        }
        let slot = &mut self.slots[usize::from(index)];
        if *slot == NONE {
            *slot = u16::try_from(self.touched.len()).unwrap_or(NONE);
            self.touched.push(index);
        }
        usize::from(*slot)
    }

    /// Coordinate, mean and standard deviation of each weight that has evidence.
    pub(crate) fn weights(&self, prior: &Prior) -> impl Iterator<Item = Weight> {
        let mut unit = vec![0.0; self.whitened.len()];
        let mean = self.mean();
        self.touched.iter().enumerate().map(move |(slot, &index)| {
            unit.fill(0.0);
            unit[slot] = 1.0;
            forward(&self.factor, &mut unit);
            let own = self.deviations[slot];
            let mean = prior.mean(index) + own * mean[slot];
            Weight { index, mean, deviation: own * dot(&unit, &unit).sqrt() }
        })
    }

    /// The means of the weights of these coordinates.
    pub(crate) fn means(
        &self,
        prior: &Prior,
        indices: impl Iterator<Item = u16>,
    ) -> impl Iterator<Item = f64> {
        let mean = self.mean();
        indices.map(move |index| {
            let learned = self.slot(index).map_or(0.0, |slot| prior.deviation(index) * mean[slot]);
            prior.mean(index) + learned
        })
    }

    /// `m`, by slot.
    fn mean(&self) -> &[f64] {
        self.mean.get_or_init(|| {
            let mut mean = self.whitened.clone();
            backward(&self.factor, &mut mean);
            mean
        })
    }
}

/// With four sums at a time, as a processor has them.
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 4];
    let (a4, b4) = (a.chunks_exact(4), b.chunks_exact(4));
    let rest: f64 = a4.remainder().iter().zip(b4.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in a4.zip(b4) {
        for lane in 0..4 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    (sums[0] + sums[2]) + (sums[1] + sums[3]) + rest
}
