//! Linear regressions on several selections of the lessons, at once.

#![expect(clippy::inline_always, reason = "lanes.rs says why")]

use std::f64::consts::TAU;

use fearless_simd::{Level, Simd, dispatch};

use super::{
    Evidence, Gaussian, Prior,
    cholesky::{factorise, triangle},
    evidence::UNIT,
    lanes::Number,
};

/// A linear regression, or one a lane, with one prior, in coordinates in which that is `N(0, 1)`.
///
/// Bishop (2006): *Pattern Recognition and Machine Learning*, 3.3 and 3.5. Nothing is allocated once it has been weighed at
/// its size.
#[derive(Clone, Debug, Default)]
pub(crate) struct Regressions<T = f64> {
    /// The coordinate of each slot: those that any selection says something of.
    indices: Vec<u16>,
    /// Its row in the evidence.
    rows: Vec<usize>,
    /// The prior's standard deviations, by slot.
    deviations: Vec<f64>,
    /// The factor `L` of the precision `L Lᵀ`, with a row of the identity where a selection says nothing; below it
    /// `(L⁻¹ h)ᵀ`, and what is not explained.
    factors: Vec<T>,
    /// The slots that a selection says something of, while it is solved.
    slots: Vec<usize>,
}

impl<T: Number> Regressions<T> {
    /// Returns the logarithm of the probability of each selection, where the rewards scatter by the variance `noise` around
    /// the model.
    pub(crate) fn weigh(&mut self, prior: &Prior, evidence: &Evidence<T>, noise: f64) -> T {
        dispatch!(Level::new(), simd => self.weigh_all(simd, prior, evidence, noise))
    }

    #[inline(always)]
    fn weigh_all<S: Simd>(
        &mut self,
        simd: S,
        prior: &Prior,
        evidence: &Evidence<T>,
        noise: f64,
    ) -> T {
        self.place(prior, evidence);
        let n = self.rows.len();
        self.factors.resize(triangle(n + 1), T::default());
        for (slot, &row) in self.rows.iter().enumerate() {
            let scale = self.deviations[slot] / noise * UNIT;
            let products = evidence.products(row);
            let factors = &mut self.factors[triangle(slot)..=triangle(slot) + slot];
            for ((factor, &column), own) in factors.iter_mut().zip(&self.rows).zip(&self.deviations)
            {
                *factor = products[column] * (scale * own);
            }
            factors[slot] = factors[slot] + 1.0;
        }
        self.explain(prior, evidence, noise);

        let mut surprise = factorise(simd, &mut self.factors, n);
        surprise += self.factors[triangle(n) + n];
        surprise += evidence.weight() * (TAU * noise).ln();
        surprise * -0.5
    }

    /// Gives a slot to each coordinate that has evidence.
    fn place(&mut self, prior: &Prior, evidence: &Evidence<T>) {
        self.indices.clear();
        self.rows.clear();
        self.deviations.clear();
        for (row, &index) in evidence.indices().iter().enumerate() {
            if evidence.product(row, row).any(|sum| sum > 0.0) {
                self.indices.push(index);
                self.rows.push(row);
                self.deviations.push(prior.deviation(index));
            }
        }
    }

    /// Fills the last row: `h`, of what the prior's mean does not explain, and the square of that.
    #[inline(always)]
    fn explain(&mut self, prior: &Prior, evidence: &Evidence<T>, noise: f64) {
        let n = self.rows.len();
        let (rewards, square) = self.factors[triangle(n)..].split_at_mut(n);
        let mut residual = evidence.square() * UNIT;
        for (reward, &row) in rewards.iter_mut().zip(&self.rows) {
            *reward = evidence.reward(row) * UNIT;
        }
        for (slot, &column) in self.rows.iter().enumerate() {
            let own = prior.mean(self.indices[slot]);
            if own != 0.0 {
                residual -= rewards[slot] * own;
                for (reward, &row) in rewards.iter_mut().zip(&self.rows) {
                    *reward -= evidence.product(row, column) * (own * UNIT);
                }
                residual -= rewards[slot] * own;
            }
        }
        for (reward, own) in rewards.iter_mut().zip(&self.deviations) {
            *reward = *reward * (own / noise);
        }
        square[0] = residual * (1.0 / noise);
    }

    /// Takes out the posterior of the selection in this lane of the `evidence` that was weighed last.
    pub(crate) fn solve(&mut self, evidence: &Evidence<T>, lane: usize, gaussian: &mut Gaussian) {
        gaussian.clear();
        self.slots.clear();
        for (slot, &row) in self.rows.iter().enumerate() {
            if evidence.product(row, row).lane(lane) > 0.0 {
                self.slots.push(slot);
                gaussian.place_beside(self.indices[slot]);
                gaussian.deviations.push(self.deviations[slot]);
            }
        }
        if self.slots.len() == self.rows.len() {
            let factors = &self.factors[..triangle(self.rows.len())];
            gaussian.factor.extend(factors.iter().map(|factor| factor.lane(lane)));
        } else {
            for (place, &slot) in self.slots.iter().enumerate() {
                let row = &self.factors[triangle(slot)..];
                let columns = self.slots[..=place].iter();
                gaussian.factor.extend(columns.map(|column| row[*column].lane(lane)));
            }
        }
        let last = &self.factors[triangle(self.rows.len())..];
        gaussian.whitened.extend(self.slots.iter().map(|slot| last[*slot].lane(lane)));
    }
}
