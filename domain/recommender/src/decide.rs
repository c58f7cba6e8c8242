//! The decision itself: pure, and repeatable from its snapshot.

use std::collections::BTreeMap;

use bandit::{Beta, Choice, Context, Policy, Posterior};
use rand::{SeedableRng, rngs::ChaCha12Rng};
use serde::{Deserialize, Serialize};

use crate::{Policies, features::Moment, pool::Candidate};

#[cfg(test)]
mod tests;

/// What the policies believe about one person, by policy name.
pub(crate) type Beliefs = BTreeMap<String, Posterior>;

/// A choice that was made.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Decision {
    /// The candidate that the serving policy chose.
    pub(crate) chosen: Candidate,
    /// What every policy chose, the serving one first.
    pub(crate) scores: Vec<Score>,
}

/// One policy's choice.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Score {
    pub(crate) policy: &'static str,
    pub(crate) candidate: String,
    pub(crate) arm: String,
    pub(crate) propensity: f64,
}

/// All that a decision depends on: from it, [`Snapshot::decide`] makes the same decision again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Snapshot {
    /// The seed of the generator; a string, since JSON's numbers do not hold 64 bits.
    seed: String,
    /// Unix seconds.
    at: f64,
    /// The IANA name of the person's zone.
    time_zone: String,
    /// Counts that the policies had learned, by policy and arm.
    beliefs: BTreeMap<String, BTreeMap<String, Beta>>,
    /// The pool, in the order in which the policies saw it.
    pub(crate) candidates: Vec<Candidate>,
}

impl Snapshot {
    pub(crate) fn new(
        seed: u64,
        moment: &Moment,
        beliefs: &Beliefs,
        candidates: Vec<Candidate>,
    ) -> Self {
        let counts = |posterior: &Posterior| {
            posterior.iter().map(|(arm, beta)| (arm.to_owned(), beta)).collect()
        };
        Self {
            seed: seed.to_string(),
            at: seconds(moment),
            time_zone: moment.zone.name().to_owned(),
            beliefs: beliefs.iter().map(|(name, belief)| (name.clone(), counts(belief))).collect(),
            candidates,
        }
    }

    /// Lets every policy choose; `None` when there is no candidate. Each policy draws from a generator of
    /// its own, so that adding a shadow does not move the serving policy's choice.
    pub(crate) fn decide(&self, policies: &Policies) -> Option<Decision> {
        let seed: u64 = self.seed.parse().ok()?;
        let context = Context { at: self.at };
        let arms: Vec<String> =
            self.candidates.iter().map(|candidate| candidate.features.arm()).collect();
        let candidates: Vec<bandit::Candidate<'_>> = self
            .candidates
            .iter()
            .zip(&arms)
            .map(|(candidate, arm)| bandit::Candidate { arm, merit: candidate.features.merit() })
            .collect();

        let mut chosen = None;
        let mut scores = Vec::new();
        for (stream, policy) in (0_u64..).zip(policies.all()) {
            let posterior = self.posterior(policy);
            let mut rng = ChaCha12Rng::seed_from_u64(seed);
            rng.set_stream(stream);
            let Choice { index, propensity } =
                policy.choose(&context, &candidates, &posterior, &mut rng)?;
            let candidate = self.candidates.get(index)?;
            chosen.get_or_insert(candidate);
            scores.push(Score {
                policy: policy.name(),
                candidate: candidate.key.clone(),
                arm: arms[index].clone(),
                propensity,
            });
        }
        Some(Decision { chosen: chosen?.clone(), scores })
    }

    /// What `policy` believed.
    pub(crate) fn posterior(&self, policy: &dyn Policy) -> Posterior {
        let mut posterior = Posterior::default();
        for (arm, beta) in self.beliefs.get(policy.name()).into_iter().flatten() {
            posterior.set(arm, *beta);
        }
        posterior
    }
}

#[expect(clippy::cast_precision_loss, reason = "microseconds stay exact until the year 2255")]
fn seconds(moment: &Moment) -> f64 {
    moment.at.timestamp_micros() as f64 / 1e6
}
