//! Bayesian linear regression: the model behind most policies.

mod cholesky;
mod evidence;
mod fit;
mod gaussian;
mod laplace;
mod prediction;
mod prior;
#[cfg(test)]
mod tests;

pub(crate) use evidence::Evidence;
pub use fit::Group;
pub(crate) use gaussian::{Gaussian, dot};
pub(crate) use prediction::Prediction;
pub use prior::Prior;
