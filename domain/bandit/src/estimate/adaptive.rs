//! Logs whose policy learned while they were collected.
//!
//! What a learner has seen moves what it explores, so rounds depend on each other and their spread changes;
//! a plain mean of unbiased scores stays unbiased, but is not normal in the limit. Scores that are weighted
//! so that each has about the same variance are (Luedtke & van der Laan 2016; Hadad et al. 2021; for
//! contexts Bibaut et al. 2021 and Zhan et al. 2021), as long as a round's weight was known before its
//! context and action were.

use super::{Interval, float, quantile};

/// A value and its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weighted {
    /// The weighted mean of the scores.
    pub value: f64,
    /// The interval around it.
    pub interval: Interval,
}

/// The adaptively weighted mean of `scores`, with the normal interval that its martingale's quadratic
/// variation gives (Hadad et al. 2021).
///
/// Scores are the contributions of [`Estimator::Ipw`](super::Estimator::Ipw), or of
/// [`Estimator::Dr`](super::Estimator::Dr) whose `q_hat` was fitted on earlier rounds only: no other
/// estimator's are unbiased round by round. Weights are non-negative, and each depends on earlier rounds
/// only: [`stabilising_weights`], or `sqrt(p(a))` for the value of always choosing `a` if `p` depends on
/// nothing but the past (their *constant allocation rate*).
///
/// The limit is reached slowly for actions that are hardly ever chosen: see
/// [`confidence_sequence`](super::confidence_sequence). `None` if the lengths differ or no weight is
/// positive.
pub fn weighted(scores: &[f64], weights: &[f64], confidence: f64) -> Option<Weighted> {
    let sum: f64 = weights.iter().sum();
    if scores.len() != weights.len() || sum.is_nan() || sum <= 0.0 {
        return None;
    }
    let pairs = || scores.iter().zip(weights);
    let value = pairs().map(|(score, weight)| weight * score).sum::<f64>() / sum;
    let variation: f64 = pairs().map(|(score, weight)| (weight * (score - value)).powi(2)).sum();
    let margin = quantile::normal(0.5 + 0.5 * confidence) * variation.sqrt() / sum;
    let lone = weights.iter().filter(|weight| **weight > 0.0).count() < 2;
    let interval = if lone { Interval::EVERYTHING } else { Interval::around(value, margin) };
    Some(Weighted { value, interval })
}

/// Weights for [`weighted`] that make the scores' variances about equal: one over the root of the mean of
/// `second_moments` in up to `memory` rounds before each. The first round has no past: it weighs nothing.
///
/// A second moment is that of the importance weight, `Σ π(a|x)² / p(a|x)` over the actions of the round: at
/// least one, known from the propensities, and the scale of a score's variance. The variance of past scores
/// would do as well in the limit, but is noisier by far, and biases the mean since a rare large score lowers
/// all weights after it.
pub fn stabilising_weights(second_moments: &[f64], memory: usize) -> Vec<f64> {
    let memory = memory.max(1);
    let weight = |round: usize| {
        let past = &second_moments[round.saturating_sub(memory)..round];
        let moment = past.iter().map(|moment| moment.max(1.0)).sum::<f64>() / float(past.len());
        if past.is_empty() { 0.0 } else { moment.sqrt().recip() }
    };
    (0..second_moments.len()).map(weight).collect()
}
