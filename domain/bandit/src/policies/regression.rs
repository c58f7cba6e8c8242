//! The policies of one linear model: `LinUCB`, and linear Thompson sampling.

use std::sync::Arc;

use crate::{
    Candidate, Feature, Lesson, Policy, Posterior, Prior, Weight, floor,
    lessons::Lessons,
    linear::{Evidence, Gaussian, Prediction},
    normal::{Best, Score},
};

/// The lessons that are remembered.
const WINDOW: usize = 256;

/// After so many lessons, one counts half.
const HALF_LIFE: f64 = 128.0;

/// The variance of a reward around its mean.
const NOISE: f64 = 0.16;

/// How a linear model chooses.
#[derive(Clone, Copy, Debug)]
enum Rule {
    /// The greatest upper bound, this many standard deviations above the mean (Li, Chu, Langford & Schapire, WWW 2010).
    UpperBound(f64),
    /// Each as often as it is the best, by its own mean and variance (Agrawal & Goyal, ICML 2013).
    Thompson,
}

/// A linear model with a prior that is shared between people, which forgets.
pub(crate) struct Regression {
    name: &'static str,
    rule: Rule,
    prior: Arc<Prior>,
}

impl Regression {
    pub(crate) fn lin_ucb(prior: &Arc<Prior>) -> Self {
        Self { name: "lin_ucb", rule: Rule::UpperBound(1.0), prior: Arc::clone(prior) }
    }

    pub(crate) fn thompson(prior: &Arc<Prior>) -> Self {
        Self { name: "linear_thompson", rule: Rule::Thompson, prior: Arc::clone(prior) }
    }
}

impl Policy for Regression {
    fn name(&self) -> &'static str {
        self.name
    }

    fn posterior(&self) -> Box<dyn Posterior> {
        Box::new(Model {
            rule: self.rule,
            prior: Arc::clone(&self.prior),
            lessons: Lessons::default(),
            gaussian: None,
        })
    }
}

struct Model {
    rule: Rule,
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
        let (rule, prior) = (self.rule, Arc::clone(&self.prior));
        let scores = scores(self.gaussian(), &prior, candidates);
        match rule {
            Rule::Thompson => Best::default().of(&scores, out),
            Rule::UpperBound(width) => greedy(&scores, width, out),
        }
        floor::raise(out);
    }

    fn contributions(&mut self, candidate: &Candidate<'_>) -> Vec<(Feature, f64)> {
        let prior = Arc::clone(&self.prior);
        let gaussian = self.gaussian();
        let contribution = |feature: &Feature| {
            (*feature, feature.value() * gaussian.weight(&prior, feature.index))
        };
        candidate.features.iter().map(contribution).collect()
    }

    fn weights(&mut self) -> Vec<Weight> {
        let prior = Arc::clone(&self.prior);
        self.gaussian().weights(&prior).collect()
    }
}

impl Model {
    fn gaussian(&mut self) -> &mut Gaussian {
        self.gaussian.get_or_insert_with(|| {
            let mut evidence = Evidence::default();
            for (age, lesson) in self.lessons.iter().rev().enumerate() {
                #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
                let remembered = (-(age as f64) / HALF_LIFE).exp2();
                evidence.add(&Lesson::clone(lesson).weighing(remembered * lesson.weight()));
            }
            let mut gaussian = Gaussian::default();
            gaussian.solve(&self.prior, &evidence, NOISE);
            gaussian
        })
    }
}

/// What a model expects of each candidate.
pub(super) fn scores(
    gaussian: &mut Gaussian,
    prior: &Prior,
    candidates: &[Candidate<'_>],
) -> Vec<Score> {
    let mut prediction = Prediction::default();
    prediction.of(gaussian, prior, candidates);
    prediction.scores()
}

/// All on the greatest upper bound.
fn greedy(scores: &[Score], width: f64, out: &mut Vec<f64>) {
    let bound = |score: &Score| score.mean + width * score.deviation;
    let best = scores.iter().map(bound).fold(f64::NEG_INFINITY, f64::max);
    let ties = scores.iter().filter(|score| bound(score) >= best).count();
    out.clear();
    #[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^52 candidates")]
    out.extend(scores.iter().map(|s| if bound(s) >= best { 1.0 / ties as f64 } else { 0.0 }));
}
