//! What is believed of people in general.

use bandit::{Group, Prior};

use crate::features::GROUPS;

/// Mean and standard deviation of a weight, by group.
const SHIPPED: &[(&str, f64, f64)] = &[
    ("bias", 0.426, 0.082),
    ("source", 0.000, 0.041),
    ("kind", 0.000, 0.065),
    ("kind × part of the day", 0.000, 0.077),
    ("label", 0.000, 0.064),
    ("label × part of the day", 0.000, 0.079),
    ("project", 0.000, 0.047),
    ("project × part of the day", 0.000, 0.061),
    ("prompt version", 0.000, 0.061),
    ("model", 0.000, 0.050),
    ("priority", 0.148, 0.124),
    ("urgent", 0.023, 0.055),
    ("has a date", -0.022, 0.027),
    ("its time is near", 0.077, 0.095),
    ("due within a day", 0.062, 0.035),
    ("overdue", -0.005, 0.041),
    ("overdue for long", -0.023, 0.075),
    ("age", -0.117, 0.069),
    ("duration", -0.072, 0.080),
    ("duration is known", -0.003, 0.022),
    ("length", -0.021, 0.041),
    ("comes back", 0.000, 0.080),
    ("duration × hour", 0.000, 0.100),
    ("advice × hour", 0.000, 0.092),
    ("priority × hour", 0.000, 0.085),
    ("duration × weekend", 0.002, 0.053),
    ("advice × weekend", 0.007, 0.046),
    ("priority × weekend", -0.009, 0.060),
    ("project × weekend", 0.000, 0.062),
    ("was shown before", 0.017, 0.023),
    ("was shown within hours", -0.105, 0.070),
    ("was shown within a day", -0.154, 0.070),
    ("was shown within days", -0.031, 0.036),
    ("times shown", -0.033, 0.030),
    ("was done the last time", 0.006, 0.035),
    ("was snoozed the last time", 0.006, 0.025),
    ("was dismissed the last time", 0.016, 0.024),
    ("its kind was shown within hours", -0.009, 0.050),
    ("its kind was shown within a day", -0.007, 0.038),
    ("itself", 0.000, 0.077),
];

/// The prior that is shipped.
pub fn shipped() -> Prior {
    let mut weights = Vec::new();
    let mut groups = Vec::new();
    for group in GROUPS {
        let found = SHIPPED.iter().find(|(name, ..)| *name == group.name);
        let weight = found.map_or((0.0, 0.1), |(_, mean, deviation)| (*mean, *deviation));
        let from = groups.last().map_or(0, |group: &Group| group.indices.end);
        let indices = from..from + group.size;
        groups.push(Group { indices, is_known: group.size == 1 });
        weights.extend(std::iter::repeat_n(weight, usize::from(group.size)));
    }
    Prior::new(weights, groups)
}
