//! What is believed of a person before anything was learned.

use std::sync::LazyLock;

use bandit::Prior;

use super::{COORDINATES, groups};

/// The variance of a reward around what is expected.
pub const NOISE: f64 = 0.12;

/// Mean and standard deviation of each group of [`groups`], as `cargo bench -p notifier --bench timing -- prior` prints them:
/// empirical Bayes over 400 simulated people of the four families in `benches/people` on which constants may be chosen, 90
/// days each at random and 90 as they learn. Of the families that are held out, nobody is in it.
///
/// In words: speaking earns 0.14 more than silence, give or take; it is worth more where the person comes by themselves, has
/// just reacted, and has answered before, and less the more oO has spoken of late. People differ most in their hours.
const SHIPPED: [(f64, f64); 9] = [
    (0.138, 0.047),
    (0.000, 0.084),
    (0.000, 0.091),
    (0.017, 0.024),
    (0.047, 0.045),
    (0.011, 0.036),
    (-0.057, 0.017),
    (0.028, 0.061),
    (-0.037, 0.044),
];

/// The prior that everybody begins with.
pub fn prior() -> &'static Prior {
    static PRIOR: LazyLock<Prior> = LazyLock::new(|| {
        let mut weights = vec![(0.0, 0.0); COORDINATES];
        for (group, weight) in groups().into_iter().zip(SHIPPED) {
            for index in group.indices {
                weights[usize::from(index)] = weight;
            }
        }
        Prior::new(weights, groups())
    });
    &PRIOR
}
