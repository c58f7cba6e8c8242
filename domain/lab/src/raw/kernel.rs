//! One Gaussian process an arm (Rasmussen & Williams 2006, 2.2), chosen by upper bounds that are drawn.
//!
//! The kernel is one of similar contexts, with a little of a linear one and a constant. A candidate's score is its mean
//! and a bonus for what is not known (Srinivas et al., ICML 2010) that fades as decisions are made and where the best arm is
//! good anyway; what is left of the uncertainty is drawn from, so that a propensity is a probability and not a tie-break.

use std::collections::VecDeque;

use super::{
    ARMS, Model, Score, best,
    gram::{Gram, dot},
};
use crate::recent::Recent;

/// Weights of the linear and of the constant part of the kernel; the other has one.
const LINEAR: f64 = 0.1;
const CONSTANT: f64 = 0.3;

/// The variance of a reward around its mean.
const NOISE: f64 = 0.05;

/// The bonus, in standard deviations, and after how many decisions it has shrunk by √2.
const BONUS: f64 = 1.5;
const FADES: f64 = 150.0;

/// The share of a sharper part in the kernel, and its length.
const SHARP: f64 = 0.1;
const SHARP_LENGTH: f64 = 0.5;

/// How much of the standard deviation is drawn from.
const EXPLORATION: f64 = 0.03;

/// The least standard deviation, so that near ties are drawn.
const TIE: f64 = 1e-3;

/// So many rewards of an arm are remembered.
const WINDOW: usize = 400;

/// All arms.
pub(super) struct Kernel {
    arms: Recent<Arm>,
    decisions: f64,
    /// The greatest reward so far, without its sign: what rewards are measured by.
    unit: f64,
}

/// What is remembered of one arm.
#[derive(Default)]
struct Arm {
    contexts: VecDeque<Context>,
    rewards: VecDeque<f64>,
    gram: Gram,
}

/// A context and the square of its length.
struct Context {
    x: Vec<f64>,
    square: f64,
}

impl Kernel {
    pub(super) fn new() -> Self {
        Self { arms: Recent::new(ARMS), decisions: 0.0, unit: 0.0 }
    }
}

impl Model for Kernel {
    fn propensities(&mut self, context: &[f64], arms: &[String]) -> Vec<f64> {
        self.decisions += 1.0;
        let bonus = BONUS / (1.0 + self.decisions / FADES).sqrt();
        let unit = if self.unit > 0.0 { self.unit } else { 1.0 };
        let context = Context::new(context);
        let nothing = Arm::default();
        let predict = |arm: &String| {
            let (mean, variance) = self.arms.get(arm).unwrap_or(&nothing).predict(&context);
            (mean / unit, variance.max(0.0).sqrt())
        };
        let predicted: Vec<(f64, f64)> = arms.iter().map(predict).collect();

        // The nearer the best mean is to the greatest reward, the less there is to find.
        let greatest = predicted.iter().map(|(mean, _)| *mean).fold(0.0, f64::max);
        let bonus = bonus * (1.0 - greatest).max(0.0).sqrt();
        let score = |(mean, deviation): &(f64, f64)| Score {
            mean: mean + bonus * deviation,
            deviation: (EXPLORATION * deviation).max(TIE),
        };
        best(&predicted.iter().map(score).collect::<Vec<_>>())
    }

    fn learn(&mut self, context: &[f64], arm: &str, reward: f64) {
        self.unit = self.unit.max(reward.abs());
        self.arms.used(arm, Arm::default).learn(Context::new(context), reward);
    }
}

impl Arm {
    /// Mean and variance of the expected reward.
    fn predict(&self, context: &Context) -> (f64, f64) {
        let (with, solved) = self.solve(context);
        let mean = solved.iter().zip(&self.rewards).map(|(weight, reward)| weight * reward).sum();
        (mean, context.with(context) - dot(&with, &solved))
    }

    fn learn(&mut self, context: Context, reward: f64) {
        let (with, solved) = self.solve(&context);
        self.gram.push(&with, &solved, context.with(&context) + NOISE, NOISE);
        self.contexts.push_back(context);
        self.rewards.push_back(reward);
        if self.contexts.len() > WINDOW {
            self.gram.pop();
            self.contexts.pop_front();
            self.rewards.pop_front();
        }
    }

    /// The kernel with all that is remembered, and the Gram matrix solved for it.
    fn solve(&self, context: &Context) -> (Vec<f64>, Vec<f64>) {
        let with: Vec<f64> = self.contexts.iter().map(|other| context.with(other)).collect();
        let mut solved = Vec::new();
        self.gram.solve(&with, &mut solved);
        (with, solved)
    }
}

impl Context {
    fn new(x: &[f64]) -> Self {
        Self { x: x.to_vec(), square: dot(x, x) }
    }

    /// The kernel.
    fn with(&self, other: &Self) -> f64 {
        let product = dot(&self.x, &other.x);
        let distance = (self.square + other.square - 2.0 * product).max(0.0);
        let similar = (-0.5 * distance).exp();
        let sharp = (-0.5 * distance / SHARP_LENGTH.powi(2)).exp();
        (1.0 - SHARP) * similar + SHARP * sharp + LINEAR * product + CONSTANT
    }
}
