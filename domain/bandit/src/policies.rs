//! The policies.

mod arms;
mod epsilon_greedy;
mod personal;
mod random;
mod regression;
mod softmax;
mod thompson;

use std::sync::Arc;

use crate::{Policy, Prior};
use regression::Regression;

pub(crate) fn named(name: &str, prior: &Arc<Prior>) -> Option<Box<dyn Policy>> {
    Some(match name {
        "personal" => Box::new(personal::Personal::new(prior)),
        "linear_thompson" => Box::new(Regression::linear_thompson(prior)),
        "logistic_thompson" => Box::new(Regression::logistic_thompson(prior)),
        "lin_ucb" => Box::new(Regression::lin_ucb(prior)),
        "recovering_softmax" => Box::new(softmax::RecoveringSoftmax),
        "thompson" => Box::new(thompson::Thompson),
        "epsilon_greedy" => Box::new(epsilon_greedy::EpsilonGreedy),
        "random" => Box::new(random::Random),
        _ => return None,
    })
}

/// All on the greatest of `values`; those that are `within` of it share.
fn greedy(values: &[f64], within: f64) -> Vec<f64> {
    let greatest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let is_greatest = |value: &f64| if *value >= greatest - within { 1.0 } else { 0.0 };
    let ties: f64 = values.iter().map(is_greatest).sum();
    values.iter().map(|value| is_greatest(value) / ties).collect()
}
