//! The policies.

mod arms;
mod epsilon_greedy;
mod logistic;
mod personal;
mod random;
mod regression;
mod softmax;
mod thompson;

use std::sync::Arc;

use crate::{Policy, Prior};

pub(crate) fn named(name: &str, prior: &Arc<Prior>) -> Option<Box<dyn Policy>> {
    Some(match name {
        "personal" => Box::new(personal::Personal::new(prior)),
        "linear_thompson" => Box::new(regression::Regression::thompson(prior)),
        "logistic_thompson" => Box::new(logistic::Logistic::new(prior)),
        "lin_ucb" => Box::new(regression::Regression::lin_ucb(prior)),
        "recovering_softmax" => Box::new(softmax::RecoveringSoftmax),
        "thompson" => Box::new(thompson::Thompson),
        "epsilon_greedy" => Box::new(epsilon_greedy::EpsilonGreedy),
        "random" => Box::new(random::Random),
        _ => return None,
    })
}
