//! Chance and time in simulated worlds.

use bandit::Arm;
use chrono::{TimeDelta, TimeZone as _, Utc};
use kernel::{TimeZone, Timestamp};
use rand::{Rng, RngExt};

use crate::play::Reaction;

/// Where people live.
pub(super) const ZONES: [&str; 4] = ["Europe/Berlin", "America/New_York", "Asia/Tokyo", "UTC"];

/// A Monday.
pub(super) fn beginning() -> Timestamp {
    Utc.timestamp_opt(1_767_571_200, 0).single().unwrap_or_default()
}

/// A seed of its own for each name.
pub(crate) fn mixed(seed: u64, name: &str) -> u64 {
    seed.wrapping_mul(7_919) ^ Arm::named(name).0
}

pub(super) fn zone(name: &str) -> TimeZone {
    name.parse().unwrap_or(TimeZone::UTC)
}

/// The hour on the wall, with its fraction, and the day of the week from 1 (Monday) to 7.
pub(super) fn clock(zone: &TimeZone, at: Timestamp) -> (f64, i8) {
    let local = zone.local(at);
    let hour = f64::from(local.hour()) + f64::from(local.minute()) / 60.0;
    (hour, local.weekday().to_monday_one_offset())
}

/// A standard normal number (Box & Muller 1958).
pub(super) fn normal(rng: &mut dyn Rng) -> f64 {
    let (u, v): (f64, f64) = (rng.random::<f64>().max(1e-12), rng.random());
    (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
}

pub(super) fn chance(rng: &mut dyn Rng, probability: f64) -> bool {
    rng.random::<f64>() < probability
}

pub(super) fn one_of<T: Copy>(rng: &mut dyn Rng, values: &[T]) -> Option<T> {
    (!values.is_empty()).then(|| values[rng.random_range(0..values.len())])
}

/// To the second.
#[expect(clippy::cast_possible_truncation, reason = "some days")]
pub(crate) fn delta(hours: f64) -> TimeDelta {
    TimeDelta::seconds((hours * 3_600.0) as i64)
}

/// How somebody answers who does it, or does not; some of what they do not do is for later.
pub(super) fn answered(rng: &mut dyn Rng, is_done: bool, later: f64) -> Reaction {
    match is_done {
        true => Reaction::Done,
        false if chance(rng, later) => Reaction::Snooze,
        false => Reaction::Dismiss,
    }
}
