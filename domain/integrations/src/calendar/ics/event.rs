//! What an event says of its time.

use jiff::{
    SignedDuration, Span, SpanRelativeTo, Timestamp as Instant,
    civil::{Date, DateTime, Time},
    tz::TimeZone,
};
use kernel::Timestamp;

use super::{
    Budget, Unreadable, Window,
    guests::Owner,
    lines::{Part, parameter},
    rule::Rule,
    timestamp,
    zones::{Local, Zones},
};

/// What lasts as long as this is a day, and no meeting.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// At most so many dates are taken of one event's lists.
const LISTED: usize = 2_000;

pub(super) type Interval = (Timestamp, Timestamp);

/// An event, or what has become of one date of a recurring one.
pub(super) struct Event<'a> {
    pub(super) uid: &'a str,
    pub(super) replaces: Option<Replaces>,
    /// When it takes place; `None` for what has no time of the day, or lasts for a day or longer.
    pub(super) occurs: Option<Occurs>,
    takes_time: bool,
}

/// What an event stands for, in place of what a rule says.
pub(super) struct Replaces {
    /// The date that the rule says.
    pub(super) at: Instant,
    /// All that follow are changed in the same way.
    pub(super) is_onward: bool,
}

/// When an event takes place.
pub(super) struct Occurs {
    start: Local,
    length: SignedDuration,
    rule: Option<Rule>,
    added: Vec<(Instant, Option<SignedDuration>)>,
    left_out: Vec<Instant>,
    days_left_out: Vec<Date>,
}

/// How dates of a row are other than its rule says.
#[derive(Clone, Copy, Default)]
pub(super) struct Change {
    /// On the wall; earlier where it is negative.
    later: SignedDuration,
    length: Option<SignedDuration>,
}

impl<'a> Event<'a> {
    pub(super) fn read(part: &'a Part<'_>, zones: &mut Zones<'_>, owner: &Owner) -> Self {
        let replaces = part.line("RECURRENCE-ID").and_then(|line| {
            let zone = zones.named(parameter(line, "TZID"));
            let is_onward = parameter(line, "RANGE")
                .is_some_and(|range| range.eq_ignore_ascii_case("THISANDFUTURE"));
            Some(Replaces { at: Local::read(line.val.as_str(), zone)?.instant()?, is_onward })
        });
        let is_free = part.says("TRANSP", "TRANSPARENT")
            || part.says("STATUS", "CANCELLED")
            || part.says("X-MICROSOFT-CDO-BUSYSTATUS", "FREE")
            || part.says("X-MICROSOFT-CDO-BUSYSTATUS", "WORKINGELSEWHERE")
            || owner.has_declined(part);
        Self {
            uid: part.value("UID").unwrap_or_default(),
            replaces,
            occurs: Occurs::read(part, zones),
            takes_time: !is_free,
        }
    }

    /// When it takes somebody's time; `None` where it does not.
    pub(super) fn taking(&self) -> Option<&Occurs> {
        self.occurs.as_ref().filter(|_| self.takes_time)
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
        if length <= SignedDuration::ZERO || length >= DAY || is_whole_day(&start, length) {
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
            it.added.extend(values.filter_map(|text| further(text, &zone)));
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

    /// What has changed when the date at `at` has become `other`.
    pub(super) fn change(&self, at: Instant, other: &Self) -> Change {
        let zone = &self.start.zone;
        let now = other.start.instant().unwrap_or(at);
        let later = zone.to_datetime(now).duration_since(zone.to_datetime(at));
        Change { later, length: Some(other.length) }
    }

    /// When it takes place with this `change`, at least within `window`: each time with the beginning that it has without,
    /// by which it may be replaced.
    pub(super) fn within(
        &self,
        window: Window,
        change: Change,
        budget: &mut Budget,
    ) -> Result<Vec<(Instant, Interval)>, Unreadable> {
        budget.spend_on(1 + self.added.len())?;
        let (from, to) = self.dates(window, change.later);
        let start = self.start.at;
        let mut times = match &self.rule {
            Some(rule) => rule.times(start, (from, to), budget)?,
            None => Vec::new(),
        };
        // The first one is one of them, whatever the rule says.
        if (from..=to).contains(&start.date()) && !times.contains(&start) {
            times.push(start);
        }

        let of_rule = times.into_iter().filter_map(|at| {
            let instant = self.start.zone.to_timestamp(at).ok()?;
            let is_over = self.rule.as_ref().is_some_and(|rule| rule.has_ended(at, instant));
            let is_out = self.days_left_out.binary_search(&at.date()).is_ok();
            (!is_out && (!is_over || at == start)).then_some((instant, None))
        });
        let all = of_rule.chain(self.added.iter().copied());
        let kept = all.filter(|(at, _)| self.left_out.binary_search(at).is_err());
        Ok(kept.filter_map(|(at, length)| Some((at, self.changed(at, length, change)?))).collect())
    }

    /// The date at `at`, with a length of its own or without.
    fn changed(
        &self,
        at: Instant,
        own: Option<SignedDuration>,
        change: Change,
    ) -> Option<Interval> {
        let length = own.or(change.length).unwrap_or(self.length);
        if change.later.is_zero() {
            return interval(at, length);
        }
        let zone = &self.start.zone;
        let at = zone.to_datetime(at).checked_add(change.later).ok()?;
        interval(zone.to_timestamp(at).ok()?, length)
    }

    /// The dates that the rule is asked for, where what it says takes place so much `later`.
    fn dates(&self, window: Window, later: SignedDuration) -> (Date, Date) {
        let local = |at: Timestamp| {
            let at = Instant::from_microsecond(at.timestamp_micros()).unwrap_or_default();
            let at = self.start.zone.to_datetime(at);
            at.checked_sub(later).unwrap_or(at).date()
        };
        // It is shorter than a day, so it began yesterday at the earliest.
        let from = local(window.from);
        (from.yesterday().unwrap_or(from), local(window.until))
    }
}

/// From midnight to midnight: a day, though it has 23 hours when the clocks go forward.
fn is_whole_day(start: &Local, length: SignedDuration) -> bool {
    let end = start.instant().and_then(|at| at.checked_add(length).ok());
    let is_midnight = |at: DateTime| at.time() == Time::midnight();
    is_midnight(start.at) && end.is_some_and(|end| is_midnight(start.zone.to_datetime(end)))
}

fn interval(at: Instant, length: SignedDuration) -> Option<Interval> {
    Some((timestamp(at)?, timestamp(at.checked_add(length).ok()?)?))
}

/// A further date: with an end or a length of its own (`PERIOD`), or without.
fn further(text: &str, zone: &TimeZone) -> Option<(Instant, Option<SignedDuration>)> {
    let Some((from, until)) = text.split_once('/') else {
        return Some((Local::read(text, zone.clone())?.instant()?, None));
    };
    let from = Local::read(from, zone.clone())?.instant()?;
    let length = match Local::read(until, zone.clone()) {
        Some(until) => until.instant()?.duration_since(from),
        None => duration(until)?,
    };
    (length < DAY).then_some((from, Some(length)))
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
