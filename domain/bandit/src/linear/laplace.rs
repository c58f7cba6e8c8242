//! Logistic regression, as the normal distribution at its mode.

use fearless_simd::{Level, dispatch};

use super::{
    Gaussian, Prior,
    cholesky::{backward, factorise, times, triangle},
    dot,
};
use crate::Lesson;

/// Newton's steps at most; about five suffice.
const STEPS: usize = 32;

/// A step that moves no weight by more of its prior's deviation is the last.
const CLOSE: f64 = 1e-9;

/// The derivative of log odds by the probability, at one half.
const STEEPNESS: f64 = 4.0;

/// The coordinate of the constant.
const BIAS: usize = 0;

impl Prior {
    /// The same on the scale of log odds: means and deviations are multiplied by four, which is exact at a
    /// probability of one half and for small weights. The first coordinate is the constant: a mean of it that is a
    /// probability becomes the log odds of it. Where it has no opinion, odds are even.
    pub(crate) fn log_odds(&self) -> Self {
        let wider = |&(mean, deviation): &(f64, f64)| (STEEPNESS * mean, STEEPNESS * deviation);
        let mut weights: Vec<_> = self.weights.iter().map(wider).collect();
        if let (Some((bias, _)), Some((mean, _))) = (weights.get_mut(BIAS), self.weights.get(BIAS))
            && *mean > 0.0
        {
            let mean = mean.clamp(0.01, 0.99);
            *bias = (mean / (1.0 - mean)).ln();
        }
        Self { weights, others: wider(&self.others), ..self.clone() }
    }
}

/// A lesson in the coordinates of the slots.
struct Row {
    /// Log odds at the prior's mean.
    expected: f64,
    /// Slots, and values in units in which the prior is `N(0, 1)`.
    values: Vec<(usize, f64)>,
    reward: f64,
    weight: f64,
}

impl Row {
    fn log_odds(&self, weights: &[f64]) -> f64 {
        self.values.iter().fold(self.expected, |sum, (slot, x)| sum + x * weights[*slot])
    }

    /// Of the reward, were it one or nothing.
    fn log_likelihood(&self, weights: &[f64]) -> f64 {
        let log_odds = self.log_odds(weights);
        let softplus = log_odds.max(0.0) + (-log_odds.abs()).exp().ln_1p();
        self.weight * (self.reward * log_odds - softplus)
    }
}

impl Gaussian {
    /// Laplace's approximation (Bishop 2006, 4.5; `MacKay` 1992): the mode by Newton's method, and the curvature there.
    /// It follows from the lessons, their weights and their order, to the bit.
    pub(crate) fn laplace<'a>(
        prior: &Prior,
        lessons: impl Iterator<Item = (&'a Lesson, f64)>,
    ) -> Self {
        let mut gaussian = Self::default();
        let rows: Vec<Row> = lessons
            .filter(|(_, weight)| *weight > 0.0)
            .map(|(lesson, weight)| gaussian.row(prior, lesson, weight))
            .collect();
        let n = gaussian.deviations.len();
        let mut mode = vec![0.0; n];

        let mut probability = log_posterior(&rows, &mode);
        for _ in 0..STEPS {
            let mut step = gaussian.step(&rows, &mode);
            // Halved until it is one upwards: far from the mode, a whole one may leap over it.
            let improved = (0..STEPS).find_map(|_| {
                let there: Vec<f64> = mode.iter().zip(&step).map(|(a, b)| a + b).collect();
                let at = log_posterior(&rows, &there);
                if at >= probability {
                    return Some((there, at));
                }
                for step in &mut step {
                    *step *= 0.5;
                }
                None
            });
            let Some((there, at)) = improved else { break };
            (mode, probability) = (there, at);
            if step.iter().all(|step| step.abs() < CLOSE) {
                break;
            }
        }
        gaussian.whitened = times(&gaussian.factor, &mode);
        gaussian
    }

    fn row(&mut self, prior: &Prior, lesson: &Lesson, weight: f64) -> Row {
        let mut expected = 0.0;
        let value = |feature: &crate::Feature| {
            let slot = self.place_beside(feature.index);
            if slot == self.deviations.len() {
                self.deviations.push(prior.deviation(feature.index));
            }
            expected += feature.value() * prior.mean(feature.index);
            (slot, feature.value() * self.deviations[slot])
        };
        let values = lesson.features.iter().map(value).collect();
        Row { expected, values, reward: lesson.reward(), weight }
    }

    /// Newton's step from `mode`; leaves the curvature's factor.
    fn step(&mut self, rows: &[Row], mode: &[f64]) -> Vec<f64> {
        let n = mode.len();
        self.factor.clear();
        self.factor.resize(triangle(n), 0.0);
        for i in 0..n {
            self.factor[triangle(i) + i] = 1.0;
        }
        let mut gradient: Vec<f64> = mode.iter().map(|mode| -mode).collect();
        for row in rows {
            let p = 1.0 / (1.0 + (-row.log_odds(mode)).exp());
            let curvature = row.weight * p * (1.0 - p);
            for &(i, x) in &row.values {
                gradient[i] += row.weight * (row.reward - p) * x;
                for &(j, y) in row.values.iter().filter(|(j, _)| *j <= i) {
                    self.factor[triangle(i) + j] += curvature * x * y;
                }
            }
        }
        self.factor.append(&mut gradient);
        self.factor.push(0.0);
        dispatch!(Level::new(), simd => factorise(simd, &mut self.factor, n));
        gradient.extend(self.factor.drain(triangle(n)..).take(n));
        backward(&self.factor, &mut gradient);
        gradient
    }
}

fn log_posterior(rows: &[Row], weights: &[f64]) -> f64 {
    let likelihood: f64 = rows.iter().map(|row| row.log_likelihood(weights)).sum();
    likelihood - 0.5 * dot(weights, weights)
}
