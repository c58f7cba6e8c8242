use proptest::prelude::*;

use super::*;

/// So fine that the cells do not matter.
const FINE: usize = 20_000;

fn beta(successes: f64, failures: f64) -> Beta {
    Beta { successes, failures }
}

fn worst(beliefs: &[Beta]) -> f64 {
    let (coarse, fine) = (best_arm(beliefs, CELLS), best_arm(beliefs, FINE));
    coarse.iter().zip(fine).map(|(coarse, fine)| (coarse - fine).abs()).fold(0.0, f64::max)
}

#[test]
fn two_uniform_beliefs_and_a_better_one_have_a_known_answer() {
    // P(X > Y) is 1/2 for equals, and 2/3 for Beta(2, 1) against Beta(1, 1).
    let equals = best_arm(&[beta(1.0, 1.0), beta(1.0, 1.0)], CELLS);
    assert!((equals[0] - 0.5).abs() < 1e-12);
    let better = best_arm(&[beta(2.0, 1.0), beta(1.0, 1.0)], CELLS);
    assert!((better[0] - 2.0 / 3.0).abs() < 1e-3, "{better:?}");
}

#[test]
fn extreme_counts_are_told_apart() {
    for n in [1e3, 1e6, 1e9] {
        // Apart by many deviations; and equal, however peaked.
        let apart = best_arm(&[beta(0.52 * n, 0.48 * n), beta(0.3 * n, 0.7 * n)], CELLS);
        assert!(apart[0] > 0.999, "{n}: {apart:?}");
        let equal = best_arm(&[beta(n, n), beta(n, n), beta(1.25, 3.75)], CELLS);
        assert!((equal[0] - equal[1]).abs() < 1e-9, "{n}: {equal:?}");
        // Never and always.
        let edges = best_arm(&[beta(n, 1.0), beta(1.0, n), beta(1.0, 1.0)], CELLS);
        assert!(edges[0] > 0.99 && edges[1] < 0.01, "{n}: {edges:?}");
    }
}

#[test]
fn a_pool_of_equals_against_one_is_seen_as_well() {
    let mut beliefs = vec![beta(1.25, 3.75); 15];
    beliefs.push(beta(3.5, 1.5));
    let error = worst(&beliefs);
    assert!(error < 5e-3, "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn the_cells_do_not_matter(
        counts in prop::collection::vec((0.0..4.0_f64, 0.0..1.0_f64), 2..17),
    ) {
        // From a handful of rewards to ten thousand, of any mean.
        let beliefs: Vec<Beta> = counts
            .into_iter()
            .map(|(magnitude, mean)| {
                let n = 10_f64.powf(magnitude);
                beta(1.25 + n * mean, 1.5 + n * (1.0 - mean))
            })
            .collect();
        let error = worst(&beliefs);
        prop_assert!(error < 1e-2, "{error} for {beliefs:?}");
    }
}
