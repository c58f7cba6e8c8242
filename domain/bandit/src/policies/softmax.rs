//! The recovering difference softmax: what does better than the rest, unless it was just shown.
//!
//! Yancey & Settles (2020): *A Sleeping, Recovering Bandit Algorithm for Optimizing Recurring Notifications*, KDD.
//! An arm's score is the relative difference between the mean reward with it and the mean reward without it, less a
//! penalty that halves with the days since it was shown; the choice is a softmax of the scores.
//!
//! What differs from the paper, because a [`Lesson`] does not know it:
//! - *Without it* there means: it was eligible, and another was chosen. Which arms were eligible is not in a lesson, so
//!   that here it means all lessons of other arms.
//! - There, rounds are weighted by the inverse of the probability with which the arm was chosen, or was not. Here each
//!   lesson is weighted by the inverse of the probability of what was chosen; with *that*, the mean of other arms is
//!   that of a uniform choice among them.
//! - *Shown* means shown and answered: of what was not answered there is no lesson.
//! - There, millions of people share the arms, and differences are of a few percent. Here there is one person: means are
//!   shrunk as if two more lessons had been seen, one of which was rewarded (Laplace's rule), and penalty and
//!   temperature (0.017 and 0.0025 there, with a half-life of 15 days) are of the size of one person's differences.

use std::sync::Arc;

use super::arms::Arms;
use crate::{Arm, Candidate, Lesson, Policy, Posterior, floor, lessons::Lessons};

/// Differences of the score that make an arm e times as likely.
const TEMPERATURE: f64 = 0.25;

/// What being shown this moment costs.
const PENALTY: f64 = 0.5;

/// Days after which half of the penalty is left.
const HALF_LIFE_DAYS: f64 = 1.0;

/// Microseconds.
const DAY: f64 = 86_400e6;

pub(crate) struct RecoveringSoftmax;

impl Policy for RecoveringSoftmax {
    fn name(&self) -> &'static str {
        "recovering_softmax"
    }

    fn posterior(&self) -> Box<dyn Posterior> {
        Box::new(Recovering(Lessons::default()))
    }
}

struct Recovering(Lessons);

impl Posterior for Recovering {
    fn learn(&mut self, lesson: Arc<Lesson>) {
        self.0.enter(lesson);
        self.0.leave();
    }

    fn propensities(&mut self, at: i64, candidates: &[Candidate<'_>], out: &mut Vec<f64>) {
        let arms = Arms::new(candidates);
        let scores: Vec<f64> = arms.distinct.iter().map(|arm| self.score(*arm, at)).collect();
        arms.spread(&softmax(&scores), out);
        floor::raise(out);
    }
}

impl Recovering {
    fn score(&self, arm: Arm, at: i64) -> f64 {
        let (mut with, mut without) = (Weighted::default(), Weighted::default());
        for lesson in self.0.iter() {
            (if lesson.arm == arm { &mut with } else { &mut without }).add(lesson);
        }
        let (with, without) = (with.mean(), without.mean());
        let shown = self.0.iter().rfind(|lesson| lesson.arm == arm);
        let penalty = shown.map_or(0.0, |lesson| PENALTY * remains(at.saturating_sub(lesson.at)));
        (with - without) / without - penalty
    }
}

/// A mean of weighted rewards.
#[derive(Default)]
struct Weighted {
    weight: f64,
    square: f64,
    reward: f64,
}

impl Weighted {
    /// No policy of this crate chooses with less than the floor, but for very many candidates.
    #[expect(clippy::manual_clamp, reason = "NaN becomes the floor")]
    fn add(&mut self, lesson: &Lesson) {
        let weight = lesson.weight() / lesson.propensity.max(floor::FLOOR).min(1.0);
        self.weight += weight;
        self.square += weight * weight;
        self.reward += weight * lesson.reward();
    }

    /// As many lessons as would tell as much with equal weights (Kish 1965), and two more; always positive.
    fn mean(&self) -> f64 {
        if self.weight <= 0.0 {
            return 0.5;
        }
        let count = self.weight * self.weight / self.square;
        (count * self.reward / self.weight + 1.0) / (count + 2.0)
    }
}

/// The part of the penalty that is left.
#[expect(clippy::cast_precision_loss, reason = "microseconds do not matter")]
fn remains(microseconds: i64) -> f64 {
    (-(microseconds.max(0) as f64) / DAY / HALF_LIFE_DAYS).exp2()
}

fn softmax(scores: &[f64]) -> Vec<f64> {
    let greatest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let likely = scores.iter().map(|score| ((score - greatest) / TEMPERATURE).exp());
    let mut likely: Vec<f64> = likely.collect();
    let sum: f64 = likely.iter().sum();
    for likely in &mut likely {
        *likely /= sum;
    }
    likely
}
