//! Off-policy evaluation: what would another policy have earned, from the log of the one that chose?
//!
//! [`Evaluation`] reads a log that somebody else kept, [`Own`] the answers that this instance has.

mod foreign;
mod own;

use bandit::estimate::Estimator;

pub use foreign::Evaluation;
pub(crate) use own::MODEL;
pub use own::{By, Own, Slice, Value};

/// How sure the intervals are.
pub(crate) const CONFIDENCE: f64 = 0.95;

/// The estimator of this name; without its hyperparameter, IPW.
fn estimator(name: &str, lambda: Option<f64>) -> Estimator {
    match (name, lambda) {
        ("switch_dr", Some(lambda)) => Estimator::SwitchDr(lambda),
        ("dr_os", Some(lambda)) => Estimator::DrOs(lambda),
        ("snipw", _) => Estimator::Snipw,
        ("dm", _) => Estimator::Dm,
        ("dr", _) => Estimator::Dr,
        ("sndr", _) => Estimator::Sndr,
        _ => Estimator::Ipw,
    }
}
