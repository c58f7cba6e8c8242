//! What is believed of the weights of a linear model: prior and evidence together.

use std::f64::consts::TAU;

use super::{
    Evidence, Prior,
    cholesky::{backward, factorise, forward, triangle},
    evidence::UNIT,
};
use crate::Weight;

/// No coordinate.
const NONE: u16 = u16::MAX;

/// A normal distribution over the weights, `N(m, Σ)`, in coordinates in which the prior is `N(0, 1)`.
///
/// Bishop (2006): *Pattern Recognition and Machine Learning*, 3.3. Nothing is allocated once it has been solved at its size.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gaussian {
    /// The slot of each coordinate, `NONE` for those that were never touched.
    pub(super) slots: Vec<u16>,
    /// The coordinate of each slot.
    pub(super) touched: Vec<u16>,
    /// Its row in the evidence.
    pub(super) rows: Vec<usize>,
    /// The prior's standard deviations, by slot.
    pub(super) deviations: Vec<f64>,
    /// The factor `L` of the precision `L Lᵀ`.
    pub(super) factor: Vec<f64>,
    /// `L⁻¹ h`, then `m = L⁻ᵀ L⁻¹ h`.
    pub(super) mean: Vec<f64>,
    /// A column, while it is factorised.
    pub(super) column: Vec<f64>,
}

impl Gaussian {
    /// Solves for the posterior, where the rewards scatter by the variance `noise` around the model.
    pub(crate) fn solve(&mut self, prior: &Prior, evidence: &Evidence, noise: f64) {
        self.weigh(prior, evidence, noise);
        self.finish();
    }

    /// The first half of [`Self::solve`]: all that the logarithm of the probability of the evidence needs, which it returns.
    pub(crate) fn weigh(&mut self, prior: &Prior, evidence: &Evidence, noise: f64) -> f64 {
        self.place(prior, evidence);
        let n = self.rows.len();
        self.factor.resize(triangle(n), 0.0);
        let is_whole = n == evidence.indices().len();
        for (slot, &row) in self.rows.iter().enumerate() {
            let scale = self.deviations[slot] / noise * UNIT;
            let products = evidence.products(row);
            let factor = &mut self.factor[triangle(slot)..=triangle(slot) + slot];
            if is_whole {
                for ((factor, own), product) in
                    factor.iter_mut().zip(&self.deviations).zip(products)
                {
                    *factor = scale * own * product;
                }
            } else {
                for ((factor, own), &row) in factor.iter_mut().zip(&self.deviations).zip(&self.rows)
                {
                    *factor = scale * own * products[row];
                }
            }
            factor[slot] += 1.0;
        }

        // What the prior's mean does not explain.
        self.mean.extend(self.rows.iter().map(|row| evidence.reward(*row)));
        let mut residual = evidence.square();
        for (slot, &column) in self.rows.iter().enumerate() {
            let own = prior.mean(self.touched[slot]);
            if own != 0.0 {
                residual -= own * self.mean[slot];
                for (mean, &row) in self.mean.iter_mut().zip(&self.rows) {
                    *mean -= own * evidence.product(row.max(column), row.min(column));
                }
                residual -= own * self.mean[slot];
            }
        }
        for (mean, own) in self.mean.iter_mut().zip(&self.deviations) {
            *mean *= own / noise;
        }

        let determinant = factorise(&mut self.factor, &mut self.mean, &mut self.column);
        let explained = dot(&self.mean, &self.mean);
        let count = evidence.weight();
        -0.5 * (count * (TAU * noise).ln() + residual / noise - explained + determinant)
    }

    /// The second half of [`Self::solve`]: the mean.
    pub(crate) fn finish(&mut self) {
        backward(&self.factor, &mut self.mean);
    }

    /// Gives a slot to each coordinate that has evidence.
    fn place(&mut self, prior: &Prior, evidence: &Evidence) {
        self.clear();
        for (row, &index) in evidence.indices().iter().enumerate() {
            if evidence.product(row, row) > 0.0 {
                self.place_beside(index);
                self.rows.push(row);
                self.deviations.push(prior.deviation(index));
            }
        }
    }

    pub(super) fn clear(&mut self) {
        self.leave(0);
        self.rows.clear();
        self.deviations.clear();
        self.factor.clear();
        self.mean.clear();
    }

    fn slot(&self, index: u16) -> Option<usize> {
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
        let mut unit = vec![0.0; self.rows.len()];
        self.touched.iter().enumerate().map(move |(slot, &index)| {
            unit.fill(0.0);
            unit[slot] = 1.0;
            forward(&self.factor, &mut unit);
            let own = self.deviations[slot];
            let mean = prior.mean(index) + own * self.mean[slot];
            Weight { index, mean, deviation: own * dot(&unit, &unit).sqrt() }
        })
    }

    /// The mean of one weight.
    pub(crate) fn weight(&self, prior: &Prior, index: u16) -> f64 {
        let learned = self.slot(index).map_or(0.0, |slot| prior.deviation(index) * self.mean[slot]);
        prior.mean(index) + learned
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
