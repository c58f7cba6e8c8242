//! Which of several normal variables is the greatest.

/// Cells of the integral.
const CELLS: usize = 64;

/// Draws lie within this many standard deviations.
const REACH: f64 = 5.0;

/// An expected reward, and how surely it is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Score {
    pub(super) mean: f64,
    pub(super) deviation: f64,
}

/// `P(i) = ∫ φᵢ(x) ∏_{j≠i} Φⱼ(x) dx`, as a sum over cells.
#[expect(clippy::cast_precision_loss, reason = "64 cells")]
pub(super) fn best(scores: &[Score]) -> Vec<f64> {
    let greatest = |of: fn(&Score) -> f64| scores.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
    let low = greatest(|score| score.mean - REACH * score.deviation);
    let high = greatest(|score| score.mean + REACH * score.deviation);
    let width = ((high - low) / CELLS as f64).max(1e-9);

    let mut best = vec![0.0; scores.len()];
    let edges = |cell: usize| {
        let x = low + cell as f64 * width;
        scores.iter().map(move |score| phi((x - score.mean) / score.deviation.max(width))).collect()
    };
    let mut below: Vec<f64> = edges(0);
    for cell in 0..CELLS {
        let above: Vec<f64> = edges(cell + 1);
        let middle = |(low, high): (&f64, &f64)| f64::midpoint(*low, *high).max(1e-30);
        let product: f64 = below.iter().zip(&above).map(middle).product();
        for (best, edge) in best.iter_mut().zip(below.iter().zip(&above)) {
            *best += (edge.1 - edge.0) * product / middle(edge);
        }
        below = above;
    }
    let sum: f64 = best.iter().sum();
    for best in &mut best {
        *best /= sum;
    }
    best
}

/// Φ, right to 1e-7 (Abramowitz & Stegun 1964, 26.2.17).
fn phi(z: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * z.abs());
    let terms = [0.319_381_530, -0.356_563_782, 1.781_477_937, -1.821_255_978, 1.330_274_429];
    let series = terms.iter().rev().fold(0.0, |sum, term| (sum + term) * t);
    let tail = series * (-0.5 * z * z).exp() * 0.398_942_280_401_432_7;
    if z < 0.0 { tail } else { 1.0 - tail }
}
