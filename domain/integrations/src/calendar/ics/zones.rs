//! The zones that times are in.
//!
//! A name of the IANA database is that zone, whatever the calendar says about it. Any other one, such as Outlook's
//! `W. Europe Standard Time`, is what its `VTIMEZONE` says today: an offset, or two of them and when they change. Where
//! that says nothing that can be understood, it is the person's own zone.

use std::{collections::HashMap, fmt::Write as _};

use jiff::{
    Timestamp as Instant,
    civil::{DateTime, Weekday},
    tz::{Offset, TimeZone},
};

use super::{
    event::date_time,
    lines::Part,
    rule::{Rule, Yearly},
};

/// A time on a wall.
#[derive(Clone, Debug)]
pub(super) struct Local {
    pub(super) at: DateTime,
    pub(super) zone: TimeZone,
}

impl Local {
    /// A date with a time, in `zone` unless it says that it is in UTC.
    pub(super) fn read(text: &str, zone: TimeZone) -> Option<Self> {
        let text = text.trim();
        match text.strip_suffix(['Z', 'z']) {
            Some(text) => Some(Self { at: date_time(text)?, zone: TimeZone::UTC }),
            None => Some(Self { at: date_time(text)?, zone }),
        }
    }

    /// When that is; inside a gap or a fold, the way that RFC 5545 takes it.
    pub(super) fn instant(&self) -> Option<Instant> {
        self.zone.to_timestamp(self.at).ok()
    }
}

/// The zones of a calendar.
pub(super) struct Zones<'a> {
    person: TimeZone,
    parts: HashMap<&'a str, (&'a [Part<'a>], usize)>,
    found: HashMap<String, TimeZone>,
}

impl<'a> Zones<'a> {
    pub(super) fn of(parts: &'a [Part<'a>], person: TimeZone) -> Self {
        let own = parts.iter().enumerate().filter(|(_, part)| part.is("VTIMEZONE"));
        let own = own.filter_map(|(place, part)| Some((part.value("TZID")?, (parts, place))));
        Self { person, parts: own.collect(), found: HashMap::new() }
    }

    /// The zone of this name; the person's own where there is none.
    pub(super) fn named(&mut self, name: Option<&str>) -> TimeZone {
        let Some(name) = name else { return self.person.clone() };
        if let Some(known) = self.found.get(name) {
            return known.clone();
        }
        let described = || {
            let (parts, place) = self.parts.get(name)?;
            described(parts, *place)
        };
        let zone = iana(name).or_else(described).unwrap_or_else(|| self.person.clone());
        self.found.insert(name.to_owned(), zone.clone());
        zone
    }
}

/// Some put something before the name: `/mozilla.org/20050126_1/Europe/Berlin`.
fn iana(name: &str) -> Option<TimeZone> {
    if let Ok(zone) = TimeZone::get(name) {
        return Some(zone);
    }
    let mut slashes = name.rmatch_indices('/').map(|(at, _)| at).skip(1).take(2);
    slashes.find_map(|at| TimeZone::get(name.get(at + 1..)?).ok())
}

/// What a `VTIMEZONE` says is the case nowadays.
fn described(parts: &[Part<'_>], place: usize) -> Option<TimeZone> {
    let latest = |name: &str| {
        // What stands in it comes right behind it.
        let inner = parts.iter().skip(place + 1).take_while(|part| part.within >= Some(place));
        let halves = inner.filter(|part| part.within == Some(place) && part.is(name));
        halves.max_by_key(|part| part.value("DTSTART").and_then(date_time))
    };
    let standard = latest("STANDARD")?;
    let offset = offset(standard.value("TZOFFSETTO")?)?;
    let changing = latest("DAYLIGHT").and_then(|daylight| changing(standard, daylight));
    Some(changing.unwrap_or_else(|| TimeZone::fixed(offset)))
}

/// Two offsets, and the Sundays on which they change: a POSIX TZ string.
fn changing(standard: &Part<'_>, daylight: &Part<'_>) -> Option<TimeZone> {
    let seconds = |part: &Part<'_>| Some(offset(part.value("TZOFFSETTO")?)?.seconds());
    let mut text = String::new();
    // POSIX counts offsets to the west.
    write!(text, "STD{}DST{}", clock(-seconds(standard)?), clock(-seconds(daylight)?)).ok()?;
    for part in [daylight, standard] {
        let Yearly { month, week, day } = part.value("RRULE").and_then(Rule::read)?.yearly()?;
        let week = if week == -1 { 5 } else { week };
        let at = date_time(part.value("DTSTART")?)?.time();
        if !(1..=5).contains(&week) {
            return None;
        }
        let day = day.since(Weekday::Sunday);
        let (hour, minute, second) = (at.hour(), at.minute(), at.second());
        write!(text, ",M{month}.{week}.{day}/{hour}:{minute:02}:{second:02}").ok()?;
    }
    TimeZone::posix(&text).ok()
}

fn clock(seconds: i32) -> String {
    let (sign, seconds) = (if seconds < 0 { "-" } else { "" }, seconds.abs());
    format!("{sign}{}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

/// `+0100`, `-053000`.
fn offset(text: &str) -> Option<Offset> {
    let (sign, digits) = match text.split_at_checked(1)? {
        ("-", digits) => (-1, digits),
        ("+", digits) => (1, digits),
        _ => return None,
    };
    let two = |from: usize| digits.get(from..from + 2)?.parse::<u8>().ok().map(i32::from);
    let seconds = two(0)? * 3_600 + two(2)? * 60 + two(4).unwrap_or(0);
    Offset::from_seconds(sign * seconds).ok()
}
