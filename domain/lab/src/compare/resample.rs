//! Rates from answers that hang together in clusters, and intervals around them.
//!
//! Whole clusters are resampled (Field & Welsh 2007), and what is looked up in the resamples is not
//! the rate but how many standard errors it is off: with few clusters this *bootstrap-t* misses
//! less often than the rates themselves would (Cameron, Gelbach & Miller 2008). The standard error
//! is that of a ratio, linearised, from clusters.

use bandit::estimate::Interval;
use rand::{Rng, RngExt};

/// One less than a round number, so that the usual tails end at one of them (Davison & Hinkley
/// 1997).
const RESAMPLES: usize = 999;

/// What is added, and what is subtracted from it.
const SIGNS: [f64; 2] = [1.0, -1.0];

/// The weights of one version in a cluster: of what was answered, and of what was done.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sums {
    answered: f64,
    done: f64,
}

impl Sums {
    pub(crate) fn add(&mut self, weight: f64, is_done: bool) {
        self.answered += weight;
        if is_done {
            self.done += weight;
        }
    }
}

/// The rate of one version, or the difference of two, and its standard error. None, where one of
/// them has no answers.
pub(super) fn value<const N: usize>(clusters: &[[Sums; N]]) -> Option<(f64, f64)> {
    let mut totals = [Sums::default(); N];
    for cluster in clusters {
        for (total, sums) in totals.iter_mut().zip(cluster) {
            total.answered += sums.answered;
            total.done += sums.done;
        }
    }
    if totals.iter().any(|total| total.answered <= 0.0) {
        return None;
    }
    let rates = totals.map(|total| total.done / total.answered);
    let value = SIGNS.iter().zip(&rates).map(|(sign, rate)| sign * rate).sum();

    let square = |cluster: &[Sums; N]| {
        let influence = |place: usize| {
            let Sums { answered, done } = cluster[place];
            SIGNS[place] * (done - rates[place] * answered) / totals[place].answered
        };
        (0..N).map(influence).sum::<f64>().powi(2)
    };
    let count = float(clusters.len());
    let variance = clusters.iter().map(square).sum::<f64>() * count / (count - 1.0);
    Some((value, variance.sqrt()))
}

/// The rate of one version, or the difference of two, and an interval that misses as often as
/// `alpha` says: [`Interval::EVERYTHING`] where nothing can be told.
pub(crate) fn estimate<const N: usize>(
    clusters: &[[Sums; N]],
    alpha: f64,
    rng: &mut dyn Rng,
) -> (f64, Interval) {
    studentised(clusters, alpha, rng, value)
}

/// The same for any `value` of clusters that has a standard error. It is NaN where there is none.
pub(crate) fn studentised<C: Clone>(
    clusters: &[C],
    alpha: f64,
    rng: &mut dyn Rng,
    value: impl Fn(&[C]) -> Option<(f64, f64)>,
) -> (f64, Interval) {
    let Some((centre, error)) = value(clusters) else { return (f64::NAN, Interval::EVERYTHING) };
    let mut picked = clusters.to_vec();
    // By how many standard errors each resample is off.
    let mut off = Vec::with_capacity(RESAMPLES);
    for _ in 0..RESAMPLES {
        picked.fill_with(|| clusters[rng.random_range(0..clusters.len())].clone());
        // A resample without one of the versions, or whose clusters are all alike, says nothing.
        if let Some((value, its_error)) = value(&picked) {
            let t = (value - centre) / its_error;
            off.extend(t.is_finite().then_some(t));
        }
    }
    off.sort_unstable_by(f64::total_cmp);
    let tail = tail(off.len(), alpha);
    let interval = match (off.get(tail), off.iter().rev().nth(tail)) {
        (Some(least), Some(greatest)) if error.is_finite() => {
            Interval { low: centre - greatest * error, high: centre - least * error }
        }
        _ => Interval::EVERYTHING,
    };
    (centre, interval)
}

/// How many of `count` are left out at each end.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a position in the values"
)]
fn tail(count: usize, alpha: f64) -> usize {
    ((float(count + 1) * alpha / 2.0) as usize).saturating_sub(1)
}

#[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^52 answers")]
pub(crate) fn float(count: usize) -> f64 {
    count as f64
}
