//! Off-policy evaluation: what would another policy have earned, from the log of the one that chose?
//!
//! A [`Log`] reads the rounds' matrices once. An [`Estimator`] then says what each round contributes, the
//! policy's value, and an interval around it:
//!
//! | interval | right when |
//! | --- | --- |
//! | [`Estimator::interval`] | the rounds are independent: the logging policy did not learn from them |
//! | [`Estimator::interval_of_groups`] | the rounds of one group are independent of those of another |
//! | [`Estimator::bootstrap`] | the same, and there are too few rounds for a normal limit |
//! | [`weighted`], with [`stabilising_weights`] | the logging policy learned meanwhile |
//! | [`confidence_sequence`] | the same, at every round at once: one may stop when one likes |
//!
//! [`resampling_test`] asks whether a learner treats groups of contexts differently for a reason.

mod adaptive;
mod anytime;
mod estimator;
mod interval;
mod log;
mod personalisation;
mod quantile;

pub use adaptive::{Weighted, stabilising_weights, weighted};
pub use anytime::confidence_sequence;
pub use estimator::Estimator;
pub use interval::Interval;
pub use log::{Log, LogError, Logged};
pub use personalisation::{
    Decision, NullWorld, Test, effect_gap, permutation_test, resampling_test, treatment_gap,
};

/// The value of a policy by one estimator.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The estimator's name.
    pub name: &'static str,
    /// Its hyperparameter, where it has one.
    pub lambda: Option<f64>,
    /// What the policy earns in a round, on average.
    pub value: f64,
}

/// The value of the evaluated policy by all estimators: IPW, SNIPW, DM, DR, SNDR, then Switch-DR for each
/// of `lambdas`, then `DRos` for each.
pub fn estimates(log: &Log, lambdas: &[f64]) -> Vec<Estimate> {
    let estimate = |estimator: Estimator| Estimate {
        name: estimator.name(),
        lambda: estimator.lambda(),
        value: estimator.value(log),
    };
    estimators(lambdas).map(estimate).collect()
}

/// All estimators, in this order.
pub fn estimators(lambdas: &[f64]) -> impl Iterator<Item = Estimator> {
    let plain = [Estimator::Ipw, Estimator::Snipw, Estimator::Dm, Estimator::Dr, Estimator::Sndr];
    let switch = lambdas.iter().copied().map(Estimator::SwitchDr);
    let shrinkage = lambdas.iter().copied().map(Estimator::DrOs);
    plain.into_iter().chain(switch).chain(shrinkage)
}

#[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^52 rounds")]
fn float(count: usize) -> f64 {
    count as f64
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / float(values.len())
}
