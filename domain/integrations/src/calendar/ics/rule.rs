//! Rules by which something comes back (RFC 5545, section 3.3.10).
//!
//! The question is a small one: on which of these two or three days? So nothing is expanded from the first date on, as
//! libraries do; of each day it is asked whether the rule has it. The work follows from the days that are asked for, not
//! from how long ago it began: only a rule with a `COUNT` is counted through, within the [`Budget`].
//!
//! Not read: what repeats by the hour, minute or second (`BYHOUR` and the like too), and weeks by their number. Such an
//! event takes place once.

use jiff::{
    Span, Timestamp as Instant, ToSpan,
    civil::{Date, DateTime, Weekday},
};
use kernel::days_between;

use super::{
    Budget, Unreadable,
    event::{date, date_time},
};

/// No list in a rule is longer.
const LISTED: usize = 64;

/// A rule.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Rule {
    every: Every,
    /// One or more.
    interval: i32,
    count: Option<u32>,
    until: Option<Until>,
    months: Vec<i8>,
    month_days: Vec<i16>,
    year_days: Vec<i16>,
    /// With their number within the month or year, from its end where it is negative; zero: all of them.
    days: Vec<(i16, Weekday)>,
    /// Which of those that a period has.
    places: Vec<i16>,
    week_start: Weekday,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Every {
    Day,
    Week,
    Month,
    Year,
}

/// The last moment that may be one of it, in the way in which it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Until {
    Date(Date),
    Local(DateTime),
    Instant(Instant),
}

/// "On the last Sunday of March": a month, the number of a week in it (-1: the last), a weekday.
pub(super) struct Yearly {
    pub(super) month: i8,
    pub(super) week: i16,
    pub(super) day: Weekday,
}

impl Rule {
    /// Reads what stands behind `RRULE:`; `None` for what it does not know.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut every = None;
        let mut rule = Self {
            every: Every::Day,
            interval: 1,
            count: None,
            until: None,
            months: Vec::new(),
            month_days: Vec::new(),
            year_days: Vec::new(),
            days: Vec::new(),
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
                "BYMONTHDAY" => rule.month_days = list(value, |it| signed(it, 31))?,
                "BYYEARDAY" => rule.year_days = list(value, |it| signed(it, 366))?,
                "BYDAY" => rule.days = list(value, numbered)?,
                "BYSETPOS" => rule.places = list(value, |it| signed(it, 366))?,
                "WKST" => rule.week_start = weekday(value)?,
                _ => return None,
            }
        }
        Some(Self { every: every?, ..rule })
    }

    /// Its dates between `from` and `to`, both of them included, where it began on `start`. `UNTIL` is not looked at.
    pub(super) fn dates(
        &self,
        start: Date,
        (from, to): (Date, Date),
        budget: &mut Budget,
    ) -> Result<Vec<Date>, Unreadable> {
        let from = from.max(start);
        let mut found = Vec::new();
        let (Some(origin), Some(near)) = (self.first_of(start), self.first_of(from)) else {
            return Ok(found);
        };
        let near = self.between(origin, near);
        let mut place = if self.count.is_some() { 0 } else { near - near % self.interval };
        let mut left = self.count.unwrap_or(u32::MAX);
        while let Some(first) = self.moved(origin, place).filter(|first| *first <= to) {
            for date in self.of_period(first, start, budget)? {
                if left == 0 || date > to {
                    return Ok(found);
                }
                if date >= start {
                    left -= 1;
                    if date >= from {
                        found.push(date);
                    }
                }
            }
            place = place.saturating_add(self.interval);
        }
        Ok(found)
    }

    /// Whether this is after the last moment that may be one of it.
    pub(super) fn has_ended(&self, local: DateTime, at: Instant) -> bool {
        match self.until {
            None => false,
            Some(Until::Date(last)) => local.date() > last,
            Some(Until::Local(last)) => local > last,
            Some(Until::Instant(last)) => at > last,
        }
    }

    /// What it is, where it is a yearly rule without an end, as those of zones are.
    pub(super) fn yearly(&self) -> Option<Yearly> {
        let endless = self.every == Every::Year && self.until.is_none() && self.count.is_none();
        match (&self.months[..], &self.days[..]) {
            ([month], [(week, day)]) if endless && self.interval == 1 => {
                Some(Yearly { month: *month, week: *week, day: *day })
            }
            _ => None,
        }
    }

    /// Its dates within the period that begins on `first`.
    fn of_period(
        &self,
        first: Date,
        start: Date,
        budget: &mut Budget,
    ) -> Result<Vec<Date>, Unreadable> {
        let next = self.moved(first, 1).unwrap_or(Date::MAX);
        budget.spend(days_between(first, next).unsigned_abs().max(1))?;
        let days = first.series(1.day()).take_while(|date| *date < next);
        let of_it: Vec<Date> = days.filter(|date| self.has(*date, start)).collect();
        if self.places.is_empty() {
            return Ok(of_it);
        }
        let chosen = self.places.iter().filter_map(|place| {
            let from_begin = usize::try_from(*place - 1).ok();
            let from_end = || of_it.len().checked_sub(usize::from(place.unsigned_abs()));
            of_it.get(from_begin.or_else(from_end)?).copied()
        });
        let mut chosen: Vec<Date> = chosen.collect();
        chosen.sort_unstable();
        chosen.dedup();
        Ok(chosen)
    }

    /// Whether a date of the right period is one of it.
    fn has(&self, date: Date, start: Date) -> bool {
        let by_day = self.days.iter().any(|(number, day)| {
            date.weekday() == *day && (*number == 0 || self.is_numbered(date, *number))
        });
        let month_day = i16::from(date.day());
        let by_month_day = is_listed(&self.month_days, month_day, i16::from(date.days_in_month()));
        let by_year_day = is_listed(&self.year_days, date.day_of_year(), date.days_in_year());
        let all = |is_empty: bool, holds: bool| is_empty || holds;
        all(self.months.is_empty(), self.months.contains(&date.month()))
            && all(self.month_days.is_empty(), by_month_day)
            && all(self.year_days.is_empty(), by_year_day)
            && all(self.days.is_empty(), by_day)
            && self.is_like(date, start)
    }

    /// What the rule does not say, the first date does.
    fn is_like(&self, date: Date, start: Date) -> bool {
        let says_day =
            !self.days.is_empty() || !self.month_days.is_empty() || !self.year_days.is_empty();
        match self.every {
            Every::Day => true,
            Every::Week => !self.days.is_empty() || date.weekday() == start.weekday(),
            _ if says_day => true,
            Every::Month => date.day() == start.day(),
            Every::Year => {
                let month = !self.months.is_empty() || date.month() == start.month();
                month && date.day() == start.day()
            }
        }
    }

    /// Whether it is the weekday of this number: within the year only where nothing names a month.
    fn is_numbered(&self, date: Date, number: i16) -> bool {
        let (day, days) = match self.every {
            Every::Day | Every::Week => return true,
            Every::Year if self.months.is_empty() => (date.day_of_year(), date.days_in_year()),
            Every::Month | Every::Year => (i16::from(date.day()), i16::from(date.days_in_month())),
        };
        (day - 1) / 7 + 1 == number || (days - day) / 7 + 1 == -number
    }

    /// The first day of the period that `date` lies in.
    fn first_of(&self, date: Date) -> Option<Date> {
        match self.every {
            Every::Day => Some(date),
            Every::Week => {
                let days = date.weekday().since(self.week_start);
                date.checked_sub(Span::new().days(days)).ok()
            }
            Every::Month => Some(date.first_of_month()),
            Every::Year => Some(date.first_of_year()),
        }
    }

    /// How many periods lie between the first days of two of them.
    fn between(&self, from: Date, to: Date) -> i32 {
        let years = i32::from(to.year()) - i32::from(from.year());
        match self.every {
            Every::Day => days_between(from, to),
            Every::Week => days_between(from, to) / 7,
            Every::Month => 12 * years + i32::from(to.month()) - i32::from(from.month()),
            Every::Year => years,
        }
    }

    /// The first day of the period that comes so many after the one of `first`.
    fn moved(&self, first: Date, periods: i32) -> Option<Date> {
        let span = Span::new();
        let span = match self.every {
            Every::Day => span.try_days(periods),
            Every::Week => span.try_weeks(periods),
            Every::Month => span.try_months(periods),
            Every::Year => span.try_years(periods),
        };
        first.checked_add(span.ok()?).ok()
    }
}

impl Every {
    fn read(text: &str) -> Option<Self> {
        match text.trim().to_ascii_uppercase().as_str() {
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

/// Whether `day` is in `list`, which may count from the end of `days`.
fn is_listed(list: &[i16], day: i16, days: i16) -> bool {
    list.iter().any(|number| *number == day || *number == day - days - 1)
}

#[cfg(test)]
mod tests;
