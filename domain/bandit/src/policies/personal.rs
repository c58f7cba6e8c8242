//! The policy that serves: a linear model of one person, with a shared prior, that notices when the person changes.
//!
//! What is believed is a mixture. One part says that the person has always been as they are; each other part
//! says that they changed so many lessons ago, and that what came before tells nothing (a Bayesian change point:
//! Smith 1975, Biometrika 62). The same twice: with the prior that is shared between people, and with none, should it be
//! wrong for this person. Each part weighs as much as it made the rewards probable (Hoeting et al. 1999, Statistical
//! Science 14). A candidate is then chosen about as often as it is the best (Thompson 1933; Agrawal & Goyal 2013), by
//! the variances of what tells the candidates apart: what all have in common needs no exploration.

mod history;

use std::sync::Arc;

use history::{AFTER, ALL, BEFORE, CUTS, History};

use crate::{
    Candidate, Feature, Lesson, Policy, Posterior, Prior, Weight, floor,
    linear::{Evidence, Gaussian, Lanes, Prediction, Regressions},
    normal::{Best, Score},
};

/// The variance of a reward around its mean: a reward is mostly one or nothing.
const NOISE: f64 = 0.14;

/// How much of the standard deviation is explored.
const EXPLORATION: f64 = 0.1;

/// How much more, divided by the number of candidates: where there are many, their floors explore.
const OF_FEW: f64 = 2.0;

/// How probable each of these changes is, at any time.
const CHANGE: f64 = 0.017;

/// How probable it is that the shared prior is wrong for this person.
const STRANGE: f64 = 0.1;

/// The parts of the mixture that share a prior.
const PARTS: usize = 1 + CUTS.len();

/// What weighs less is not looked at.
const NEGLIGIBLE: f64 = 0.01;

pub(crate) struct Personal {
    shared: Arc<Prior>,
    vague: Arc<Prior>,
}

impl Personal {
    pub(crate) fn new(prior: &Arc<Prior>) -> Self {
        Self { shared: Arc::clone(prior), vague: Arc::new(prior.vague()) }
    }
}

impl Policy for Personal {
    fn name(&self) -> &'static str {
        "personal"
    }

    fn posterior(&self) -> Box<dyn Posterior> {
        let mut beliefs = Vec::new();
        for (prior, fits) in [(&self.shared, 1.0 - STRANGE), (&self.vague, STRANGE)] {
            let mut believe = |cut, weight: f64| {
                beliefs.push(Belief {
                    prior: Arc::clone(prior),
                    cut,
                    prior_weight: (fits * weight).ln(),
                    weight: fits * weight,
                    gaussian: Gaussian::default(),
                });
            };
            let changed = CUTS.map(|_| CHANGE);
            believe(None, 1.0 - changed.iter().sum::<f64>());
            for (cut, weight) in changed.into_iter().enumerate() {
                believe(Some(cut), weight);
            }
        }
        Box::new(Person { beliefs, ..Person::default() })
    }

    fn knowing(&self, others: &[Vec<Arc<Lesson>>]) -> Option<Box<dyn Policy>> {
        let people: Vec<Evidence> = others.iter().map(Evidence::of).collect();
        let shared = Arc::new(self.shared.among(&people, NOISE));
        Some(Box::new(Self { shared, vague: Arc::clone(&self.vague) }))
    }
}

/// What is believed of one person.
#[derive(Default)]
struct Person {
    history: History,
    /// With each prior.
    regressions: [Regressions<Lanes>; 2],
    beliefs: Vec<Belief>,
    is_solved: bool,
    scratch: Scratch,
}

/// One part of the mixture.
struct Belief {
    prior: Arc<Prior>,
    /// Which lessons it takes in: those after this cut, or all.
    cut: Option<usize>,
    /// The logarithm of its weight before anything was learned.
    prior_weight: f64,
    weight: f64,
    gaussian: Gaussian,
}

/// What is needed while it chooses, kept so that nothing is allocated.
#[derive(Default)]
struct Scratch {
    prediction: Prediction,
    scores: Vec<Score>,
    best: Best,
}

impl Posterior for Person {
    fn learn(&mut self, lesson: Arc<Lesson>) {
        self.is_solved = false;
        self.history.learn(&lesson);
    }

    fn propensities(&mut self, _: i64, candidates: &[Candidate<'_>], out: &mut Vec<f64>) {
        if candidates.is_empty() {
            out.clear();
            return;
        }
        self.solve();
        self.score(candidates);
        let Scratch { scores, best, .. } = &mut self.scratch;
        best.of(scores, out);
        floor::raise(out);
    }

    fn contributions(&mut self, candidate: &Candidate<'_>) -> Vec<(Feature, f64)> {
        self.solve();
        let features = candidate.features;
        let mut owed: Vec<_> = features.iter().map(|feature| (*feature, 0.0)).collect();
        for Belief { prior, gaussian, weight, .. } in self.beliefs.iter().filter(|b| b.weight > 0.0)
        {
            let means = gaussian.means(prior, features.iter().map(|feature| feature.index));
            for ((feature, owed), mean) in owed.iter_mut().zip(means) {
                *owed += weight * mean * feature.value();
            }
        }
        owed
    }

    fn weights(&mut self) -> Vec<Weight> {
        self.solve();
        let main = self.main();
        main.map_or_else(Vec::new, |belief| belief.gaussian.weights(&belief.prior).collect())
    }
}

impl Person {
    /// The part of the mixture that weighs most.
    fn main(&self) -> Option<&Belief> {
        self.beliefs.iter().max_by(|a, b| a.weight.total_cmp(&b.weight))
    }

    fn solve(&mut self) {
        if self.is_solved {
            return;
        }
        let Self { history: History { lessons, evidence }, regressions, beliefs, .. } = self;
        let mut greatest = f64::NEG_INFINITY;
        for (regressions, beliefs) in regressions.iter_mut().zip(beliefs.chunks_mut(PARTS)) {
            let logarithms = regressions.weigh(&beliefs[0].prior, evidence, NOISE).0;
            for belief in beliefs {
                belief.weight = belief.prior_weight;
                belief.weight += match belief.cut {
                    None => logarithms[ALL],
                    Some(cut) if lessons.len() >= 2 * CUTS[cut] => {
                        logarithms[BEFORE + cut] + logarithms[AFTER + cut]
                    }
                    Some(_) => f64::NEG_INFINITY,
                };
                greatest = greatest.max(belief.weight);
            }
        }
        let weight = |log: f64| Some((log - greatest).exp()).filter(|weight| *weight > NEGLIGIBLE);
        for (regressions, beliefs) in regressions.iter_mut().zip(beliefs.chunks_mut(PARTS)) {
            for belief in beliefs {
                belief.weight = weight(belief.weight).unwrap_or(0.0);
                if belief.weight > 0.0 {
                    let lane = belief.cut.map_or(ALL, |cut| AFTER + cut);
                    regressions.solve(evidence, lane, &mut belief.gaussian);
                }
            }
        }
        let sum: f64 = beliefs.iter().map(|belief| belief.weight).sum();
        for belief in beliefs {
            belief.weight /= sum;
        }
        self.is_solved = true;
    }

    /// Mean and variance of the whole mixture, for each candidate.
    fn score(&mut self, candidates: &[Candidate<'_>]) {
        let Scratch { prediction, scores, .. } = &mut self.scratch;
        #[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^52 candidates")]
        let exploration = (EXPLORATION + OF_FEW / candidates.len() as f64).powi(2);
        scores.clear();
        scores.resize(candidates.len(), Score { mean: 0.0, deviation: 0.0 });
        for belief in self.beliefs.iter_mut().filter(|belief| belief.weight > 0.0) {
            let Belief { prior, weight, gaussian, .. } = belief;
            prediction.of(gaussian, prior, candidates);
            prediction.differences(|place, mean, variance| {
                // First and second moment. Which part of the mixture is right is explored in full.
                scores[place].mean += *weight * mean;
                scores[place].deviation += *weight * (exploration * variance + mean * mean);
            });
        }
        for score in scores {
            score.deviation = (score.deviation - score.mean * score.mean).max(0.0).sqrt();
        }
    }
}
