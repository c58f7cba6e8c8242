//! Logistic Thompson sampling: a model of log odds, by Laplace's approximation.

use std::sync::Arc;

use super::regression::scores;
use crate::{
    Candidate, Feature, Lesson, Policy, Posterior, Prior, Weight, floor, lessons::Lessons,
    linear::Gaussian, normal::Best,
};

/// The lessons that are remembered.
const WINDOW: usize = 256;

/// After so many lessons, one counts half.
const HALF_LIFE: f64 = 128.0;

/// The derivative of a probability by its log odds, at one half.
const SLOPE: f64 = 0.25;

/// Each candidate as often as its log odds are the greatest (Chapelle & Li, NIPS 2011, algorithm 3, with the whole
/// covariance rather than its diagonal). A fractional reward is a fraction of a success.
pub(crate) struct Logistic {
    /// Of log odds.
    prior: Arc<Prior>,
}

impl Logistic {
    pub(crate) fn new(prior: &Prior) -> Self {
        Self { prior: Arc::new(prior.log_odds()) }
    }
}

impl Policy for Logistic {
    fn name(&self) -> &'static str {
        "logistic_thompson"
    }

    fn posterior(&self) -> Box<dyn Posterior> {
        Box::new(Model {
            prior: Arc::clone(&self.prior),
            lessons: Lessons::default(),
            gaussian: None,
        })
    }
}

struct Model {
    prior: Arc<Prior>,
    lessons: Lessons,
    /// `None` when there are new lessons.
    gaussian: Option<Gaussian>,
}

impl Posterior for Model {
    fn learn(&mut self, lesson: Arc<Lesson>) {
        self.lessons.enter(lesson);
        self.lessons.leave(WINDOW);
        self.gaussian = None;
    }

    fn propensities(&mut self, _: i64, candidates: &[Candidate<'_>], out: &mut Vec<f64>) {
        let prior = Arc::clone(&self.prior);
        let scores = scores(self.gaussian(), &prior, candidates);
        Best::default().of(&scores, out);
        floor::raise(out);
    }

    /// A quarter of the log odds: that is how the mean reward grows where it is one half.
    fn contributions(&mut self, candidate: &Candidate<'_>) -> Vec<(Feature, f64)> {
        let prior = Arc::clone(&self.prior);
        let gaussian = self.gaussian();
        let contribution = |feature: &Feature| {
            (*feature, SLOPE * feature.value() * gaussian.weight(&prior, feature.index))
        };
        candidate.features.iter().map(contribution).collect()
    }

    /// On the scale of [`Self::contributions`].
    fn weights(&mut self) -> Vec<Weight> {
        let prior = Arc::clone(&self.prior);
        let weight = |Weight { index, mean, deviation }| Weight {
            index,
            mean: SLOPE * mean,
            deviation: SLOPE * deviation,
        };
        self.gaussian().weights(&prior).map(weight).collect()
    }
}

impl Model {
    fn gaussian(&mut self) -> &mut Gaussian {
        self.gaussian.get_or_insert_with(|| {
            let newest = self.lessons.len();
            let weighted = self.lessons.iter().enumerate().map(|(place, lesson)| {
                #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
                let age = (newest - 1 - place) as f64;
                (&**lesson, lesson.weight() * (-age / HALF_LIFE).exp2())
            });
            Gaussian::laplace(&self.prior, weighted)
        })
    }
}
