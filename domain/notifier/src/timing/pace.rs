//! The volume of a day: what is expected to be spent must not exceed what the cap leaves.

use bandit::Expected;

use super::{STEP, WINDOW};

/// However sure it is, silence has at least one chance in five, as in Oralytics. Speaking up cannot: of three dozen decision
/// points a day, as against their two, a fifth would be spent by noon. It has what every candidate of a tip has.
const LEAST: f64 = bandit::FLOOR;
const MOST: f64 = 0.8;

/// At most this share of what the cap leaves is spent on speaking against all belief.
const AGAINST: f64 = 0.25;

/// How gradually the probability follows the advantage, in units of reward: the width of a probit in the place of
/// Oralytics' logistic function, so that its expectation over the belief has a closed form.
const WIDTH: f64 = 0.015;

/// Rounds of bisection.
const ROUNDS: usize = 24;

/// What is known of a decision point that is left today: the advantage, and what speaking costs there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    pub(super) advantage: Expected,
    pub(super) cost: f64,
}

/// The probability of speaking at the first of these points, where `budget` pushes are left for all of them.
///
/// `π = least + (most − least) · E[Φ((advantage − cost − price) / width)]`, with the smallest price, at least zero, at which
/// the expected number of pushes is within the budget.
pub(super) fn probability(points: &[Point], budget: f64) -> f64 {
    let least = LEAST.min(AGAINST * budget / float(points.len()));
    let at = |point: &Point, price: f64| {
        least + (MOST - least) * point.advantage.exceeds(point.cost + price, WIDTH)
    };
    let spent = |price: f64| expected(points.iter().map(|point| at(point, price)));
    let price = if spent(0.0) <= budget { 0.0 } else { bisect(0.0, 4.0, |p| spent(p) > budget) };
    points.first().map_or(0.0, |point| at(point, price))
}

/// The same, where all points are alike.
pub(super) fn even(points: usize, budget: f64) -> f64 {
    let spent = |probability: f64| expected(std::iter::repeat_n(probability, points));
    if spent(MOST) <= budget { MOST } else { bisect(0.0, MOST, |p| spent(p) <= budget) }
}

/// How many pushes are expected, where each silences the points of its hour.
fn expected(probabilities: impl Iterator<Item = f64>) -> f64 {
    let mut recent = [0.0; SILENCED];
    let mut sum = 0.0;
    for (place, probability) in probabilities.enumerate() {
        let free = 1.0 - recent.iter().sum::<f64>();
        let speaks = probability * free;
        recent[place % SILENCED] = speaks;
        sum += speaks;
    }
    sum
}

/// So many decision points after a push are within its hour.
const SILENCED: usize = 2;
const _: () = assert!(SILENCED as u64 + 1 == WINDOW.as_secs() / STEP.as_secs());

/// Where `is_before` ends to hold, between `low`, where it does, and `high`.
fn bisect(mut low: f64, mut high: f64, is_before: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..ROUNDS {
        let middle = f64::midpoint(low, high);
        if is_before(middle) { low = middle } else { high = middle }
    }
    high
}

#[expect(clippy::cast_precision_loss, reason = "a few dozen")]
fn float(count: usize) -> f64 {
    count.max(1) as f64
}
