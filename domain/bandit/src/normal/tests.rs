use proptest::prelude::*;
use rand::{RngExt, SeedableRng, rngs::ChaCha12Rng};

use super::*;

/// Standard normal by Box and Muller.
fn normal(rng: &mut ChaCha12Rng) -> f64 {
    let (u, v): (f64, f64) = (1.0 - rng.random::<f64>(), rng.random());
    (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
}

fn scores(scores: &[(f64, f64)]) -> Vec<Score> {
    scores.iter().map(|&(mean, deviation)| Score { mean, deviation }).collect()
}

fn best(scores: &[Score]) -> Vec<f64> {
    let mut out = vec![f64::NAN];
    Best::default().of(scores, &mut out);
    out
}

/// The integral on a grid that is fine for the narrowest, in log space and with no table.
fn fine(scores: &[Score]) -> Vec<f64> {
    let low = scores.iter().map(|s| s.mean - 8.0 * s.deviation).fold(f64::INFINITY, f64::min);
    let high = scores.iter().map(|s| s.mean + 8.0 * s.deviation).fold(f64::NEG_INFINITY, f64::max);
    let narrowest = scores.iter().map(|s| s.deviation).fold(f64::INFINITY, f64::min);
    let steps = ((high - low) / (0.02 * narrowest)).ceil().min(200_000.0);
    let width = (high - low) / steps;
    let mut below = vec![0.0; scores.len()];
    let mut best = vec![0.0; scores.len()];
    let mut x = low;
    while x < high {
        let x_middle = x + 0.5 * width;
        let mass: Vec<f64> = scores
            .iter()
            .map(|s| {
                let z = (x_middle - s.mean) / s.deviation;
                width * (-0.5 * z * z).exp() / (s.deviation * std::f64::consts::TAU.sqrt())
            })
            .collect();
        for i in 0..scores.len() {
            let others = (0..scores.len()).filter(|j| *j != i);
            best[i] += mass[i] * others.map(|j| below[j] + 0.5 * mass[j]).product::<f64>();
        }
        below.iter_mut().zip(mass).for_each(|(below, mass)| *below += mass);
        x += width;
    }
    best
}

fn worst(scores: &[Score]) -> f64 {
    best(scores).iter().zip(fine(scores)).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

/// Φ at so many standard deviations.
fn cdf(z: f64) -> f64 {
    phi(&TABLE, (z + REACH) * STEPS)
}

#[test]
fn the_table_is_right() {
    // Abramowitz & Stegun (1964), table 26.1.
    for (z, expected) in [(0.0, 0.5), (1.0, 0.841_344_75), (-1.96, 0.024_997_9), (3.0, 0.998_650_1)]
    {
        assert!((cdf(z) - expected).abs() < 1e-5, "{z}: {}", cdf(z));
    }
    assert!(cdf(-1e9).abs() < 1e-12 && (cdf(1e9) - 1.0).abs() < 1e-12);
}

#[test]
fn two_have_a_known_answer() {
    // P(X > Y) = Φ((a − b) / √(s² + t²)).
    for (a, s, t) in [(0.0, 1.0, 1.0), (0.3, 0.4, 0.2), (1.0, 2.0, 0.2), (-0.1, 0.03, 0.3)] {
        let expected = cdf(a / f64::hypot(s, t));
        let computed = best(&scores(&[(a, s), (0.0, t)]))[0];
        assert!((computed - expected).abs() < 0.01, "{a} {s} {t}: {computed} is not {expected}");
    }
}

#[test]
fn sampling_agrees() {
    let scores = scores(&[(0.4, 0.1), (0.38, 0.2), (0.1, 0.3), (0.45, 0.03), (-1.0, 0.1)]);
    let computed = best(&scores);
    let mut rng = ChaCha12Rng::seed_from_u64(3);
    let rounds = if cfg!(debug_assertions) { 40_000_u32 } else { 400_000 };
    let mut wins = vec![0_u32; scores.len()];
    for _ in 0..rounds {
        let draws: Vec<f64> =
            scores.iter().map(|s| s.mean + s.deviation * normal(&mut rng)).collect();
        let best = (0..draws.len()).max_by(|&i, &j| draws[i].total_cmp(&draws[j])).unwrap_or(0);
        wins[best] += 1;
    }
    for (computed, wins) in computed.iter().zip(wins) {
        let sampled = f64::from(wins) / f64::from(rounds);
        assert!((computed - sampled).abs() < 0.01, "{computed} is not {sampled}");
    }
}

#[test]
fn certainty_is_no_exception() {
    let close = |a: f64, b: f64| (a - b).abs() < 1e-3;
    assert!(best(&[]).is_empty());
    assert!(close(best(&scores(&[(0.2, 0.0)]))[0], 1.0));
    assert!(close(best(&scores(&[(0.2, 0.0), (0.1, 0.0)]))[0], 1.0));
    assert!(close(best(&scores(&[(0.2, 0.0), (0.2, 0.0)]))[0], 0.5));
    assert!(close(best(&scores(&[(0.2, 0.0), (0.2, 1.0)]))[0], 0.5));
    let many = best(&scores(&[(0.2, 0.1); 200]));
    assert!(many.iter().all(|p| (p - 0.005).abs() < 1e-12));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 8 } else { 64 }))]
    #[test]
    fn the_cells_do_not_matter(
        beliefs in prop::collection::vec((-0.5..0.5_f64, -1.0..0.0_f64), 1..12),
    ) {
        let beliefs: Vec<Score> = beliefs
            .into_iter()
            .map(|(mean, magnitude)| Score { mean, deviation: 10_f64.powf(magnitude) })
            .collect();
        let error = worst(&beliefs);
        prop_assert!(error < 0.01, "{error} for {beliefs:?}");
    }
}
