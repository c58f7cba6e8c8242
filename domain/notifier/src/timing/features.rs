//! What the advantage of speaking over silence is a linear function of.

use bandit::Group;

use super::{Moment, rhythm::Rhythm};

/// Bumps over the day, two hours apart, and over the days of a weekend, four hours apart.
const BUMPS: usize = 12;
const WEEKEND: usize = 6;

/// How many numbers [`features`] has.
pub const COORDINATES: usize = 1 + BUMPS + WEEKEND + 6;

/// The features of a moment, each about as large as one: a constant; smooth bumps over the day, of which two are touched and
/// which sum to one; the same over a weekend, as what differs then; how usual it is that the person comes by themselves;
/// how recently they reacted; how recently oO spoke; how much it spoke of late; how often it was answered; how near the end
/// is.
pub(super) fn of(moment: &Moment, rhythm: &Rhythm) -> [f64; COORDINATES] {
    let mut features = [0.0; COORDINATES];
    features[0] = 1.0;
    bumps(&mut features[1..=BUMPS], moment.hour);
    if moment.is_weekend {
        bumps(&mut features[1 + BUMPS..=BUMPS + WEEKEND], moment.hour);
    }
    let fresh =
        |hours: Option<f64>, within: f64| hours.map_or(0.0, |h| (-h.max(0.0) / within).exp());
    features[1 + BUMPS + WEEKEND..].copy_from_slice(&[
        rhythm.usual(moment.hour, moment.is_weekend),
        fresh(moment.since_reaction, 2.0),
        fresh(moment.since_push, 3.0),
        moment.dose.clamp(0.0, 4.0),
        moment.answered.clamp(0.0, 1.0) - 0.5,
        (1.0 - moment.left.max(0.0) / 60.0).max(0.0),
    ]);
    features
}

/// The same for whoever evaluates another model: with nothing known of the person's rhythm.
pub fn features(moment: &Moment) -> [f64; COORDINATES] {
    of(moment, &Rhythm::default())
}

/// Which of them are alike before anything is known.
pub fn groups() -> Vec<Group> {
    let mut from = 0;
    let lengths = [1, BUMPS, WEEKEND, 1, 1, 1, 1, 1, 1];
    let mut group = |length: usize| {
        let until = from + u16::try_from(length).unwrap_or(0);
        let indices = from..until;
        from = until;
        Group { indices, is_known: length == 1 }
    };
    lengths.map(&mut group).into()
}

/// Squared cosines around a circle of 24 hours: at any hour two are touched, and they sum to one.
#[expect(clippy::cast_precision_loss, reason = "a dozen")]
fn bumps(out: &mut [f64], hour: f64) {
    let apart = 24.0 / out.len() as f64;
    for (place, out) in out.iter_mut().enumerate() {
        let off = (hour / apart - 0.5 - place as f64).abs();
        let off = off.min(24.0 / apart - off);
        *out = if off < 1.0 { (off * std::f64::consts::FRAC_PI_2).cos().powi(2) } else { 0.0 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_is_a_circle_of_bumps_that_sum_to_one() {
        for minute in 0..1_440 {
            let hour = f64::from(minute) / 60.0;
            let features = features(&Moment::new(hour, true));
            for bumps in [&features[1..=BUMPS], &features[1 + BUMPS..=BUMPS + WEEKEND]] {
                assert!((bumps.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{hour}: {bumps:?}");
                assert!(bumps.iter().filter(|bump| **bump > 0.0).count() <= 2);
            }
        }
        let groups = groups();
        assert_eq!(usize::from(groups.last().unwrap().indices.end), COORDINATES);
    }

    #[test]
    fn whatever_a_moment_says_features_are_small_numbers() {
        let moment = Moment {
            since_push: Some(-3.0),
            since_reaction: Some(f64::INFINITY),
            dose: 1e300,
            answered: -7.0,
            left: -1.0,
            ..Moment::new(23.999, false)
        };
        assert!(features(&moment).iter().all(|feature| feature.abs() <= 4.0));
    }
}
