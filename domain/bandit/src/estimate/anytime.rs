//! An interval that holds at all times at once, however the log was collected.

use super::{Interval, Log, log::Round};

/// The greatest bet on a round.
const BET_AT_MOST: f64 = 0.5;

/// A confidence sequence for the value by IPW: after each round, an interval from the rounds so far. With
/// probability `confidence` all of them hold at once, so that one may look, and stop, when one likes. No
/// limit is invoked; the logging policy may have learned, and no bound on the weights is needed.
///
/// Both ends come from the empirical-Bernstein supermartingale with predictable plug-in bets (Howard et al.
/// 2021; Waudby-Smith & Ramdas 2024, theorem 2). The upper end is one minus the lower end of the same policy
/// with rewards `1 − r`, whose scores are non-negative too (Waudby-Smith et al. 2022, which is why this
/// needs the rewards in [0, 1] but nothing of the propensities).
///
/// The value is the policy's on every round, given the past. Intervals shrink only; if the value drifts they
/// may become empty, `low > high`. `None` if a reward is not in [0, 1].
pub fn confidence_sequence(log: &Log, confidence: f64) -> Option<Vec<Interval>> {
    if log.rounds.iter().any(|round| !(0.0..=1.0).contains(&round.reward)) {
        return None;
    }
    let miss = 0.5 - 0.5 * confidence;
    let lows = lower(log.rounds.iter().map(|Round { weight, reward, .. }| weight * reward), miss);
    let highs =
        lower(log.rounds.iter().map(|Round { weight, reward, .. }| weight * (1.0 - reward)), miss);
    Some(lows.zip(highs).map(|(low, high)| Interval { low, high: 1.0 - high }).collect())
}

/// After each score, a bound below the scores' mean that fails ever with probability `miss`. Scores are
/// non-negative, their mean is at most one.
///
/// For a guess `m ≤ 1` and a bet `0 ≤ λ < 1`, both from the past, `exp(λ (X − μ) − ψ(λ) (X − m)²)` with
/// `ψ(λ) = −ln(1 − λ) − λ` is at most one in expectation (Fan, Grama & Liu 2015), so that by Ville's
/// inequality the product of all exceeds `1 / miss` ever with probability `miss`.
fn lower(scores: impl Iterator<Item = f64>, miss: f64) -> impl Iterator<Item = f64> {
    let evidence = -miss.ln();
    let mut seen = 0.0;
    let mut sum = 0.5;
    let mut squares = 0.25;
    let (mut won, mut bets, mut paid) = (0.0, 0.0, 0.0);
    let mut bound: f64 = 0.0;
    scores.map(move |score| {
        seen += 1.0;
        let guess = f64::min(sum / seen, 1.0);
        let variance = squares / seen;
        let boldest = (2.0 * evidence / (variance * seen * seen.ln_1p())).sqrt();
        let bet = f64::min(boldest, BET_AT_MOST);

        won += bet * score;
        bets += bet;
        paid += (-(-bet).ln_1p() - bet) * (score - guess).powi(2);
        bound = bound.max((won - paid - evidence) / bets);

        sum += score;
        squares += (score - f64::min(sum / (seen + 1.0), 1.0)).powi(2);
        bound
    })
}
