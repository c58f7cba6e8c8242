//! When a person wants quiet, by their own clock.
//!
//! What counts is what the clock on their wall shows, and nothing else. A night belongs to the clock: where it is quiet
//! from nine to eight, it is quiet at seven on every day, whatever the day before was. A day off is as long as that day is,
//! from midnight to midnight. An hour that summer time takes away is not waited for, one that it gives twice is heeded
//! twice, and a day that a country skips was never off.

use chrono::TimeDelta;
use jiff::civil::{DateTime, Time};
use kernel::{TimeZone, Timestamp};
use profile::Hours;

/// Why oO keeps quiet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quiet {
    /// The hour is a quiet one.
    Hours,
    /// The day is off, whatever the hour.
    DayOff,
}

/// So far ahead is looked: a week has an open hour, or none has; only a jump of the clock may hide it, and not twice.
const HORIZON: TimeDelta = TimeDelta::days(22);

/// Whether it is to be quiet at `at`, and why.
pub fn quiet(hours: &Hours, zone: &TimeZone, at: Timestamp) -> Option<Quiet> {
    by_the_clock(hours, zone.local(at))
}

/// The first moment, `at` or later, at which it is not to be quiet; none: it always is.
pub fn opens(hours: &Hours, zone: &TimeZone, at: Timestamp) -> Option<Timestamp> {
    first(hours, zone, at, |quiet| quiet.is_none())
}

/// The first moment, `at` or later, at which it is to be quiet: the end of the open span that `at` lies in; none: it
/// never is.
pub fn closes(hours: &Hours, zone: &TimeZone, at: Timestamp) -> Option<Timestamp> {
    first(hours, zone, at, |quiet| quiet.is_some())
}

fn by_the_clock(hours: &Hours, local: DateTime) -> Option<Quiet> {
    let Hours { quiet_from, quiet_until, days_off, .. } = *hours;
    let time = local.time();
    let is_night = if quiet_from <= quiet_until {
        quiet_from <= time && time < quiet_until
    } else {
        quiet_from <= time || time < quiet_until
    };
    if days_off.has(local.weekday()) {
        Some(Quiet::DayOff)
    } else {
        is_night.then_some(Quiet::Hours)
    }
}

/// Walks from one moment at which the answer may change to the next: the clock shows one of three times, or jumps.
fn first(
    hours: &Hours,
    zone: &TimeZone,
    from: Timestamp,
    is_found: impl Fn(Option<Quiet>) -> bool,
) -> Option<Timestamp> {
    let mut at = from;
    let mut jump = zone.next_jump(at);
    while at - from < HORIZON {
        let local = zone.local(at);
        if is_found(by_the_clock(hours, local)) {
            return Some(at);
        }
        let shown = at.checked_add_signed(until_shown(hours, local))?;
        at = jump.map_or(shown, |jump| jump.min(shown));
        if jump == Some(at) {
            jump = zone.next_jump(at);
        }
    }
    None
}

/// How long it takes a clock that runs on from `local` until it shows midnight, or the beginning or end of the night.
fn until_shown(hours: &Hours, local: DateTime) -> TimeDelta {
    let day = TimeDelta::days(1);
    let now = since_midnight(local.time());
    let left = |time| match since_midnight(time) - now {
        ahead if ahead > TimeDelta::zero() => ahead,
        passed => passed + day,
    };
    let midnight = left(Time::midnight());
    midnight.min(left(hours.quiet_from)).min(left(hours.quiet_until))
}

fn since_midnight(time: Time) -> TimeDelta {
    TimeDelta::nanoseconds(time.duration_since(Time::midnight()).as_nanos().try_into().unwrap_or(0))
}
