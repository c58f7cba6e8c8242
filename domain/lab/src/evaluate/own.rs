//! The log of this instance.
//!
//! Each answered decision is made again by every policy, from what was known then and with the prior that served then: no
//! answer tells of itself. Only answered tips are in it; where answering depends on the tip, the weights of a policy are
//! not one on average, which the table shows.

mod told;

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use bandit::{
    POLICIES, Policy, Prior,
    estimate::{Estimator, Interval, estimators},
};
use indicatif::ProgressBar;
use recommender::{Round, prior::shipped};

use super::CONFIDENCE;
use crate::{LabError, hindsight, policy_with};

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
    /// What was earned in each, by what was chosen.
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
    /// How many times as often as what served it would have chosen what was chosen; one on average over all rounds.
    pub weight: f64,
    /// By each estimator that makes sense there.
    pub estimates: Vec<(Estimator, f64, Interval)>,
}

/// A round, and what is thought of it.
struct Judged<'a> {
    person: &'a str,
    round: &'a Round,
    expected: Vec<f64>,
    /// By policy, in the order of the registry.
    propensities: Vec<Vec<f64>>,
}

/// The policies of the registry, and a model to expect rewards by: all with one prior.
struct Judges {
    policies: Vec<Box<dyn Policy>>,
    model: Box<dyn Policy>,
}

impl Own {
    /// Judges all rounds of `people`, each under a name. The prior of a decision is found among `priors` by its
    /// fingerprint; where it is not, it is the shipped one. There is a bar on the standard error.
    ///
    /// # Errors
    /// When nothing was answered, or a round holds what cannot be.
    pub fn of(
        people: &[(String, Vec<Round>)],
        priors: &HashMap<String, Arc<Prior>>,
    ) -> Result<Self, LabError> {
        let shipped = Judges::new(&Arc::new(shipped()))?;
        let mut others = HashMap::new();
        for (fingerprint, prior) in priors {
            others.insert(fingerprint.as_str(), Judges::new(prior)?);
        }
        let rounds =
            people.iter().flat_map(|(name, rounds)| rounds.iter().map(move |it| (name, it)));
        let bar = ProgressBar::new(rounds.clone().count() as u64);
        let mut judged = Vec::new();
        for (person, round) in bar.wrap_iter(rounds) {
            let bench = others.get(round.prior.as_str()).unwrap_or(&shipped);
            judged.push(bench.judge(person, round));
        }
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

impl Judges {
    fn new(prior: &Arc<Prior>) -> Result<Self, LabError> {
        let policies = POLICIES.iter().map(|name| policy_with(name, prior));
        let model = policy_with(hindsight::MODEL, prior)?;
        Ok(Self { policies: policies.collect::<Result<_, _>>()?, model })
    }

    fn judge<'a>(&self, person: &'a str, round: &'a Round) -> Judged<'a> {
        let propensities = self.policies.iter().map(|it| hindsight::propensities(&**it, round));
        Judged {
            person,
            round,
            expected: hindsight::expected(&*self.model, round),
            propensities: propensities.collect(),
        }
    }
}

impl Slice {
    fn of(by: By, name: &str, rounds: &[&Judged<'_>]) -> Result<Self, LabError> {
        let values = POLICIES.iter().enumerate().map(|(place, policy)| {
            let log = hindsight::log(rounds.iter().map(|judged| {
                let propensities = judged.propensities[place].as_slice();
                (judged.round, propensities, judged.expected.as_slice())
            }))?;
            let estimate = |estimator: Estimator| {
                let is_enough = rounds.len() >= FEW;
                let interval = is_enough.then(|| estimator.interval(&log, CONFIDENCE));
                (estimator, estimator.value(&log), interval.unwrap_or(Interval::EVERYTHING))
            };
            let weight = mean(&log.weights());
            Ok(Value { policy, weight, estimates: by.estimators().map(estimate).collect() })
        });
        let rewards: Vec<f64> = rounds.iter().map(|judged| judged.round.reward).collect();
        Ok(Self {
            by,
            name: name.to_owned(),
            rounds: rounds.len(),
            served: mean(&rewards),
            values: values.collect::<Result<_, LabError>>()?,
        })
    }
}

impl By {
    /// Those that tell something of such rounds. Where rounds are selected by what was chosen, that is how good a policy is
    /// at choosing among these: the ratio of the weighted rewards to the weights.
    fn estimators(self) -> Box<dyn Iterator<Item = Estimator>> {
        match self {
            Self::All | Self::Person => Box::new(estimators(&[LAMBDA])),
            Self::Kind | Self::PromptVersion => Box::new(std::iter::once(Estimator::Snipw)),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^52 rounds")]
fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}
