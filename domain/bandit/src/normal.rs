//! Which of several normal variables is the greatest.

#[cfg(test)]
mod tests;

use std::{array, f64::consts::TAU, sync::LazyLock};

/// Cells of the integral.
const CELLS: usize = 64;

/// Draws lie within this many standard deviations.
const REACH: f64 = 4.5;

/// Steps of the table of Φ, per standard deviation.
const STEPS: f64 = 64.0;

/// Entries of the table, of which a few more than the half are in reach: a power of two.
const ENTRIES: usize = 1024;

/// Adding this rounds to a whole number, which is then in the lowest bits.
const ROUND: f64 = 4_503_599_627_370_496.0;

/// Φ, and its growth within a step, from −`REACH` to `REACH`.
type Table = [[f64; 2]; ENTRIES];

static TABLE: LazyLock<Table> = LazyLock::new(table);

/// Expected rewards, and how surely they are known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Score {
    pub(crate) mean: f64,
    pub(crate) deviation: f64,
}

impl Score {
    fn reach(self, deviations: f64, least: f64) -> f64 {
        self.mean + deviations * self.deviation.max(least)
    }
}

/// Computes `P(i) = ∫ φᵢ(x) ∏_{j≠i} Φⱼ(x) dx`, the probability that a draw from `i` exceeds the draws from all others, as a
/// sum over cells: right to ±1 % absolute where the widest is no more than ten times as wide as the narrowest. Beyond
/// that, the narrow are seen as wide as a cell. Nothing is allocated once it has seen as many.
#[derive(Clone, Debug, Default)]
pub(crate) struct Best {
    /// Those that can be the best; what is behind them is left over from before.
    rows: Vec<Row>,
}

/// One that can be the best, cell by cell.
#[derive(Clone, Debug)]
struct Row {
    place: usize,
    /// How many cells are in its reach.
    cells: usize,
    /// The probability of a draw in each cell.
    mass: [f64; CELLS],
    /// The probability of a draw below the middle of each cell; far above zero, so that it can be divided by.
    below: [f64; CELLS],
}

impl Best {
    /// Fills `out` with the probabilities of `scores`; they sum to one.
    pub(crate) fn of(&mut self, scores: &[Score], out: &mut Vec<f64>) {
        out.clear();
        out.resize(scores.len(), 0.0);
        #[expect(clippy::cast_precision_loss, reason = "64")]
        let cells = CELLS as f64;
        let span = |least: f64| {
            let low = greatest(scores.iter().map(|score| score.reach(-REACH, least)));
            (
                low,
                ((greatest(scores.iter().map(|s| s.reach(REACH, least))) - low) / cells).max(1e-9),
            )
        };
        // A belief that is narrower than a cell is as wide as one.
        let (_, narrowest) = span(0.0);
        let (low, width) = span(narrowest);

        let mut product = [1.0; CELLS];
        let mut used = 0;
        for (place, score) in scores.iter().enumerate() {
            if score.reach(REACH, narrowest) < low {
                continue;
            }
            if used == self.rows.len() {
                self.rows.push(Row { place, cells: 0, mass: [0.0; CELLS], below: [1.0; CELLS] });
            }
            let row = &mut self.rows[used];
            row.place = place;
            row.fill(
                (low - score.mean) / score.deviation.max(narrowest),
                width / score.deviation.max(narrowest),
            );
            for (product, below) in product.iter_mut().zip(&row.below[..row.cells]) {
                *product *= below;
            }
            used += 1;
        }

        let mut sum = 0.0;
        for row in &self.rows[..used] {
            let best = row.best(&product);
            sum += best;
            out[row.place] = best;
        }
        for best in out {
            *best /= sum;
        }
    }
}

impl Row {
    /// Cells from `low` on, each of this `width`, both in standard deviations.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast saturates")]
    fn fill(&mut self, low: f64, width: f64) {
        let table = &*TABLE;
        // Four at a time are summed.
        self.cells = (((REACH - low) / width) as usize + 1).next_multiple_of(4).min(CELLS);
        let (low, width) = ((low + REACH) * STEPS, width * STEPS);
        let mut under = phi(table, low);
        let mut edge = 0.0;
        for (mass, below) in self.mass.iter_mut().zip(&mut self.below).take(self.cells) {
            edge += 1.0;
            let over = phi(table, low + edge * width);
            *mass = (over - under).max(0.0);
            *below = f64::midpoint(under, over).max(1e-30);
            under = over;
        }
    }

    fn best(&self, product: &[f64; CELLS]) -> f64 {
        let mut sums = [0.0; 4];
        let (mass, below) = (self.mass.as_chunks::<4>().0, self.below.as_chunks::<4>().0);
        let cells = mass.iter().zip(below).zip(product.as_chunks::<4>().0);
        for ((mass, below), product) in cells.take(self.cells / 4) {
            for lane in 0..4 {
                sums[lane] += mass[lane] * product[lane] / below[lane];
            }
        }
        (sums[0] + sums[2]) + (sums[1] + sums[3])
    }
}

/// Φ, right to 1e-5.
pub(crate) fn below(deviations: f64) -> f64 {
    phi(&TABLE, (deviations + REACH) * STEPS)
}

fn greatest(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(f64::NEG_INFINITY, f64::max)
}

/// Φ at so many steps of the table, from the nearest one and its slope: right to 1e-5.
#[expect(clippy::cast_possible_truncation, reason = "the lowest bits are wanted")]
fn phi(table: &Table, steps: f64) -> f64 {
    let steps = steps.clamp(0.0, 2.0 * REACH * STEPS);
    let rounded = steps + ROUND;
    let [value, growth] = table[rounded.to_bits() as usize % ENTRIES];
    value + (steps - (rounded - ROUND)) * growth
}

fn table() -> Table {
    let density = |step: f64| {
        let z = step / STEPS - REACH;
        (-0.5 * z * z).exp() / (STEPS * TAU.sqrt())
    };
    let mut sum = 0.0;
    let mut step = 0.0;
    let entries: Table = array::from_fn(|_| {
        let entry = [sum, density(step)];
        if step < 2.0 * REACH * STEPS {
            // Simpson's rule on each step.
            sum += (density(step) + 4.0 * density(step + 0.5) + density(step + 1.0)) / 6.0;
        }
        step += 1.0;
        entry
    });
    // What is out of reach is dealt to the rest.
    entries.map(|[value, growth]| [value / sum, growth / sum])
}
