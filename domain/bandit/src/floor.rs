//! No candidate is without a chance.

/// The least probability of a candidate, so that each can be evaluated off-policy.
pub const FLOOR: f64 = 0.005;

/// The floors of all candidates together take at most this much.
const AT_MOST: f64 = 0.5;

/// Raises what is below the floor of the policies to it.
#[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^52 candidates")]
pub(crate) fn raise(propensities: &mut [f64]) {
    raise_to(propensities, FLOOR.min(AT_MOST / propensities.len().max(1) as f64));
}

/// Raises what is below `floor` to it, and lowers the rest by a common factor. A floor that is too high for so many
/// is as high as it can be.
#[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^52 candidates")]
pub fn raise_to(propensities: &mut [f64], floor: f64) {
    let floor = floor.min(1.0 / propensities.len().max(1) as f64);
    let mut scale = 1.0;
    // Each round lowers the others, of which some may fall below the floor in turn: few do.
    loop {
        let (mut raised, mut rest) = (0.0, 0.0);
        for propensity in propensities.iter() {
            if propensity * scale <= floor {
                raised += floor;
            } else {
                rest += propensity;
            }
        }
        let lower = (1.0 - raised) / rest;
        if lower < scale {
            scale = lower;
        } else {
            break;
        }
    }
    for propensity in propensities {
        *propensity = (*propensity * scale).max(floor);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_above_keeps_its_proportions() {
        let mut propensities = [0.6, 0.3, 0.1, 0.0, 0.0];
        raise(&mut propensities);
        for (propensity, expected) in propensities.iter().zip([0.594, 0.297, 0.099, 0.005, 0.005]) {
            assert!((propensity - expected).abs() < 1e-12, "{propensities:?}");
        }
    }

    #[test]
    fn what_is_no_distribution_ends_as_well() {
        raise(&mut []);
        for hostile in [[f64::NAN, 0.5], [0.0, 0.0], [f64::INFINITY, 0.0]] {
            raise(&mut hostile.clone());
        }
    }

    proptest! {
        #[test]
        fn nobody_is_below_and_all_sum_to_one(odds in prop::collection::vec((-40.0..0.0_f64).prop_map(f64::exp), 1..300)) {
            let sum: f64 = odds.iter().sum();
            let before: Vec<f64> = odds.iter().map(|odds| odds / sum).collect();
            let mut after = before.clone();
            raise(&mut after);
            let count = f64::from(u32::try_from(after.len()).unwrap());
            prop_assert!((after.iter().sum::<f64>() - 1.0).abs() < 1e-9);
            prop_assert!(after.iter().all(|p| *p >= FLOOR.min(0.5 / count)));
            for (i, j) in (1..after.len()).map(|i| (i - 1, i)) {
                prop_assert!((before[i] < before[j]) <= (after[i] <= after[j]));
            }
        }
    }
}
