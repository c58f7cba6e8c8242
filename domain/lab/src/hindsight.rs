//! What a policy would have done in the rounds of the past.

use std::sync::Arc;

use bandit::{
    Arm, Candidate, Lesson, Policy,
    estimate::{Log, Logged},
};
use recommender::Round;

use crate::LabError;

/// Whose expectations the doubly robust estimators begin with: a policy that knows what it owes to which feature.
pub(crate) const MODEL: &str = "linear_thompson";

/// How probable each candidate of `round` would have been.
pub(crate) fn propensities(policy: &dyn Policy, round: &Round) -> Vec<f64> {
    let mut propensities = Vec::new();
    policy.posterior_after(&round.lessons).propensities(
        round.at,
        &candidates(round),
        &mut propensities,
    );
    propensities
}

/// What `model` expected of each candidate of `round`, from the answers until then: the round's own is not in it, as long
/// as it is not in the prior.
pub(crate) fn expected(model: &dyn Policy, round: &Round) -> Vec<f64> {
    let mut posterior = model.posterior_after(&round.lessons);
    let of = |candidate: &Candidate<'_>| {
        posterior.contributions(candidate).iter().map(|(_, worth)| worth).sum()
    };
    candidates(round).iter().map(of).collect()
}

/// What the answer to `round` teaches.
pub(crate) fn lesson(round: &Round) -> Option<Arc<Lesson>> {
    let candidates = candidates(round);
    let chosen = candidates.get(round.chosen)?;
    Some(Arc::new(Lesson::new(round.at, chosen, round.propensity, round.reward)))
}

/// The log of `rounds`, where a policy would have chosen with these propensities, and this reward was expected.
///
/// # Errors
/// When there are no rounds, or they hold what cannot be.
pub(crate) fn log<'a>(
    rounds: impl IntoIterator<Item = (&'a Round, &'a [f64], &'a [f64])> + Clone,
) -> Result<Log, LabError> {
    let sizes = rounds.clone().into_iter().map(|(round, ..)| round.candidates.len());
    let actions = sizes.max().unwrap_or_default();
    let (mut action, mut reward, mut pscore) = (Vec::new(), Vec::new(), Vec::new());
    let (mut action_dist, mut q_hat) = (Vec::new(), Vec::new());
    for (round, propensities, expected) in rounds {
        action.push(round.chosen);
        reward.push(round.reward);
        pscore.push(round.propensity);
        // Rounds with fewer candidates have some that are never chosen.
        for (matrix, row) in [(&mut action_dist, propensities), (&mut q_hat, expected)] {
            matrix.extend_from_slice(row);
            matrix.resize(action.len() * actions, 0.0);
        }
    }
    Log::new(&Logged {
        actions,
        action: &action,
        reward: &reward,
        pscore: &pscore,
        action_dist: &action_dist,
        q_hat: &q_hat,
    })
    .map_err(|error| LabError::Invalid(error.to_string()))
}

fn candidates(round: &Round) -> Vec<Candidate<'_>> {
    (round.candidates.iter())
        .map(|it| Candidate { arm: Arm::named(&it.arm), features: &it.features })
        .collect()
}
