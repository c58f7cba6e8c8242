//! An interval that holds at all times at once, however the log was collected.

use super::{Interval, Log, float};

/// How finely ends of intervals are told apart: they are rounded outwards to multiples of one over this.
const STEPS: usize = 400;

/// The greatest part of its capital that a bet may lose.
const STAKE: f64 = 0.5;

/// A confidence sequence for the value by IPW: after each round, an interval from the rounds so far. With
/// probability `confidence` all of them hold at once, so that one may look, and stop, when one likes. No
/// limit is invoked; the logging policy may have learned, and no bound on the weights is needed.
///
/// Each end is the mean that a gambler who bets against it, on the past alone, cannot refute (Howard et al.
/// 2021; Waudby-Smith & Ramdas 2024). Scores `w r` are non-negative and bound the value from below; those of
/// the rewards `1 − r` are as well, and bound it from above (Waudby-Smith et al. 2022: hence rewards in
/// [0, 1], but nothing about propensities).
///
/// The value is taken to be the same in every round, given the past. Intervals never grow; if the value
/// drifts they may become empty, `low > high`. `None` if a reward is not in [0, 1].
pub fn confidence_sequence(log: &Log, confidence: f64) -> Option<Vec<Interval>> {
    if log.rounds.iter().any(|round| !(0.0..=1.0).contains(&round.reward)) {
        return None;
    }
    let miss = 0.5 - 0.5 * confidence;
    let (mut low, mut high) = (Gambler::new(miss), Gambler::new(miss));
    let after = |round: &super::log::Round| Interval {
        low: low.bound(round.weight * round.reward),
        high: 1.0 - high.bound(round.weight * (1.0 - round.reward)),
    };
    Some(log.rounds.iter().map(after).collect())
}

/// Bets that the mean of non-negative scores is above each of the means 0, 1 / STEPS, … 1.
///
/// Against a mean `m` that is the scores' or more, capital that is multiplied by `1 + λ (X − m)` for a bet
/// `λ ≤ 1 / m` from the past grows in no expectation: by Ville's inequality it exceeds `1 / miss` ever with
/// probability `miss`. Bets are approximately Kelly's (aGRAPA, Waudby-Smith & Ramdas 2024).
struct Gambler {
    enough: f64,
    capital: Vec<f64>,
    /// How many means, from zero upwards, are refuted.
    refuted: usize,
    scores: f64,
    sum: f64,
    squares: f64,
}

impl Gambler {
    /// Before the first score, half a reward is expected with the variance of a coin's.
    fn new(miss: f64) -> Self {
        let capital = vec![1.0; STEPS + 1];
        Self { enough: miss.recip(), capital, refuted: 0, scores: 1.0, sum: 0.5, squares: 0.25 }
    }

    /// The greatest mean such that it and all below are refuted, with `score` now seen.
    fn bound(&mut self, score: f64) -> f64 {
        let mean = self.sum / self.scores;
        let variance = self.squares / self.scores;
        for (step, capital) in self.capital.iter_mut().enumerate().skip(self.refuted) {
            let against = float(step) / float(STEPS);
            let edge = mean - against;
            // Who has won keeps it; no bet is on a mean that looks too great.
            if edge > 0.0 && *capital < self.enough {
                let bet = (edge / (variance + edge * edge)).min(STAKE / against);
                *capital *= 1.0 + bet * (score - against);
            }
        }
        let won = |capital: &&f64| **capital >= self.enough;
        self.refuted += self.capital[self.refuted..].iter().take_while(won).count();

        self.scores += 1.0;
        self.sum += score;
        self.squares += (score - self.sum / self.scores).powi(2);
        // With nothing refuted, the scores are known not to be negative.
        float(self.refuted.saturating_sub(1)) / float(STEPS)
    }
}
