//! What came out, as text.

use std::fmt::Write as _;

use super::{Decision, Outcome};

/// The reactions that are told together.
const WINDOWS: [(usize, usize); 4] = [(0, 20), (20, 50), (50, 100), (100, 200)];

/// After a flip, so many reactions are averaged.
const SMOOTH: usize = 20;

/// How much of what was reached before the flip counts as regained.
const REGAINED: f64 = 0.9;

/// Who closed less of the gap has nothing to regain.
const NOTHING: f64 = 0.1;

/// A line for each family and policy.
pub fn table(outcomes: &[Outcome]) -> String {
    let mut table = format!(
        "{:<12} {:<20} {:>7} {:>7}  {:>6} {:>6} {:>6} {:>7}  {:>7} {:>6}",
        "family",
        "policy",
        "random",
        "best",
        "1-20",
        "21-50",
        "51-100",
        "101-200",
        "regains",
        "delay"
    );
    for outcome in outcomes {
        let all = || outcome.lives.iter().flatten();
        let random = mean(all().map(|decision| decision.random));
        let best = mean(all().map(|decision| decision.best));
        let (family, policy) = (outcome.family.name, &outcome.policy);
        let _ = write!(table, "\n{family:<12} {policy:<20} {random:>7.3} {best:>7.3}  ");
        for ((from, to), width) in WINDOWS.into_iter().zip([6, 6, 6, 7]) {
            let _ = write!(table, "{:>width$} ", number(closed(&outcome.lives, from, to)));
        }
        let regains = outcome.family.flip.and_then(|flip| regains(&outcome.lives, flip));
        let regains = regains.map_or_else(String::new, |count| count.to_string());
        let loss = outcome.at_once.as_ref().and_then(|at_once| {
            Some(closed(at_once, 0, usize::MAX)? - closed(&outcome.lives, 0, usize::MAX)?)
        });
        let loss = loss.map_or_else(String::new, |loss| format!("{loss:.3}"));
        let _ = write!(table, " {regains:>7} {loss:>6}");
    }
    table
}

/// The share of the gap between random and best that was closed in the reactions `from` to `to`.
pub(super) fn closed(lives: &[Vec<Decision>], from: usize, to: usize) -> Option<f64> {
    let (mut gained, mut gap) = (0.0, 0.0);
    for life in lives {
        let window = life.get(from..to.min(life.len()).max(from)).unwrap_or_default();
        gained += window.iter().map(|decision| decision.chosen - decision.random).sum::<f64>();
        gap += window.iter().map(|decision| decision.best - decision.random).sum::<f64>();
    }
    (gap > 0.0).then(|| gained / gap)
}

/// How many reactions after the flip as much of the gap is closed again as just before it, but for a tenth.
fn regains(lives: &[Vec<Decision>], flip: usize) -> Option<usize> {
    let before = closed(lives, flip.saturating_sub(2 * SMOOTH), flip)?;
    if before < NOTHING {
        return None;
    }
    let last = lives.iter().map(Vec::len).max()?.checked_sub(SMOOTH)?;
    (flip..=last)
        .find(|from| {
            closed(lives, *from, from + SMOOTH).is_some_and(|now| now >= REGAINED * before)
        })
        .map(|from| from - flip + SMOOTH / 2)
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    sum / f64::max(count, 1.0)
}

fn number(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.3}"))
}
