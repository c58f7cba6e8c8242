//! Beta–Bernoulli Thompson sampling, with its propensities computed rather than sampled.
//!
//! An arm is chosen as often as it is likely to be the best one:
//! `P(i) = ∫ fᵢ(x) ∏_{j≠i} Fⱼ(x) dx`. The integral is a midpoint sum over cells; each arm's cells are
//! those of its own density, so that a peaked belief is seen as sharply as a flat one.

use crate::{Beta, Candidate, Context, Policy, Posterior, Prior, arms::Arms};

/// Cells of the common grid.
const CELLS: usize = 192;

/// The grid reaches this many standard deviations around each arm's mean.
const REACH: f64 = 6.0;

pub(crate) struct Thompson {
    prior: Prior,
}

impl Thompson {
    pub(crate) fn new(prior: Prior) -> Self {
        Self { prior }
    }
}

impl Policy for Thompson {
    fn name(&self) -> &'static str {
        "thompson"
    }

    fn propensities(
        &self,
        _: &Context,
        candidates: &[Candidate<'_>],
        posterior: &Posterior,
    ) -> Vec<f64> {
        let arms = Arms::new(candidates);
        let beliefs: Vec<Beta> =
            arms.names.iter().map(|arm| self.prior.with(posterior, arm)).collect();
        arms.spread(&best_arm(&beliefs), arms.floor())
    }

    fn belief(&self, arm: &str, posterior: &Posterior) -> f64 {
        self.prior.with(posterior, arm).mean()
    }
}

/// For each of `beliefs`, the probability that a draw from it exceeds the draws from all others.
fn best_arm(beliefs: &[Beta]) -> Vec<f64> {
    let count = beliefs.len();
    if count < 2 {
        return vec![1.0; count];
    }
    let cells = cells(beliefs);
    let masses: Vec<Vec<f64>> = beliefs.iter().map(|belief| masses(*belief, &cells)).collect();

    let mut best = vec![0.0; count];
    let mut below = vec![0.0; count];
    let mut after = vec![1.0; count + 1];
    for cell in 0..cells.len() {
        // Within a cell a draw is as likely above another one as below it: half of the cell counts.
        let at = |arm: usize| below[arm] + 0.5 * masses[arm][cell];
        // The product over all others is the product before an arm times the product after it.
        for arm in (0..count).rev() {
            after[arm] = after[arm + 1] * at(arm);
        }
        let mut before = 1.0;
        for arm in 0..count {
            best[arm] += masses[arm][cell] * before * after[arm + 1];
            before *= at(arm);
        }
        for (below, masses) in below.iter_mut().zip(&masses) {
            *below += masses[cell];
        }
    }

    let sum: f64 = best.iter().sum();
    for best in &mut best {
        *best /= sum;
    }
    best
}

/// A cell of the grid, in the logarithms that a Beta density is made of: counts may be in the millions.
struct Cell {
    /// ln x at the middle.
    ln_x: f64,
    /// ln (1 − x) at the middle.
    ln_rest: f64,
    /// ln of the width.
    ln_width: f64,
}

/// Cells that are fine where any arm has its mass: each arm contributes cells of its own width around
/// its mean.
fn cells(beliefs: &[Beta]) -> Vec<Cell> {
    let each = (CELLS / beliefs.len()).max(16);
    let mut edges = vec![0.0, 1.0];
    for belief in beliefs {
        let (mean, deviation) = (belief.mean(), deviation(*belief));
        let from = (mean - REACH * deviation).max(0.0);
        let to = (mean + REACH * deviation).min(1.0);
        #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
        edges.extend((0..=each).map(|step| from + (to - from) * step as f64 / each as f64));
    }
    edges.sort_unstable_by(f64::total_cmp);
    edges.dedup_by(|b, a| *b - *a < 1e-12);
    edges
        .windows(2)
        .map(|edge| {
            let middle = f64::midpoint(edge[0], edge[1]);
            let ln_width = (edge[1] - edge[0]).ln();
            Cell { ln_x: middle.ln(), ln_rest: (-middle).ln_1p(), ln_width }
        })
        .collect()
}

fn deviation(Beta { successes: a, failures: b }: Beta) -> f64 {
    let n = a + b;
    (a * b / (n * n * (n + 1.0))).sqrt()
}

/// The mass of `belief` in each cell, by its density at the cell's middle; normalised, so that the
/// constant of the density is not needed.
fn masses(Beta { successes: a, failures: b }: Beta, cells: &[Cell]) -> Vec<f64> {
    let mut masses: Vec<f64> = cells
        .iter()
        .map(|cell| (a - 1.0) * cell.ln_x + (b - 1.0) * cell.ln_rest + cell.ln_width)
        .collect();
    let greatest = masses.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut sum = 0.0;
    for mass in &mut masses {
        *mass = (*mass - greatest).exp();
        sum += *mass;
    }
    for mass in &mut masses {
        *mass /= sum;
    }
    masses
}
