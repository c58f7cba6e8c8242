//! A linear regression that remembers sums rather than lessons: for many small observations over few coordinates, which no
//! memory of lessons would hold. What it was taught cannot be taken back one by one; it fades.

use serde::{Deserialize, Serialize};

use super::{
    Evidence, Gaussian, Prior,
    cholesky::{forward, triangle},
    dot,
};
use crate::normal;

/// The sufficient statistics `Σ w x xᵀ` and `Σ w x r`, as numbers that may be stored.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sums {
    /// The lower triangle, row by row.
    products: Vec<f32>,
    rewards: Vec<f32>,
}

/// What is expected, and how surely: a normal distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expected {
    /// Its mean.
    pub mean: f64,
    /// Its standard deviation.
    pub deviation: f64,
}

/// What is believed after [`Sums`], with a prior (Bishop 2006, 3.3).
#[derive(Clone, Debug)]
pub struct Linear<'a> {
    prior: &'a Prior,
    gaussian: Gaussian,
}

impl Sums {
    /// Nothing yet, over so many coordinates.
    pub fn new(coordinates: usize) -> Self {
        Self { products: vec![0.0; triangle(coordinates)], rewards: vec![0.0; coordinates] }
    }

    /// Whether they are sums over so many coordinates: what was stored may be anything.
    pub fn is_over(&self, coordinates: usize) -> bool {
        let diagonal = |row| self.products[triangle(row) + row] >= 0.0;
        self.rewards.len() == coordinates
            && self.products.len() == triangle(coordinates)
            && self.products.iter().chain(&self.rewards).all(|sum| sum.is_finite())
            && (0..coordinates).all(diagonal)
    }

    /// Adds an observation that counts `weight` times. Features beyond the coordinates are not seen.
    #[expect(clippy::cast_possible_truncation, reason = "what is stored is that precise")]
    pub fn add(&mut self, features: &[f64], reward: f64, weight: f64) {
        for (row, own) in features.iter().enumerate().take(self.rewards.len()) {
            let by = weight * own;
            if by != 0.0 {
                self.rewards[row] += (by * reward) as f32;
                let products = &mut self.products[triangle(row)..=triangle(row) + row];
                for (product, other) in products.iter_mut().zip(features) {
                    *product += (by * other) as f32;
                }
            }
        }
    }

    /// All that was added counts so many times as much.
    #[expect(clippy::cast_possible_truncation, reason = "what is stored is that precise")]
    pub fn fade(&mut self, to: f64) {
        for sum in self.products.iter_mut().chain(&mut self.rewards) {
            *sum *= to as f32;
        }
    }

    /// What is believed, where rewards scatter by the variance `noise` around the model.
    pub fn solve<'a>(&self, prior: &'a Prior, noise: f64) -> Linear<'a> {
        let mut gaussian = Gaussian::default();
        gaussian.solve(prior, &self.evidence(), noise);
        Linear { prior, gaussian }
    }

    fn evidence(&self) -> Evidence {
        let wide = |sums: &[f32]| sums.iter().map(|sum| f64::from(*sum)).collect();
        let indices = (0..=u16::MAX).take(self.rewards.len()).collect();
        Evidence::stated(indices, wide(&self.products), wide(&self.rewards))
    }
}

impl Linear<'_> {
    /// What is expected of these features.
    pub fn expect(&self, features: &[f64]) -> Expected {
        let Self { prior, gaussian } = self;
        let mut known = vec![0.0; gaussian.whitened.len()];
        let mut variance = 0.0;
        let mut mean = 0.0;
        for (index, feature) in (0..=u16::MAX).zip(features) {
            let (expected, deviation) = prior.weight(index);
            mean += expected * feature;
            match gaussian.slot(index) {
                Some(slot) => known[slot] = deviation * feature,
                None => variance += (deviation * feature).powi(2),
            }
        }
        // mᵀ x = (Lᵀ m)ᵀ L⁻¹ x.
        forward(&gaussian.factor, &mut known);
        mean += dot(&gaussian.whitened, &known);
        variance += dot(&known, &known);
        Expected { mean, deviation: variance.sqrt() }
    }
}

impl Expected {
    /// The probability of exceeding a `threshold` that itself is only known to within a standard deviation of `width`.
    pub fn exceeds(self, threshold: f64, width: f64) -> f64 {
        normal::below((self.mean - threshold) / self.deviation.hypot(width).max(1e-9))
    }
}

impl Prior {
    /// As [`Prior::fit`], from the sums of `people`.
    #[must_use]
    pub fn fit_sums(&self, people: &[Sums], noise: f64, rounds: usize, stay: f64) -> Self {
        let evidence: Vec<Evidence> = people.iter().map(Sums::evidence).collect();
        self.fit_evidence(&evidence, noise, rounds, stay)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against the textbook's two by two, inverted by hand.
    #[test]
    fn what_is_expected_is_the_posterior() {
        let mut sums = Sums::new(2);
        sums.add(&[1.0, 0.0], 1.0, 1.0);
        sums.add(&[1.0, 1.0], 0.0, 2.0);
        let prior = Prior::new(vec![(0.5, 1.0), (0.0, 2.0)], Vec::new());
        let believed = sums.solve(&prior, 0.5);
        // Precision [[1 + 3/.5, 2/.5], [2/.5, 1/4 + 2/.5]]; right side [.5 + 1/.5, 0].
        let determinant = 7.0 * 4.25 - 16.0;
        let mean = [4.25 * 2.5 / determinant, -4.0 * 2.5 / determinant];
        let expected = believed.expect(&[1.0, 1.0]);
        assert!((expected.mean - (mean[0] + mean[1])).abs() < 1e-6, "{expected:?}");
        let variance = (4.25 + 7.0 - 8.0) / determinant;
        assert!((expected.deviation.powi(2) - variance).abs() < 1e-6, "{expected:?}");
        assert!((expected.exceeds(expected.mean, 1.0) - 0.5).abs() < 1e-4);
        assert!((expected.exceeds(expected.mean - variance.sqrt(), 0.0) - 0.8413).abs() < 1e-3);
    }

    #[test]
    fn what_was_never_seen_is_the_prior_and_what_fades_becomes_it_again() {
        let prior = Prior::new(vec![(0.1, 0.2), (-0.3, 0.4)], Vec::new());
        let mut sums = Sums::new(2);
        sums.add(&[0.0, 1.0], 1.0, 1.0);
        let unseen = sums.solve(&prior, 0.2).expect(&[1.0, 0.0]);
        assert!((unseen.mean - 0.1).abs() < 1e-9 && (unseen.deviation - 0.2).abs() < 1e-9);
        sums.fade(1e-9);
        let faded = sums.solve(&prior, 0.2).expect(&[0.0, 1.0]);
        assert!((faded.mean + 0.3).abs() < 1e-6 && (faded.deviation - 0.4).abs() < 1e-6);
    }

    #[test]
    fn what_was_stored_may_be_anything() {
        let mut sums = Sums::new(3);
        sums.add(&[1.0, -0.5, 0.25], 1.0, 1.0);
        let stored = serde_json::to_string(&sums).unwrap();
        assert_eq!(serde_json::from_str::<Sums>(&stored).unwrap(), sums);
        assert!(sums.is_over(3) && !sums.is_over(2) && !Sums::default().is_over(3));
        sums.add(&[f64::NAN; 3], 1.0, 1.0);
        assert!(!sums.is_over(3));
    }
}
