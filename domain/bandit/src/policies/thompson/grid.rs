//! Where the integral looks.

use std::f64::consts::LN_2;

use super::Beta;

/// The grid reaches this many standard deviations around each arm's mean.
const REACH: f64 = 6.0;

/// No arm has fewer cells of its own than this.
const AT_LEAST: usize = 16;

/// A cell is no narrower than this, which is far below the deviation after 10⁹ rewards.
const NARROWEST: f64 = 1e-12;

/// What is e⁻⁴⁰ times the greatest mass is nothing.
const NOTHING: f64 = -40.0;

/// Cells that cover [0, 1].
pub(super) struct Grid(Vec<Cell>);

/// A cell, in the logarithms that a Beta density is made of: counts may be in the millions.
struct Cell {
    /// ln x at the middle.
    success: f64,
    /// ln (1 − x) at the middle.
    failure: f64,
    /// ln of the width.
    width: f64,
}

impl Grid {
    /// About `cells` cells: each of the distinct `beliefs` contributes its share, around its mean.
    pub(super) fn around(beliefs: &[Beta], cells: usize) -> Self {
        let mut distinct: Vec<(f64, f64)> =
            beliefs.iter().map(|belief| (belief.mean(), belief.deviation())).collect();
        distinct.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        distinct.dedup();

        let each = (cells / distinct.len()).max(AT_LEAST);
        let mut edges = vec![0.0, 1.0];
        for (arm, (mean, deviation)) in distinct.iter().enumerate() {
            let from = (mean - REACH * deviation).max(0.0);
            let width = (mean + REACH * deviation).min(1.0) - from;
            // Wide beliefs all reach from 0 to 1: staggered, their edges do not fall on each other.
            let stagger = part(arm, distinct.len() * each);
            edges.extend([from, from + width]);
            edges.extend((0..each).map(|step| from + width * part(step, each) + width * stagger));
        }
        edges.sort_unstable_by(f64::total_cmp);
        edges.dedup_by(|b, a| *b - *a < NARROWEST);
        Self(edges.windows(2).map(|edge| Cell::between(edge[0], edge[1])).collect())
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The mass of `belief` in each cell, by its density at the cell's middle; they sum to one, so that
    /// the constant of the density is not needed.
    pub(super) fn masses(&self, Beta { successes, failures }: Beta) -> Vec<f64> {
        let (a, b) = (successes - 1.0, failures - 1.0);
        let mut masses: Vec<f64> =
            self.0.iter().map(|cell| a * cell.success + b * cell.failure + cell.width).collect();
        if let [first, .., last] = &mut masses[..] {
            *first += at_the_edge(successes);
            *last += at_the_edge(failures);
        }
        let greatest = masses.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mut sum = 0.0;
        for mass in &mut masses {
            let relative = *mass - greatest;
            *mass = if relative > NOTHING { relative.exp() } else { 0.0 };
            sum += *mass;
        }
        for mass in &mut masses {
            *mass /= sum;
        }
        masses
    }
}

/// `n` of `of` parts.
#[expect(clippy::cast_precision_loss, reason = "a few hundred")]
fn part(n: usize, of: usize) -> f64 {
    n as f64 / of as f64
}

impl Cell {
    fn between(from: f64, to: f64) -> Self {
        let middle = f64::midpoint(from, to);
        Self { success: middle.ln(), failure: (-middle).ln_1p(), width: (to - from).ln() }
    }
}

/// What corrects the outermost cell, where a density begins as x^(count − 1): below a count of two that is
/// as steep as a root, and its middle is too high by a factor of count / 2^(count − 1), of which this is the logarithm.
fn at_the_edge(count: f64) -> f64 {
    if count < 2.0 { (count - 1.0) * LN_2 - count.ln() } else { 0.0 }
}
