//! Off-policy evaluation: what would another policy have earned, from the log of the one that chose?
//!
//! [`Evaluation`] reads a log that somebody else kept, [`Own`] the answers that this instance has.

mod foreign;
mod own;

pub use foreign::Evaluation;
pub use own::{By, Own, Slice, Value};

/// How sure the intervals are.
pub(crate) const CONFIDENCE: f64 = 0.95;

/// How often they may miss.
pub(crate) const ALPHA: f64 = 1.0 - CONFIDENCE;

/// The effective sample size, `(Σ w)² / Σ w²` (Kish 1965).
pub(crate) fn effective(weights: &[f64]) -> f64 {
    let squares: f64 = weights.iter().map(|weight| weight * weight).sum();
    weights.iter().sum::<f64>().powi(2) / squares.max(f64::MIN_POSITIVE)
}
