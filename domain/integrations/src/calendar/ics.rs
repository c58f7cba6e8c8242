//! Reads a calendar (iCalendar, RFC 5545), and keeps of it when it is busy.
//!
//! The text is somebody else's: nothing in it is trusted, its work is bounded ([`Budget`]), and what cannot be read of it
//! is as if it were not there; only what is no calendar at all, or half of one, is an error. Nothing is stored, and no word
//! of it leaves this module.
//!
//! What takes part: events with a time, shorter than a day. Not: what lasts whole days, is marked as free or cancelled, or
//! was declined.

mod event;
mod guests;
mod lines;
mod row;
mod rule;
mod zones;

use jiff::tz::TimeZone;
use kernel::Timestamp;

use self::{
    event::{Event, Occurs},
    guests::Owner,
    lines::Part,
    row::Changes,
    zones::Zones,
};
use super::busy::Busy;

pub(super) use self::guests::is_email;

/// How many days and times of all rules are looked at for one calendar: enough for thousands of meetings, and done within
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

    fn spend_on(&mut self, many: usize) -> Result<(), Unreadable> {
        self.spend(u32::try_from(many).unwrap_or(u32::MAX))
    }
}

/// When the calendar in `bytes` is busy within `window`. Times without a zone are in `zone`. Whose it is may be `told` by
/// its address, in their own one for e-mail.
pub(super) fn read(
    bytes: &[u8],
    told: Option<&str>,
    zone: &TimeZone,
    window: Window,
) -> Result<Busy, Unreadable> {
    let text = String::from_utf8_lossy(bytes);
    let text = lines::unfolded(&text);
    let parts = lines::parts(&text)?;
    let mut zones = Zones::of(&parts, zone.clone());
    let owner = Owner::of(told, &parts);
    let is_event = |part: &&Part<'_>| part.is("VEVENT");
    let read = |part| Event::read(part, &mut zones, &owner);
    let events: Vec<Event<'_>> = parts.iter().filter(is_event).map(read).collect();

    let changes = Changes::of(&events);
    let mut budget = Budget(LOOKS);
    let mut intervals = Vec::new();
    for event in &events {
        if event.replaces.is_some() {
            intervals.extend(event.taking().and_then(Occurs::first));
        } else {
            intervals.extend(changes.busy(event, window, &mut budget)?);
        }
    }
    intervals.retain(|interval| overlaps(interval, window));
    Ok(Busy::of(intervals))
}

fn overlaps((from, until): &(Timestamp, Timestamp), window: Window) -> bool {
    *from < window.until && window.from < *until
}

/// A moment, as the rest of the house counts it.
fn timestamp(at: jiff::Timestamp) -> Option<Timestamp> {
    Timestamp::from_timestamp_micros(at.as_microsecond())
}

#[cfg(test)]
mod tests;
