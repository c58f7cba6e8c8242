//! The decision itself: pure, and repeatable from its snapshot.

use std::{collections::BTreeMap, sync::Arc};

use advice::Origin;
use bandit::{Arm, Choice, Feature, Lesson, Posterior, draw};
use rand::{SeedableRng, rngs::ChaCha12Rng};
use serde::{Deserialize, Serialize};

use crate::{
    Policies,
    features::{Moment, Theme, theme},
    learned::{Learned, learned},
    pool::Candidate,
};

#[cfg(test)]
mod tests;

/// A choice that was made.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Decision {
    /// The candidate that the serving policy chose.
    pub(crate) chosen: Candidate,
    /// By how much it was expected to earn more than the others, theme by theme.
    pub(crate) grounds: BTreeMap<Theme, f64>,
    /// What it had learned of the person.
    pub(crate) learned: Option<Learned>,
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
    /// The kind of the candidate, and how it came to be, when a language model wrote it.
    pub(crate) origin: Option<(String, Origin)>,
}

/// All that a decision depends on: from it, [`Snapshot::decide`] makes the same decision again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Snapshot {
    /// The seed of the generator; a string, since JSON's numbers do not hold 64 bits.
    seed: String,
    /// Microseconds since 1970.
    at: i64,
    /// The IANA name of the person's zone.
    time_zone: String,
    /// The fingerprint of the prior that the policies began with.
    #[serde(default)]
    pub(crate) prior: String,
    /// The pool, in the order in which the policies saw it.
    pub(crate) candidates: Vec<Candidate>,
    /// What the person's answers had taught. It is stored beside the rest, in fewer bytes.
    #[serde(skip)]
    pub(crate) lessons: Vec<Arc<Lesson>>,
}

impl Snapshot {
    pub(crate) fn new(
        seed: u64,
        moment: &Moment,
        policies: &Policies,
        lessons: Vec<Arc<Lesson>>,
        candidates: Vec<Candidate>,
    ) -> Self {
        Self {
            seed: seed.to_string(),
            at: moment.at.timestamp_micros(),
            time_zone: moment.zone.name().to_owned(),
            prior: policies.prior.clone(),
            candidates,
            lessons,
        }
    }

    /// Lets every policy choose; `None` when there is no candidate. Each policy draws from a generator of
    /// its own, so that adding a shadow does not move the serving policy's choice.
    pub(crate) fn decide(&self, policies: &Policies) -> Option<Decision> {
        let seed: u64 = self.seed.parse().ok()?;
        let arms: Vec<String> =
            self.candidates.iter().map(|candidate| candidate.features.arm()).collect();
        let vectors: Vec<Vec<Feature>> = self.candidates.iter().map(Candidate::vector).collect();
        let candidates: Vec<bandit::Candidate<'_>> = (arms.iter().zip(&vectors))
            .map(|(arm, features)| bandit::Candidate { arm: Arm::named(arm), features })
            .collect();

        let mut propensities = Vec::new();
        let mut served = None;
        let mut scores = Vec::new();
        for (stream, policy) in (0_u64..).zip(policies.all()) {
            let mut posterior = policy.posterior_after(&self.lessons);
            posterior.propensities(self.at, &candidates, &mut propensities);
            let mut rng = ChaCha12Rng::seed_from_u64(seed);
            rng.set_stream(stream);
            let Choice { index, propensity } = draw(&propensities, &mut rng)?;
            let candidate = self.candidates.get(index)?;
            served.get_or_insert_with(|| {
                let grounds = grounds(&mut *posterior, &candidates, index);
                (candidate.clone(), grounds, learned(&posterior.weights()))
            });
            scores.push(Score {
                policy: policy.name(),
                candidate: candidate.key.clone(),
                arm: arms[index].clone(),
                propensity,
                origin: candidate.origin.clone().map(|it| (candidate.features.kind.clone(), it)),
            });
        }
        let (chosen, grounds, learned) = served?;
        Some(Decision { chosen, grounds, learned, scores })
    }
}

/// What the expected reward of the chosen one has over the average of all, theme by theme.
fn grounds(
    posterior: &mut dyn Posterior,
    candidates: &[bandit::Candidate<'_>],
    chosen: usize,
) -> BTreeMap<Theme, f64> {
    let mut grounds = BTreeMap::new();
    #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
    let share = 1.0 / candidates.len() as f64;
    for (place, candidate) in candidates.iter().enumerate() {
        let weight = if place == chosen { 1.0 - share } else { -share };
        for (feature, contribution) in posterior.contributions(candidate) {
            if let Some(theme) = theme(feature.index) {
                *grounds.entry(theme).or_default() += weight * contribution;
            }
        }
    }
    grounds
}
