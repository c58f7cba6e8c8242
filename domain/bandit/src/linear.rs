//! Bayesian linear regression: the model behind most policies.

mod cholesky;
mod evidence;
mod fit;
mod gaussian;
mod lanes;
mod laplace;
mod people;
mod prediction;
mod prior;
mod regressions;
mod sums;
#[cfg(test)]
mod tests;

pub(crate) use evidence::Evidence;
pub use fit::Group;
pub(crate) use gaussian::{Gaussian, dot};
pub(crate) use lanes::Lanes;
pub(crate) use prediction::Prediction;
pub use prior::Prior;
pub(crate) use regressions::Regressions;
pub use sums::{Expected, Linear, Sums};
