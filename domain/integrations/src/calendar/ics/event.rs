//! What an event says of its time.

use jiff::{
    SignedDuration, Span, SpanRelativeTo, Timestamp as Instant,
    civil::{Date, DateTime, Time},
    tz::TimeZone,
};
use kernel::Timestamp;

use super::{
    Budget, Unreadable, Window,
    lines::{Part, parameter},
    rule::Rule,
    timestamp,
    zones::{Local, Zones},
};

/// What lasts as long as this is a day, and no meeting.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// At most so many dates are taken of one event's lists.
const LISTED: usize = 2_000;

type Interval = (Timestamp, Timestamp);

/// An event, or what has become of one date of a recurring one.
pub(super) struct Event<'a> {
    pub(super) uid: &'a str,
    /// The date that this stands for, in place of what the rule says.
    pub(super) replaces: Option<Instant>,
    /// When it takes somebody's time; `None` where it does not.
    pub(super) occurs: Option<Occurs>,
}

/// When an event takes somebody's time.
pub(super) struct Occurs {
    pub(super) start: Local,
    length: SignedDuration,
    rule: Option<Rule>,
    added: Vec<(Instant, SignedDuration)>,
    left_out: Vec<Instant>,
    days_left_out: Vec<Date>,
}

impl<'a> Event<'a> {
    pub(super) fn read(part: &'a Part<'_>, zones: &mut Zones<'_>) -> Self {
        let replaces = part.line("RECURRENCE-ID").and_then(|line| {
            let zone = zones.named(parameter(line, "TZID"));
            Local::read(line.val.as_str(), zone)?.instant()
        });
        let is_free = part.says("TRANSP", "TRANSPARENT")
            || part.says("STATUS", "CANCELLED")
            || part.says("X-MICROSOFT-CDO-BUSYSTATUS", "FREE");
        let occurs = if is_free { None } else { Occurs::read(part, zones) };
        Self { uid: part.value("UID").unwrap_or_default(), replaces, occurs }
    }
}

impl Occurs {
    /// `None` for what has no time of the day, or lasts for a day or longer.
    fn read(part: &Part<'_>, zones: &mut Zones<'_>) -> Option<Self> {
        let line = part.line("DTSTART")?;
        let zone = zones.named(parameter(line, "TZID"));
        let start = Local::read(line.val.as_str(), zone)?;
        let begins = start.instant()?;
        let length = match part.line("DTEND") {
            Some(line) => {
                let zone = zones.named(parameter(line, "TZID"));
                Local::read(line.val.as_str(), zone)?.instant()?.duration_since(begins)
            }
            None => duration(part.value("DURATION")?)?,
        };
        if length <= SignedDuration::ZERO || length >= DAY {
            return None;
        }

        let mut it = Self {
            start,
            length,
            rule: part.value("RRULE").and_then(Rule::read),
            added: Vec::new(),
            left_out: Vec::new(),
            days_left_out: Vec::new(),
        };
        for line in part.all("RDATE") {
            let zone = zones.named(parameter(line, "TZID"));
            let values = line.val.as_str().split(',').take(LISTED);
            it.added.extend(values.filter_map(|text| further(text, &zone, length)));
        }
        for line in part.all("EXDATE") {
            let zone = zones.named(parameter(line, "TZID"));
            for text in line.val.as_str().split(',').take(LISTED) {
                match Local::read(text, zone.clone()) {
                    Some(local) => it.left_out.extend(local.instant()),
                    None => it.days_left_out.extend(date(text)),
                }
            }
        }
        it.left_out.sort_unstable();
        it.days_left_out.sort_unstable();
        Some(it)
    }

    /// Its own date, whatever its rule says.
    pub(super) fn first(&self) -> Option<Interval> {
        interval(self.start.instant()?, self.length)
    }

    /// When it takes place, at least within `window`: each time with its beginning, by which it may be replaced.
    pub(super) fn within(
        &self,
        window: Window,
        budget: &mut Budget,
    ) -> Result<Vec<(Instant, Interval)>, Unreadable> {
        let (from, to) = self.dates(window);
        let start = self.start.at;
        let mut dates = match &self.rule {
            Some(rule) => rule.dates(start.date(), (from, to), budget)?,
            None => Vec::new(),
        };
        // The first one is one of them, whatever the rule says.
        if (from..=to).contains(&start.date()) && !dates.contains(&start.date()) {
            dates.push(start.date());
        }

        let of_rule = dates.into_iter().filter_map(|date| {
            let at = Local { at: date.to_datetime(start.time()), zone: self.start.zone.clone() };
            let instant = at.instant()?;
            let is_over = self.rule.as_ref().is_some_and(|rule| rule.has_ended(at.at, instant));
            let is_out = self.days_left_out.binary_search(&date).is_ok();
            (!is_out && (!is_over || at.at == start)).then_some((instant, self.length))
        });
        let all = of_rule.chain(self.added.iter().copied());
        let kept = all.filter(|(at, _)| self.left_out.binary_search(at).is_err());
        Ok(kept.filter_map(|(at, length)| Some((at, interval(at, length)?))).collect())
    }
}

fn interval(at: Instant, length: SignedDuration) -> Option<Interval> {
    Some((timestamp(at)?, timestamp(at.checked_add(length).ok()?)?))
}

/// A further date: with an end or a length of its own (`PERIOD`), or without.
fn further(
    text: &str,
    zone: &TimeZone,
    length: SignedDuration,
) -> Option<(Instant, SignedDuration)> {
    let Some((from, until)) = text.split_once('/') else {
        return Some((Local::read(text, zone.clone())?.instant()?, length));
    };
    let from = Local::read(from, zone.clone())?.instant()?;
    let length = match Local::read(until, zone.clone()) {
        Some(until) => until.instant()?.duration_since(from),
        None => duration(until)?,
    };
    (length < DAY).then_some((from, length))
}

/// `20261124`.
pub(super) fn date(text: &str) -> Option<Date> {
    let text = text.trim();
    let is_plain = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then(|| Date::strptime("%Y%m%d", text).ok()).flatten()
}

/// `20261124T093000`; a `Z` behind it is the caller's.
pub(super) fn date_time(text: &str) -> Option<DateTime> {
    let (day, time) = text.split_once(['T', 't'])?;
    let is_plain = time.len() == 6 && time.bytes().all(|byte| byte.is_ascii_digit());
    let two = |from: usize| time.get(from..from + 2)?.parse::<i8>().ok();
    let (hour, minute, second) = (two(0)?, two(2)?, two(4)?);
    let time = Time::new(hour, minute, second.min(59), 0).ok()?;
    is_plain.then(|| Some(date(day)?.to_datetime(time))).flatten()
}

/// `PT1H30M`, `P1DT2H`, `P2W`: a day is 24 hours here.
fn duration(text: &str) -> Option<SignedDuration> {
    let span: Span = text.trim().parse().ok()?;
    span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()
}
