//! Off-policy evaluation: what would another policy have earned, from the log of the one that chose?
//!
//! [`Evaluation`] reads a log that somebody else kept, [`Own`] the answers that this instance has.

mod foreign;
mod own;

pub use foreign::Evaluation;
pub use own::{By, Own, Slice, Value};

/// How sure the intervals are.
pub(crate) const CONFIDENCE: f64 = 0.95;
