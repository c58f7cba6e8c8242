//! Rules by which something comes back (RFC 5545, section 3.3.10).
//!
//! The question is a small one: at which times of these two or three days? So nothing is expanded from the first date on, as
//! libraries do; of each day it is asked whether the rule has it. The work follows from the days that are asked for, not
//! from how long ago it began: only a rule with a `COUNT` is counted through. All of it is within the [`Budget`].
//!
//! Not read: what repeats by the minute or second. Such an event takes place once.

mod days;
mod read;

use jiff::{
    SignedDuration, Span, Timestamp as Instant, ToSpan,
    civil::{Date, DateTime, Time, Weekday},
};
use kernel::days_between;

use super::{Budget, Unreadable};

/// A rule.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Rule {
    every: Every,
    /// One or more.
    interval: i32,
    count: Option<u32>,
    until: Option<Until>,
    months: Vec<i8>,
    /// By their numbers within the year, from its end where they are negative; so are days.
    weeks: Vec<i16>,
    month_days: Vec<i16>,
    year_days: Vec<i16>,
    /// With their number within the month or year, from its end where it is negative; zero: all of them.
    days: Vec<(i16, Weekday)>,
    /// These three in their order.
    hours: Vec<i8>,
    minutes: Vec<i8>,
    seconds: Vec<i8>,
    /// Which of those that a period has.
    places: Vec<i16>,
    week_start: Weekday,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Every {
    Hour,
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

/// Where a rule began, and what is asked of it.
struct Asked {
    start: DateTime,
    /// Both of them included.
    days: (Date, Date),
    /// Its times of the day; those of an hour, where it comes by the hour.
    clock: Vec<Time>,
}

impl Rule {
    /// Its times on the wall on the days between `from` and `to`, both of them included, where it began at `start`. `UNTIL`
    /// is not looked at.
    ///
    /// # Errors
    /// When the budget is spent.
    pub(super) fn times(
        &self,
        start: DateTime,
        (from, to): (Date, Date),
        budget: &mut Budget,
    ) -> Result<Vec<DateTime>, Unreadable> {
        let from = from.max(start.date());
        let mut found = Vec::new();
        let near = self.first_of(from.to_datetime(Time::midnight()));
        let (Some(origin), Some(near)) = (self.first_of(start), near) else {
            return Ok(found);
        };
        let near = self.between(origin, near).max(0);
        let asked = Asked { start, days: (from, to), clock: self.clock(start, budget)? };
        let mut place = if self.count.is_some() { 0 } else { near - near % self.interval };
        let mut left = self.count.unwrap_or(u32::MAX);
        while let Some(first) = self.moved(origin, place).filter(|first| first.date() <= to) {
            for at in self.of_period(first, &asked, budget)? {
                if left == 0 || at.date() > to {
                    return Ok(found);
                }
                if at >= start {
                    left -= 1;
                    if at.date() >= from {
                        found.push(at);
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

    /// Its times of a day, or of an hour; what it does not say, its beginning does.
    fn clock(&self, start: DateTime, budget: &mut Budget) -> Result<Vec<Time>, Unreadable> {
        let or = |list: &[i8], own: i8| if list.is_empty() { vec![own] } else { list.to_vec() };
        let hours = match self.every {
            Every::Hour => vec![0],
            _ => or(&self.hours, start.hour()),
        };
        let minutes = or(&self.minutes, start.minute());
        let seconds = or(&self.seconds, start.second());
        budget.spend_on(hours.len() * minutes.len() * seconds.len())?;
        let mut clock = Vec::new();
        for hour in hours {
            for minute in &minutes {
                let times = seconds.iter().map(|second| Time::new(hour, *minute, *second, 0));
                clock.extend(times.filter_map(Result::ok));
            }
        }
        Ok(clock)
    }

    /// Its times within the period that begins at `first`; of one that counts nothing, only those of the days that are
    /// asked for.
    fn of_period(
        &self,
        first: DateTime,
        asked: &Asked,
        budget: &mut Budget,
    ) -> Result<Vec<DateTime>, Unreadable> {
        let Asked { start, clock, .. } = asked;
        let mut of_it = Vec::new();
        if self.every == Every::Hour {
            budget.spend(1)?;
            let is_hour = self.hours.is_empty() || self.hours.contains(&first.hour());
            if is_hour && self.has(first.date(), *start) {
                budget.spend_on(clock.len())?;
                let minutes = clock.iter().map(|time| time.duration_since(Time::midnight()));
                of_it.extend(minutes.filter_map(|minutes| first.checked_add(minutes).ok()));
            }
        } else {
            let (mut day, mut next) = (first.date(), self.next(first));
            if self.count.is_none() && self.places.is_empty() {
                day = day.max(asked.days.0);
                next = next.min(asked.days.1.tomorrow().unwrap_or(Date::MAX));
            }
            budget.spend(days_between(day, next).max(1).unsigned_abs())?;
            let days = day.series(1.day()).take_while(|date| *date < next);
            for date in days.filter(|date| self.has(*date, *start)) {
                budget.spend_on(clock.len())?;
                of_it.extend(clock.iter().map(|time| date.to_datetime(*time)));
            }
        }
        Ok(if self.places.is_empty() { of_it } else { self.chosen(&of_it) })
    }

    /// Those that the rule chooses of a period's.
    fn chosen(&self, of_it: &[DateTime]) -> Vec<DateTime> {
        let chosen = self.places.iter().filter_map(|place| {
            let from_begin = usize::try_from(*place - 1).ok();
            let from_end = || of_it.len().checked_sub(usize::from(place.unsigned_abs()));
            of_it.get(from_begin.or_else(from_end)?).copied()
        });
        let mut chosen: Vec<DateTime> = chosen.collect();
        chosen.sort_unstable();
        chosen.dedup();
        chosen
    }

    /// When the period begins that `at` lies in.
    fn first_of(&self, at: DateTime) -> Option<DateTime> {
        let date = match self.every {
            Every::Hour => return Some(at.date().at(at.hour(), 0, 0, 0)),
            Every::Day => at.date(),
            Every::Week => {
                let days = at.date().weekday().since(self.week_start);
                at.date().checked_sub(Span::new().days(days)).ok()?
            }
            Every::Month => at.date().first_of_month(),
            Every::Year => at.date().first_of_year(),
        };
        Some(date.to_datetime(Time::midnight()))
    }

    /// The first day after the period that begins at `first`.
    fn next(&self, first: DateTime) -> Date {
        self.moved(first, 1).map_or(Date::MAX, DateTime::date)
    }

    /// How many periods lie between the beginnings of two of them.
    fn between(&self, from: DateTime, to: DateTime) -> i32 {
        let days = days_between(from.date(), to.date());
        let years = i32::from(to.year()) - i32::from(from.year());
        match self.every {
            Every::Hour => 24 * days + i32::from(to.hour()) - i32::from(from.hour()),
            Every::Day => days,
            Every::Week => days / 7,
            Every::Month => 12 * years + i32::from(to.month()) - i32::from(from.month()),
            Every::Year => years,
        }
    }

    /// When the period begins that comes so many after the one that begins at `first`.
    fn moved(&self, first: DateTime, periods: i32) -> Option<DateTime> {
        let span = Span::new();
        let span = match self.every {
            Every::Hour => {
                return first.checked_add(SignedDuration::from_hours(periods.into())).ok();
            }
            Every::Day => span.try_days(periods),
            Every::Week => span.try_weeks(periods),
            Every::Month => span.try_months(periods),
            Every::Year => span.try_years(periods),
        };
        first.checked_add(span.ok()?).ok()
    }
}

#[cfg(test)]
mod tests;
