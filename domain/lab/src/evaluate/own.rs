//! The log of this instance.
//!
//! Each answered decision is made again by every policy, from what was known then. What a policy would have earned is
//! told by the doubly robust estimator; where only what was chosen of a kind is looked at, by self-normalised weights:
//! how good it was at choosing among these.

mod told;

use std::{collections::BTreeMap, sync::Arc};

use bandit::{
    POLICIES, Policy, Prior,
    estimate::{Estimate, Estimator, Interval, Log, estimates, weighted},
};
use indicatif::ProgressBar;
use recommender::Round;

use super::{CONFIDENCE, estimator};
use crate::{LabError, hindsight, policy_with};

/// Whose expectations the doubly robust estimators begin with.
pub(crate) const MODEL: &str = "linear_thompson";

/// The hyperparameter of Switch-DR and `DRos`: weights above it are trusted less.
const LAMBDA: f64 = 10.0;

/// The spread of fewer rounds says nothing.
const FEW: usize = 10;

/// What every policy would have earned, in all rounds and in some of them.
#[derive(Debug)]
pub struct Own(pub Vec<Slice>);

/// Some of the rounds.
#[derive(Debug)]
pub struct Slice {
    /// What they have in common.
    pub by: By,
    /// Its value: a person's id, a kind, the version of a prompt.
    pub name: String,
    /// How many there are.
    pub rounds: usize,
    /// What was earned in them, by what was chosen.
    pub served: f64,
    /// What each policy would have.
    pub values: Vec<Value>,
}

/// What rounds have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// Nothing: they are all.
    All,
    /// Whose they are.
    Person,
    /// The kind of what was chosen.
    Kind,
    /// The version of the prompt that made what was chosen.
    PromptVersion,
}

/// What one policy would have earned.
#[derive(Debug)]
pub struct Value {
    /// Its name.
    pub policy: &'static str,
    /// How many times as often as what served it would have chosen what is in this slice.
    pub weight: f64,
    /// By each estimator.
    pub estimates: Vec<(Estimate, Interval)>,
}

/// A round, and what is thought of it.
struct Judged<'a> {
    person: &'a str,
    round: &'a Round,
    expected: Vec<f64>,
    /// By policy, in the order of the registry.
    propensities: Vec<Vec<f64>>,
}

impl<'a> Judged<'a> {
    fn of(
        person: &'a str,
        round: &'a Round,
        policies: &[Box<dyn Policy>],
        model: &dyn Policy,
    ) -> Self {
        let expected = hindsight::expected(model, round);
        let propensities =
            policies.iter().map(|policy| hindsight::propensities(&**policy, round)).collect();
        Self { person, round, expected, propensities }
    }

    /// What the estimators need of a policy, by its place in the registry.
    fn by(&self, policy: usize) -> (&Round, &[f64], &[f64]) {
        (self.round, &self.propensities[policy], &self.expected)
    }

    /// The importance weight of what was chosen.
    fn weight(&self, policy: usize) -> f64 {
        let propensity = self.propensities[policy].get(self.round.chosen);
        propensity.unwrap_or(&0.0) / self.round.propensity
    }
}

impl Own {
    /// Judges all `rounds` of people, each under a name, by every policy that begins with `prior`. There is a bar on the
    /// standard error.
    ///
    /// # Errors
    /// When nothing was answered, or a round holds what cannot be.
    pub fn of(people: &[(String, Vec<Round>)], prior: &Arc<Prior>) -> Result<Self, LabError> {
        let policies: Vec<Box<dyn Policy>> =
            POLICIES.iter().map(|name| policy_with(name, prior)).collect::<Result<_, _>>()?;
        let model = policy_with(MODEL, prior)?;
        let rounds =
            people.iter().flat_map(|(name, rounds)| rounds.iter().map(move |it| (name, it)));
        let bar = ProgressBar::new(rounds.clone().count() as u64);
        let judged: Vec<Judged<'_>> = (bar.wrap_iter(rounds))
            .map(|(person, round)| Judged::of(person, round, &policies, &*model))
            .collect();
        bar.finish_and_clear();

        let mut slices: BTreeMap<(By, &str), Vec<&Judged<'_>>> = BTreeMap::new();
        for judged in &judged {
            let chosen = judged.round.candidates.get(judged.round.chosen);
            let kind = chosen.map(|chosen| (By::Kind, chosen.kind.as_str()));
            let prompt = chosen.and_then(|chosen| chosen.prompt_version.as_deref());
            let of = [(By::All, ""), (By::Person, judged.person)];
            for key in of.into_iter().chain(kind).chain(prompt.map(|it| (By::PromptVersion, it))) {
                slices.entry(key).or_default().push(judged);
            }
        }
        if slices.is_empty() {
            return Err(LabError::Nothing);
        }
        let slice = |((by, name), rounds): (_, Vec<&Judged<'_>>)| Slice::of(by, name, &rounds);
        slices.into_iter().map(slice).collect::<Result<_, _>>().map(Self)
    }
}

impl Slice {
    fn of(by: By, name: &str, rounds: &[&Judged<'_>]) -> Result<Self, LabError> {
        let values = POLICIES.iter().enumerate().map(|(place, policy)| {
            let log = hindsight::log(rounds.iter().map(|judged| judged.by(place)));
            let log = log.map_err(|error| LabError::Invalid(error.to_string()))?;
            let estimates = estimates(&log, &[LAMBDA]).into_iter();
            let estimates = estimates.map(|it| (it, interval(&log, &it, rounds.len()))).collect();
            let weight = mean(rounds.iter().map(|judged| judged.weight(place)));
            Ok(Value { policy, weight, estimates })
        });
        Ok(Self {
            by,
            name: name.to_owned(),
            rounds: rounds.len(),
            served: mean(rounds.iter().map(|judged| judged.round.reward)),
            values: values.collect::<Result<_, LabError>>()?,
        })
    }
}

#[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^52 rounds")]
fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len() as f64;
    values.sum::<f64>() / count
}

/// The policy that chose has learned meanwhile: where rounds are unbiased one by one, the interval allows for it.
fn interval(log: &Log, estimate: &Estimate, rounds: usize) -> Interval {
    if rounds < FEW {
        return Interval::EVERYTHING;
    }
    let estimator = estimator(estimate.name, estimate.lambda);
    let martingale = matches!(estimator, Estimator::Ipw | Estimator::Dr).then(|| {
        let scores = estimator.contributions(log);
        weighted(&scores, &vec![1.0; scores.len()], CONFIDENCE)
    });
    match martingale.flatten() {
        Some(weighted) => weighted.interval,
        None => estimator.interval(log, CONFIDENCE),
    }
}
