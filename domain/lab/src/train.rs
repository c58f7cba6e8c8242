//! A prior from many people's answers, by empirical Bayes, and what it would gain.

mod simulated;

use std::sync::Arc;

use bandit::{
    Lesson, Prior,
    estimate::{Estimator, Weighted, weighted},
};
use indicatif::ProgressBar;
use recommender::{Round, prior::shipped};

use crate::{
    LabError,
    evaluate::{CONFIDENCE, effective},
    hindsight, policy_with,
};

pub use simulated::simulated;

/// The variance of a reward around its mean.
const NOISE: f64 = 0.16;

/// Rounds of expectation and maximisation.
const STEPS: usize = 30;

/// For so many weights of a group counts what was believed before.
const STAY: f64 = 4.0;

/// Fewer rounds than this say nothing of a gain: the interval holds for many. Those count that a policy would have played
/// likewise (Kish's effective sample size).
const LEAST: f64 = 100.0;

/// So many times, some of the people are held out.
const FOLDS: usize = 5;

/// A prior that was fitted, and what is thought of it.
#[derive(Clone, Debug)]
pub struct Trained {
    /// From all answers.
    pub prior: Prior,
    /// How many these were.
    pub answers: usize,
    /// How much more a tip would have earned than with the prior that serves, and its 95 % interval: in rounds that were
    /// held out. None, where too few were answered to tell.
    pub gain: Option<Weighted>,
}

/// Fits a prior to `people`, beginning with the one that is shipped, which knows none of them; and estimates what the
/// `serving` policy would gain by it over the `present` one. Each person is judged with a prior that was fitted to the
/// others; somebody who is alone, in the second half of their time with one that was fitted to the first. (What serves may
/// know the rounds that it is judged by: it then looks better than it is.) There is a bar on the standard error.
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
    Ok(Trained {
        prior: fit(&lessons),
        answers,
        gain: gain(folds(people, &lessons), serving, present)?,
    })
}

fn fit(lessons: &[Vec<Arc<Lesson>>]) -> Prior {
    shipped().fit(lessons, NOISE, STEPS, STAY)
}

/// The mean of what each round says of the difference, doubly robust. The policy that chose has learned meanwhile, but each
/// round is unbiased given those before: their sum is a martingale, normal in the limit.
fn gain(
    folds: Vec<Fold<'_>>,
    serving: &str,
    present: &Prior,
) -> Result<Option<Weighted>, LabError> {
    let present = policy_with(serving, &Arc::new(present.clone()))?;
    let model = policy_with(hindsight::MODEL, &Arc::new(shipped()))?;
    let bar = ProgressBar::new(folds.iter().map(|(_, held_out)| held_out.len() as u64).sum());
    let mut judged = Vec::new();
    for (known, held_out) in folds {
        let fitted = policy_with(serving, &Arc::new(fit(&known)))?;
        for round in held_out {
            bar.inc(1);
            let propensities = [&fitted, &present].map(|it| hindsight::propensities(&**it, round));
            judged.push((round, propensities, hindsight::expected(&*model, round)));
        }
    }
    bar.finish_and_clear();
    if judged.is_empty() {
        return Ok(None);
    }

    let log = |policy: usize| {
        let rounds = judged.iter();
        hindsight::log(rounds.map(|(round, it, expected)| (*round, &*it[policy], &**expected)))
    };
    let (fitted, present) = (log(0)?, log(1)?);
    if effective(&fitted.weights()) < LEAST {
        return Ok(None);
    }
    let [fitted, present] = [fitted, present].map(|log| Estimator::Dr.contributions(&log));
    let gains: Vec<f64> = fitted.iter().zip(&present).map(|(new, old)| new - old).collect();
    Ok(weighted(&gains, &vec![1.0; gains.len()], CONFIDENCE))
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
