//! A prior from many people's answers, by empirical Bayes, and what it would gain.

mod simulated;

use std::sync::Arc;

use bandit::{
    Lesson, Prior,
    estimate::{Estimator, Weighted, weighted},
};
use indicatif::ProgressBar;
use recommender::Round;

use crate::{
    LabError,
    evaluate::{CONFIDENCE, MODEL},
    hindsight, policy_with,
};

pub use simulated::simulated;

/// The variance of a reward around its mean.
const NOISE: f64 = 0.16;

/// Rounds of expectation and maximisation.
const STEPS: usize = 30;

/// For so many weights of a group counts what was believed before.
const STAY: f64 = 4.0;

/// Fewer rounds than this say nothing of a gain: the interval holds for many.
const LEAST: usize = 100;

/// So many times, some of the people are held out.
const FOLDS: usize = 5;

/// A prior that was fitted, and what is thought of it.
#[derive(Clone, Debug)]
pub struct Trained {
    /// From all answers.
    pub prior: Prior,
    /// Whose answers they were.
    pub people: usize,
    /// How many.
    pub answers: usize,
    /// How much more a tip would have earned than with the present prior, and its 95 % interval: in rounds that were held
    /// out. None, where too few were answered to tell.
    pub gain: Option<Weighted>,
}

/// Fits a prior to `people`, beginning with the `present` one, and estimates what the policy `serving` would gain by it:
/// each person is judged with a prior that was fitted to the others; somebody who is alone, in the second half of their
/// time with one that was fitted to the first. There is a bar on the standard error.
///
/// # Errors
/// When nothing was answered, or there is no such policy.
pub fn train(people: &[Vec<Round>], serving: &str, present: &Prior) -> Result<Trained, LabError> {
    let lessons: Vec<Vec<Arc<Lesson>>> =
        people.iter().map(|rounds| rounds.iter().filter_map(hindsight::lesson).collect()).collect();
    let answers = lessons.iter().map(Vec::len).sum();
    if answers == 0 {
        return Err(LabError::Nothing);
    }
    let fit = |lessons: &[Vec<Arc<Lesson>>]| Arc::new(present.fit(lessons, NOISE, STEPS, STAY));
    let old = policy_with(serving, &Arc::new(present.clone()))?;
    let model = policy_with(MODEL, &Arc::new(present.clone()))?;
    let bar = ProgressBar::new(answers as u64);
    let mut judged = Vec::new();
    for (known, held_out) in folds(people, &lessons) {
        let new = policy_with(serving, &fit(&known))?;
        for round in held_out {
            bar.inc(1);
            let expected = hindsight::expected(&*model, round);
            let propensities = [&new, &old].map(|it| hindsight::propensities(&**it, round));
            judged.push((round, propensities, expected));
        }
    }
    bar.finish_and_clear();

    let scores = |which: usize| {
        let rounds = judged
            .iter()
            .map(|(round, it, expected)| (*round, it[which].as_slice(), expected.as_slice()));
        hindsight::log(rounds).map(|log| Estimator::Dr.contributions(&log))
    };
    let is_enough = judged.len() >= LEAST;
    let scores = scores(0).ok().zip(scores(1).ok()).filter(|_| is_enough);
    let gain = scores.and_then(|(new, old)| {
        let gains: Vec<f64> = new.iter().zip(&old).map(|(new, old)| new - old).collect();
        weighted(&gains, &vec![1.0; gains.len()], CONFIDENCE)
    });
    let prior = fit(&lessons);
    let people = lessons.iter().filter(|lessons| !lessons.is_empty()).count();
    Ok(Trained { prior: Prior::clone(&prior), people, answers, gain })
}

/// What is fitted to, and what is held out of it.
type Fold<'a> = (Vec<Vec<Arc<Lesson>>>, Vec<&'a Round>);

fn folds<'a>(people: &'a [Vec<Round>], lessons: &[Vec<Arc<Lesson>>]) -> Vec<Fold<'a>> {
    if let ([rounds], [lessons]) = (people, lessons) {
        let half = rounds.len() / 2;
        let known = lessons.iter().take(half).cloned().collect();
        return vec![(vec![known], rounds.iter().skip(half).collect())];
    }
    let folds = FOLDS.min(people.len());
    let fold = |fold: usize| {
        let is_out = |place: usize| place % folds == fold;
        let known = lessons.iter().enumerate().filter(|(place, _)| !is_out(*place));
        let held_out = people.iter().enumerate().filter(|(place, _)| is_out(*place));
        (known.map(|(_, it)| it.clone()).collect(), held_out.flat_map(|(_, it)| it).collect())
    };
    (0..folds).map(fold).collect()
}
