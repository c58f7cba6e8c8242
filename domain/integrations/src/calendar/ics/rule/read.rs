//! Reads what stands behind `RRULE:`.

use jiff::civil::Weekday;

use super::{Every, Rule, Until};
use crate::calendar::ics::event::{date, date_time};

/// No list in a rule is longer.
pub(super) const LISTED: usize = 64;

impl Rule {
    /// Reads a rule; `None` for what it does not know.
    pub(in crate::calendar::ics) fn read(text: &str) -> Option<Self> {
        let mut every = None;
        let mut rule = Self {
            every: Every::Day,
            interval: 1,
            count: None,
            until: None,
            months: Vec::new(),
            weeks: Vec::new(),
            month_days: Vec::new(),
            year_days: Vec::new(),
            days: Vec::new(),
            hours: Vec::new(),
            minutes: Vec::new(),
            seconds: Vec::new(),
            places: Vec::new(),
            week_start: Weekday::Monday,
        };
        for part in text.trim().split(';').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=')?;
            match name.trim().to_ascii_uppercase().as_str() {
                "FREQ" => every = Some(Every::read(value)?),
                "INTERVAL" => rule.interval = value.parse().ok().filter(|it| *it > 0)?,
                "COUNT" => rule.count = Some(value.parse().ok()?),
                "UNTIL" => rule.until = Some(Until::read(value)?),
                "BYMONTH" => rule.months = list(value, |it| within(it, 1..=12))?,
                "BYWEEKNO" => rule.weeks = list(value, |it| signed(it, 53))?,
                "BYMONTHDAY" => rule.month_days = list(value, |it| signed(it, 31))?,
                "BYYEARDAY" => rule.year_days = list(value, |it| signed(it, 366))?,
                "BYDAY" => rule.days = list(value, numbered)?,
                "BYHOUR" => rule.hours = ordered(list(value, |it| within(it, 0..=23))?),
                "BYMINUTE" => rule.minutes = ordered(list(value, |it| within(it, 0..=59))?),
                "BYSECOND" => rule.seconds = ordered(list(value, |it| within(it, 0..=59))?),
                "BYSETPOS" => rule.places = list(value, |it| signed(it, 366))?,
                "WKST" => rule.week_start = weekday(value)?,
                _ => return None,
            }
        }
        Some(Self { every: every?, ..rule })
    }
}

impl Every {
    fn read(text: &str) -> Option<Self> {
        match text.trim().to_ascii_uppercase().as_str() {
            "HOURLY" => Some(Self::Hour),
            "DAILY" => Some(Self::Day),
            "WEEKLY" => Some(Self::Week),
            "MONTHLY" => Some(Self::Month),
            "YEARLY" => Some(Self::Year),
            _ => None,
        }
    }
}

impl Until {
    fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(text) = text.strip_suffix(['Z', 'z']) {
            let at = jiff::tz::TimeZone::UTC.to_timestamp(date_time(text)?).ok()?;
            return Some(Self::Instant(at));
        }
        date_time(text).map(Self::Local).or_else(|| date(text).map(Self::Date))
    }
}

fn list<T>(text: &str, read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    let read: Option<Vec<T>> = text.split(',').take(LISTED + 1).map(|it| read(it.trim())).collect();
    read.filter(|list| list.len() <= LISTED)
}

fn within(text: &str, range: std::ops::RangeInclusive<i8>) -> Option<i8> {
    text.parse().ok().filter(|number| range.contains(number))
}

/// A number that counts from one, or from the end where it is negative.
fn signed(text: &str, most: i16) -> Option<i16> {
    text.parse().ok().filter(|number| *number != 0 && (-most..=most).contains(number))
}

/// `MO`, `2TU`, `-1FR`.
fn numbered(text: &str) -> Option<(i16, Weekday)> {
    let (number, day) = text.split_at_checked(text.len().checked_sub(2)?)?;
    let number = if number.is_empty() { 0 } else { signed(number, 53)? };
    Some((number, weekday(day)?))
}

fn weekday(text: &str) -> Option<Weekday> {
    Some(match text.trim().to_ascii_uppercase().as_str() {
        "MO" => Weekday::Monday,
        "TU" => Weekday::Tuesday,
        "WE" => Weekday::Wednesday,
        "TH" => Weekday::Thursday,
        "FR" => Weekday::Friday,
        "SA" => Weekday::Saturday,
        "SU" => Weekday::Sunday,
        _ => return None,
    })
}

fn ordered(mut list: Vec<i8>) -> Vec<i8> {
    list.sort_unstable();
    list.dedup();
    list
}
