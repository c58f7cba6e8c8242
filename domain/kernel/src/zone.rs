//! Time as a person lives it: their zone, their part of the day.

use std::{fmt, str::FromStr};

use chrono::{Datelike, NaiveDate};
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// An IANA time zone that exists.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeZone(jiff::tz::TimeZone);

/// There is no such zone in the IANA database.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no time zone of this name")]
pub struct UnknownTimeZone;

impl TimeZone {
    /// UTC, for a person whose zone is not known yet.
    pub const UTC: Self = Self(jiff::tz::TimeZone::UTC);

    /// The IANA name, such as `Europe/Berlin`.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// What the clock on this person's wall says at `at`.
    pub fn local(&self, at: Timestamp) -> DateTime {
        let at = jiff::Timestamp::from_microsecond(at.timestamp_micros()).unwrap_or_default();
        self.0.to_datetime(at)
    }

    /// The moment at which this person's wall clock shows `at`; inside a gap or a fold, the way that
    /// RFC 5545 takes it.
    pub fn moment(&self, at: DateTime) -> Option<Timestamp> {
        let zoned = self.0.to_zoned(at).ok()?;
        Timestamp::from_timestamp_micros(zoned.timestamp().as_microsecond())
    }

    /// When this person's wall clock next jumps, after `at`; none where it never does again.
    pub fn next_jump(&self, at: Timestamp) -> Option<Timestamp> {
        let at = jiff::Timestamp::from_microsecond(at.timestamp_micros()).ok()?;
        let jump = self.0.following(at).next()?;
        Timestamp::from_timestamp_micros(jump.timestamp().as_microsecond())
    }

    /// How many days lie between two moments, as this person counts them: from midnight to midnight. Less than zero
    /// where `to` comes first.
    pub fn days_between(&self, from: Timestamp, to: Timestamp) -> i32 {
        days_between(self.local(from).date(), self.local(to).date())
    }

    /// The first moment of `date`.
    pub fn midnight(&self, date: Date) -> Option<Timestamp> {
        self.moment(date.at(0, 0, 0, 0))
    }
}

impl FromStr for TimeZone {
    type Err = UnknownTimeZone;

    fn from_str(name: &str) -> Result<Self, UnknownTimeZone> {
        jiff::tz::TimeZone::get(name).map(Self).map_err(|_| UnknownTimeZone)
    }
}

/// How many days lie between two dates; less than zero where `to` comes first.
pub fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

/// A date, for the database; `None` where that knows none, ten thousand years from here.
pub fn to_chrono(date: Date) -> Option<NaiveDate> {
    let (month, day) = (u32::try_from(date.month()).ok()?, u32::try_from(date.day()).ok()?);
    NaiveDate::from_ymd_opt(i32::from(date.year()), month, day)
}

/// A date from the database.
pub fn to_jiff(date: NaiveDate) -> Option<Date> {
    let (month, day) = (i8::try_from(date.month()).ok()?, i8::try_from(date.day()).ok()?);
    Date::new(i16::try_from(date.year()).ok()?, month, day).ok()
}

/// How many hours lie between two moments; less than zero where `to` comes first. Thirty years of seconds are far below
/// what an `f64` holds exactly.
#[expect(clippy::cast_precision_loss, reason = "exact below 2^53 seconds")]
pub fn hours_between(from: Timestamp, to: Timestamp) -> f64 {
    (to - from).num_seconds() as f64 / 3_600.0
}

/// A part of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PartOfDay {
    /// From 22:00 to 5:00.
    Night,
    /// From 5:00 to 11:00.
    Morning,
    /// From 11:00 to 14:00.
    Midday,
    /// From 14:00 to 18:00.
    Afternoon,
    /// From 18:00 to 22:00.
    Evening,
}

impl PartOfDay {
    /// All of them, in the order of the day.
    pub const ALL: [Self; 5] =
        [Self::Night, Self::Morning, Self::Midday, Self::Afternoon, Self::Evening];

    /// The part of the day that `local` falls into.
    pub fn of(local: DateTime) -> Self {
        match local.hour() {
            5..=10 => Self::Morning,
            11..=13 => Self::Midday,
            14..=17 => Self::Afternoon,
            18..=21 => Self::Evening,
            _ => Self::Night,
        }
    }

    /// Its name, in lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Night => "night",
            Self::Morning => "morning",
            Self::Midday => "midday",
            Self::Afternoon => "afternoon",
            Self::Evening => "evening",
        }
    }
}

impl fmt::Display for PartOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Not the name of a part of the day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a part of the day")]
pub struct UnknownPartOfDay;

impl FromStr for PartOfDay {
    type Err = UnknownPartOfDay;

    fn from_str(name: &str) -> Result<Self, UnknownPartOfDay> {
        Self::ALL.into_iter().find(|part| part.as_str() == name).ok_or(UnknownPartOfDay)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn name() -> impl Strategy<Value = String> {
        let known: Vec<String> = jiff::tz::db().available().map(|it| it.to_string()).collect();
        let known = prop::sample::select(known);
        prop_oneof![
            known.clone(),
            known.clone().prop_map(|name| name.to_lowercase()),
            (known, r"[./\\a-z]{1,4}").prop_map(|(name, rest)| name + &rest),
            r"(\.\./|/|posix/|right/)?[A-Z][a-z]{2,8}(/[A-Za-z_+0-9-]{1,10})?",
            "(<?[A-Z+0-9-]{3,5}>?[+-]?[0-9]{0,2}){1,2}",
            r"\PC{0,20}",
        ]
    }

    proptest! {
        /// A zone is kept by its name, and has to be the same one when it is read back; a name that is no
        /// zone is refused.
        #[test]
        fn fuzz_time_zone(name in name(), at in -60_000_000_000_i64..200_000_000_000) {
            if let Ok(zone) = name.parse::<TimeZone>() {
                prop_assert!(zone.name().eq_ignore_ascii_case(&name), "{} for {name}", zone.name());
                prop_assert_eq!(zone.name().parse::<TimeZone>(), Ok(zone.clone()));
                let at = Timestamp::from_timestamp(at, 0).unwrap();
                let (local, days) = (zone.local(at), chrono::TimeDelta::days(2));
                prop_assert!(zone.moment(local).is_some_and(|it| (it - at).abs() < days));
            }
        }
    }
}
