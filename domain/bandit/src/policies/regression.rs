//! The policies of one model of features: `LinUCB`, linear and logistic Thompson sampling.

use std::sync::Arc;

use super::greedy;
use crate::{
    Candidate, Feature, Lesson, Policy, Posterior, Prior, Weight, floor,
    lessons::Lessons,
    linear::{Evidence, Gaussian, Prediction},
    normal::{Best, Score},
};

/// After so many lessons, one counts half.
const HALF_LIFE: f64 = 128.0;

/// The variance of a reward around its mean.
const NOISE: f64 = 0.16;

/// What the weighted sum of the features is.
#[derive(Clone, Copy, Debug)]
enum Link {
    /// The mean reward.
    Identity,
    /// Its log odds, by Laplace's approximation. A fractional reward is a fraction of a success.
    Logit,
}

/// How a model chooses.
#[derive(Clone, Copy, Debug)]
enum Rule {
    /// The greatest upper bound, this many standard deviations above the mean (Li, Chu, Langford & Schapire, WWW 2010).
    UpperBound(f64),
    /// Each as often as it is the best, by its own mean and variance (Agrawal & Goyal, ICML 2013; of log odds, Chapelle
    /// & Li, NIPS 2011, algorithm 3, with the whole covariance rather than its diagonal).
    Thompson,
}

/// A model with a prior that is shared between people, which forgets.
#[derive(Clone, Debug)]
pub(crate) struct Regression {
    name: &'static str,
    rule: Rule,
    link: Link,
    /// On the scale of the link.
    prior: Arc<Prior>,
}

impl Regression {
    pub(crate) fn lin_ucb(prior: &Arc<Prior>) -> Self {
        Self { name: "lin_ucb", rule: Rule::UpperBound(1.0), ..Self::linear_thompson(prior) }
    }

    pub(crate) fn linear_thompson(prior: &Arc<Prior>) -> Self {
        let prior = Arc::clone(prior);
        Self { name: "linear_thompson", rule: Rule::Thompson, link: Link::Identity, prior }
    }

    pub(crate) fn logistic_thompson(prior: &Prior) -> Self {
        let prior = Arc::new(prior.log_odds());
        Self { name: "logistic_thompson", rule: Rule::Thompson, link: Link::Logit, prior }
    }
}

impl Policy for Regression {
    fn name(&self) -> &'static str {
        self.name
    }

    fn posterior(&self) -> Box<dyn Posterior> {
        Box::new(Model { policy: self.clone(), lessons: Lessons::default(), gaussian: None })
    }
}

struct Model {
    policy: Regression,
    lessons: Lessons,
    /// `None` when there are new lessons.
    gaussian: Option<Gaussian>,
}

impl Posterior for Model {
    fn learn(&mut self, lesson: Arc<Lesson>) {
        self.lessons.enter(lesson);
        self.lessons.leave();
        self.gaussian = None;
    }

    fn propensities(&mut self, _: i64, candidates: &[Candidate<'_>], out: &mut Vec<f64>) {
        let (policy, gaussian) = self.solved();
        let mut prediction = Prediction::default();
        prediction.of(gaussian, &policy.prior, candidates);
        let scores: Vec<Score> = prediction.scores();
        match policy.rule {
            Rule::Thompson => Best::default().of(&scores, out),
            Rule::UpperBound(width) => {
                let bounds = scores.iter().map(|score| score.mean + width * score.deviation);
                *out = greedy(&bounds.collect::<Vec<_>>(), 0.0);
            }
        }
        floor::raise(out);
    }

    fn contributions(&mut self, candidate: &Candidate<'_>) -> Vec<(Feature, f64)> {
        let (policy, gaussian) = self.solved();
        let slope = policy.link.slope();
        let means = gaussian.means(&policy.prior, candidate.features.iter().map(|f| f.index));
        let features = candidate.features.iter().zip(means);
        features.map(|(feature, mean)| (*feature, slope * feature.value() * mean)).collect()
    }

    /// On the scale of [`Self::contributions`].
    fn weights(&mut self) -> Vec<Weight> {
        let (policy, gaussian) = self.solved();
        let slope = policy.link.slope();
        let weight = |Weight { index, mean, deviation }| Weight {
            index,
            mean: slope * mean,
            deviation: slope * deviation,
        };
        gaussian.weights(&policy.prior).map(weight).collect()
    }
}

impl Model {
    fn solved(&mut self) -> (&Regression, &mut Gaussian) {
        let Self { policy, lessons, gaussian } = self;
        let solve = || policy.link.solve(&policy.prior, lessons);
        (policy, gaussian.get_or_insert_with(solve))
    }
}

impl Link {
    /// How the mean reward grows with the sum; for log odds, where it is one half.
    fn slope(self) -> f64 {
        match self {
            Self::Identity => 1.0,
            Self::Logit => 0.25,
        }
    }

    /// What is believed after `lessons`, each weighing less the older it is.
    fn solve(self, prior: &Prior, lessons: &[Arc<Lesson>]) -> Gaussian {
        let weighted = lessons.iter().rev().enumerate().rev().map(|(age, lesson)| {
            #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
            let remembered = (-(age as f64) / HALF_LIFE).exp2();
            (&**lesson, lesson.weight() * remembered)
        });
        match self {
            Self::Logit => Gaussian::laplace(prior, weighted),
            Self::Identity => {
                let mut evidence = Evidence::default();
                for (lesson, weight) in weighted {
                    evidence.add(&lesson.clone().weighing(weight), 1.0);
                }
                let mut gaussian = Gaussian::default();
                gaussian.solve(prior, &evidence, NOISE);
                gaussian
            }
        }
    }
}
