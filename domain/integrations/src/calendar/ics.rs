//! Reads a calendar (iCalendar, RFC 5545), and keeps of it when it is busy.
//!
//! The text is somebody else's: nothing in it is trusted, its work is bounded ([`Budget`]), and what cannot be read of it
//! is as if it were not there; only what is no calendar at all, or half of one, is an error. Nothing is stored, and no word
//! of it leaves this module.
//!
//! What takes part: events with a time, shorter than a day. Not: what lasts whole days, is marked as free or cancelled,
//! or repeats by the hour or faster.

mod event;
mod lines;
mod rule;
mod zones;

use std::collections::{HashMap, HashSet};

use jiff::tz::TimeZone;
use kernel::Timestamp;

use self::{
    event::{Event, Occurs},
    lines::Part,
    zones::Zones,
};
use super::busy::Busy;

/// How many days of all rules are looked at for one calendar: enough for thousands of meetings, and done within
/// hundredths of a second.
const LOOKS: u32 = 200_000;

/// From when until when is of interest.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) from: Timestamp,
    pub(super) until: Timestamp,
}

/// Why a calendar cannot be read. It holds no word of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unreadable {
    /// It is something else, or it breaks off.
    #[error("it is not a calendar")]
    NotACalendar,
    /// To find out what happens when would take too long.
    #[error("the calendar has too much in it")]
    TooMuch,
}

/// How much work is left.
struct Budget(u32);

impl Budget {
    fn spend(&mut self, looks: u32) -> Result<(), Unreadable> {
        self.0 = self.0.checked_sub(looks).ok_or(Unreadable::TooMuch)?;
        Ok(())
    }
}

/// When the calendar in `bytes` is busy within `window`. Times without a zone are in `zone`.
pub(super) fn read(bytes: &[u8], zone: &TimeZone, window: Window) -> Result<Busy, Unreadable> {
    let text = String::from_utf8_lossy(bytes);
    let text = lines::unfolded(&text);
    let parts = lines::parts(&text)?;
    let mut zones = Zones::of(&parts, zone.clone());
    let is_event = |part: &&Part<'_>| part.is("VEVENT");
    let events: Vec<Event<'_>> =
        parts.iter().filter(is_event).map(|part| Event::read(part, &mut zones)).collect();

    // What was moved, changed or called off stands for itself, and no longer in its row.
    let mut replaced: HashMap<&str, HashSet<jiff::Timestamp>> = HashMap::new();
    for event in &events {
        if let Some(at) = event.replaces {
            replaced.entry(event.uid).or_default().insert(at);
        }
    }

    let mut budget = Budget(LOOKS);
    let mut intervals = Vec::new();
    for event in &events {
        let Some(occurs) = &event.occurs else { continue };
        if event.replaces.is_some() {
            intervals.extend(occurs.first().filter(|it| overlaps(it, window)));
            continue;
        }
        let gone = |at: &jiff::Timestamp| replaced.get(event.uid).is_some_and(|it| it.contains(at));
        for (at, interval) in occurs.within(window, &mut budget)? {
            if !gone(&at) && overlaps(&interval, window) {
                intervals.push(interval);
            }
        }
    }
    Ok(Busy::of(intervals))
}

fn overlaps((from, until): &(Timestamp, Timestamp), window: Window) -> bool {
    *from < window.until && window.from < *until
}

/// A moment, as the rest of the house counts it.
fn timestamp(at: jiff::Timestamp) -> Option<Timestamp> {
    Timestamp::from_timestamp_micros(at.as_microsecond())
}

impl Occurs {
    /// The dates between which it has to begin in order to take place within `window`.
    fn dates(&self, window: Window) -> (jiff::civil::Date, jiff::civil::Date) {
        let local = |at: Timestamp| {
            let at = jiff::Timestamp::from_microsecond(at.timestamp_micros()).unwrap_or_default();
            self.start.zone.to_datetime(at).date()
        };
        // It is shorter than a day, so it began yesterday at the earliest.
        let from = local(window.from);
        (from.yesterday().unwrap_or(from), local(window.until))
    }
}

#[cfg(test)]
mod tests;
