//! Ridge regression, one an arm: `LinUCB` (Li, Chu, Langford & Schapire, WWW 2010) and linear Thompson sampling (Agrawal &
//! Goyal, ICML 2013).

use super::{ARMS, Model, Score, best, gram::dot, greedy};
use crate::recent::Recent;

/// The variance of a reward around its mean, by that of a weight.
const RIDGE: f64 = 0.05;

/// How many standard deviations are added.
const WIDTH: f64 = 0.5;

/// How much of the standard deviation is explored.
const EXPLORATION: f64 = 0.3;

/// More coordinates than this would make the inverse too large: only the first count.
const COORDINATES: usize = 256;

enum Rule {
    UpperBound,
    Thompson,
}

pub(super) struct Linear {
    rule: Rule,
    arms: Recent<Ridge>,
}

struct Ridge {
    /// `(Σ x xᵀ + λ I)⁻¹`.
    inverse: Vec<Vec<f64>>,
    /// `Σ x r`.
    rewards: Vec<f64>,
}

impl Linear {
    pub(super) fn lin_ucb() -> Self {
        Self { rule: Rule::UpperBound, arms: Recent::new(ARMS) }
    }

    pub(super) fn thompson() -> Self {
        Self { rule: Rule::Thompson, arms: Recent::new(ARMS) }
    }
}

impl Model for Linear {
    fn propensities(&mut self, context: &[f64], arms: &[String]) -> Vec<f64> {
        let x = with_one(context);
        let score = |arm: &String| match self.arms.get(arm) {
            Some(ridge) => ridge.score(&x),
            None => Score { mean: 0.0, deviation: dot(&x, &x).sqrt() },
        };
        let scores: Vec<Score> = arms.iter().map(score).collect();
        match self.rule {
            Rule::Thompson => {
                let narrow = |score: Score| Score {
                    deviation: (EXPLORATION * score.deviation).max(1e-3),
                    ..score
                };
                best(&scores.into_iter().map(narrow).collect::<Vec<_>>())
            }
            Rule::UpperBound => {
                let bound = |score: &Score| score.mean + WIDTH * score.deviation;
                greedy(&scores.iter().map(bound).collect::<Vec<_>>())
            }
        }
    }

    fn learn(&mut self, context: &[f64], arm: &str, reward: f64) {
        let x = with_one(context);
        let ridge = self.arms.used(arm, || Ridge::new(x.len()));
        let solved = ridge.solved(&x);
        let norm = 1.0 + dot(&x, &solved);
        for (row, a) in ridge.inverse.iter_mut().zip(&solved) {
            for (cell, b) in row.iter_mut().zip(&solved) {
                *cell -= a * b / norm;
            }
        }
        for (sum, x) in ridge.rewards.iter_mut().zip(&x) {
            *sum += x * reward;
        }
    }
}

impl Ridge {
    fn new(size: usize) -> Self {
        let mut inverse = vec![vec![0.0; size]; size];
        for (place, row) in inverse.iter_mut().enumerate() {
            row[place] = 1.0 / RIDGE;
        }
        Self { inverse, rewards: vec![0.0; size] }
    }

    fn solved(&self, x: &[f64]) -> Vec<f64> {
        self.inverse.iter().map(|row| dot(row, x)).collect()
    }

    fn score(&self, x: &[f64]) -> Score {
        let solved = self.solved(x);
        let variance = RIDGE * dot(x, &solved).max(0.0);
        Score { mean: dot(&solved, &self.rewards), deviation: variance.sqrt() }
    }
}

fn with_one(context: &[f64]) -> Vec<f64> {
    std::iter::once(1.0).chain(context.iter().copied().take(COORDINATES)).collect()
}
