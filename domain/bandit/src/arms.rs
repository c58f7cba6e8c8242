//! Candidates by arm, and the probabilities of candidates from those of their arms.

use std::collections::HashMap;

use crate::Candidate;

/// The least mass that is spread evenly over all candidates, so that each can be evaluated off-policy.
const FLOOR: f64 = 0.005;

/// The floor takes at most this much of the whole.
const FLOOR_AT_MOST: f64 = 0.1;

/// The temperature of the softmax within an arm: one step of merit makes a candidate e² times as likely.
const TEMPERATURE: f64 = 0.5;

/// The distinct arms of a set of candidates.
pub(crate) struct Arms<'a> {
    /// Their names, in the order of their first candidate.
    pub(crate) names: Vec<&'a str>,
    /// For each candidate, its arm's position in `names`.
    of: Vec<usize>,
    /// For each candidate, its share within its arm.
    share: Vec<f64>,
}

impl<'a> Arms<'a> {
    pub(crate) fn new(candidates: &[Candidate<'a>]) -> Self {
        let mut positions: HashMap<&str, usize> = HashMap::new();
        let mut names = Vec::new();
        let of: Vec<usize> = candidates
            .iter()
            .map(|candidate| {
                *positions.entry(candidate.arm).or_insert_with(|| {
                    names.push(candidate.arm);
                    names.len() - 1
                })
            })
            .collect();

        // A softmax within each arm, from its greatest merit down so that nothing overflows.
        let mut greatest = vec![f64::NEG_INFINITY; names.len()];
        for (candidate, &arm) in candidates.iter().zip(&of) {
            greatest[arm] = greatest[arm].max(merit(candidate));
        }
        let mut share: Vec<f64> = candidates
            .iter()
            .zip(&of)
            .map(|(candidate, &arm)| ((merit(candidate) - greatest[arm]) / TEMPERATURE).exp())
            .collect();
        let mut sums = vec![0.0; names.len()];
        for (share, &arm) in share.iter().zip(&of) {
            sums[arm] += share;
        }
        for (share, &arm) in share.iter_mut().zip(&of) {
            *share /= sums[arm];
        }
        Self { names, of, share }
    }

    /// The probability of each candidate, when each arm has the probability `arms` (summing to one).
    #[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^52 candidates")]
    pub(crate) fn spread(&self, arms: &[f64], uniform: f64) -> Vec<f64> {
        let even = uniform / self.of.len() as f64;
        let probability =
            |(&arm, share): (&usize, &f64)| even + (1.0 - uniform) * arms[arm] * share;
        self.of.iter().zip(&self.share).map(probability).collect()
    }

    /// The mass that goes to all candidates evenly.
    #[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^52 candidates")]
    pub(crate) fn floor(&self) -> f64 {
        (FLOOR * self.of.len() as f64).min(FLOOR_AT_MOST)
    }
}

fn merit(candidate: &Candidate<'_>) -> f64 {
    // A merit is a handful; what is larger is as good as infinite.
    if candidate.merit.is_finite() { candidate.merit.clamp(-1e3, 1e3) } else { 0.0 }
}
