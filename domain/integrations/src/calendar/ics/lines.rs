//! The text becomes parts: the events and zones in it, each with those of its lines that count.

use std::borrow::Cow;

use icalendar::parser::{Property, unfold};

use super::Unreadable;

/// How deep parts may stand within each other: an alarm in an event in a calendar, and some room.
const DEEPEST: usize = 8;

/// The parts that count.
const PARTS: [&str; 5] = ["VCALENDAR", "VEVENT", "VTIMEZONE", "STANDARD", "DAYLIGHT"];

/// The lines that count. All others, what an event is about among them, are not even parsed.
const LINES: [&str; 15] = [
    "UID",
    "DTSTART",
    "DTEND",
    "DURATION",
    "RRULE",
    "RDATE",
    "EXDATE",
    "RECURRENCE-ID",
    "STATUS",
    "TRANSP",
    "TZID",
    "TZOFFSETTO",
    "X-MICROSOFT-CDO-BUSYSTATUS",
    "ATTENDEE",
    "X-WR-CALNAME",
];

/// A calendar, an event, a zone, or a half of a zone.
pub(super) struct Part<'a> {
    name: &'a str,
    /// The place of the part that it stands in, where that counts too.
    pub(super) within: Option<usize>,
    lines: Vec<Property<'a>>,
}

impl<'a> Part<'a> {
    pub(super) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// Its lines of this name.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &Property<'a>> {
        self.lines.iter().filter(move |line| line.name.as_ref().eq_ignore_ascii_case(name))
    }

    /// The first of them.
    pub(super) fn line(&self, name: &str) -> Option<&Property<'a>> {
        self.all(name).next()
    }

    /// What the first of them says.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.line(name).map(|line| line.val.as_str().trim())
    }

    /// Whether it says this.
    pub(super) fn says(&self, name: &str, value: &str) -> bool {
        self.value(name).is_some_and(|own| own.eq_ignore_ascii_case(value))
    }
}

/// What a line says of itself under `name`, such as its `TZID`.
pub(super) fn parameter<'l>(line: &'l Property<'_>, name: &str) -> Option<&'l str> {
    let found = line.params.iter().find(|it| it.key.as_ref().eq_ignore_ascii_case(name))?;
    found.val.as_ref().map(|value| value.as_str().trim_matches('"'))
}

/// Lines that were folded are whole again (section 3.1).
pub(super) fn unfolded(text: &str) -> Cow<'_, str> {
    let text = text.trim_start_matches('\u{feff}');
    let is_folded = text.contains("\n ") || text.contains("\n\t");
    if is_folded { Cow::Owned(unfold(text)) } else { Cow::Borrowed(text) }
}

/// All parts that count, in their order. It walks, and never calls itself: no depth is dangerous.
pub(super) fn parts(text: &str) -> Result<Vec<Part<'_>>, Unreadable> {
    let mut parts: Vec<Part<'_>> = Vec::new();
    // Where it stands: the name of each part around it, and its place among those that count.
    let mut path: Vec<(&str, Option<usize>)> = Vec::new();
    let lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty());
    for line in lines {
        let name = line.split([':', ';']).next().unwrap_or_default();
        let rest = line.get(name.len() + 1..).unwrap_or_default().trim();
        if name.eq_ignore_ascii_case("BEGIN") {
            let is_calendar = rest.eq_ignore_ascii_case("VCALENDAR");
            if path.len() == DEEPEST || is_calendar != path.is_empty() {
                return Err(Unreadable::NotACalendar);
            }
            let place = PARTS.iter().any(|known| rest.eq_ignore_ascii_case(known)).then(|| {
                let within = path.last().and_then(|(_, place)| *place);
                parts.push(Part { name: rest, within, lines: Vec::new() });
                parts.len() - 1
            });
            path.push((rest, place));
        } else if name.eq_ignore_ascii_case("END") {
            let Some((begun, _)) = path.pop() else { return Err(Unreadable::NotACalendar) };
            if !begun.eq_ignore_ascii_case(rest) {
                return Err(Unreadable::NotACalendar);
            }
        } else {
            let Some((_, place)) = path.last() else { return Err(Unreadable::NotACalendar) };
            let part = place.and_then(|place| parts.get_mut(place));
            let counts = || LINES.iter().any(|known| name.eq_ignore_ascii_case(known));
            if let Some(part) = part.filter(|_| counts())
                && let Ok(property) = Property::try_from(line)
            {
                part.lines.push(property);
            }
        }
    }
    // Neither nothing, nor half of it.
    let is_whole = path.is_empty() && text.lines().any(|line| !line.trim().is_empty());
    if is_whole { Ok(parts) } else { Err(Unreadable::NotACalendar) }
}
