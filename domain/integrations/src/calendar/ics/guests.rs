//! Who was asked to an event, and whether the person whose calendar it is has declined.
//!
//! A calendar does not say whose it is. Two places often do: its address, in which Google puts the owner's own, and its
//! name, which is that address until they change it. Where neither does, nobody is guessed at; only what everybody who was
//! asked has declined is known to take nobody's time. Addresses are compared here, and kept nowhere.

use icalendar::parser::Property;

use super::lines::{Part, parameter};

/// No file is said to be of more calendars that are named after their owners.
const OWNERS: usize = 4;

/// Whose calendar it is, as far as it is known.
pub(super) struct Owner<'a> {
    /// Addresses of e-mail.
    known: Vec<&'a str>,
}

impl<'a> Owner<'a> {
    /// As its own address on the web says (`told`), and its name.
    pub(super) fn of(told: Option<&'a str>, parts: &'a [Part<'_>]) -> Self {
        let calendars = parts.iter().filter(|part| part.is("VCALENDAR"));
        let names = calendars.filter_map(|part| part.value("X-WR-CALNAME"));
        let emails = told.into_iter().chain(names).filter(|name| is_email(name));
        Self { known: emails.take(OWNERS).collect() }
    }

    /// Whether the owner has declined; or, where they are not known to be among those who were asked, all of these.
    pub(super) fn has_declined(&self, event: &Part<'_>) -> bool {
        let people = || event.all("ATTENDEE").filter(|guest| is_person(guest));
        match people().find(|guest| self.is(guest)) {
            Some(own) => declines(own),
            None => people().next().is_some() && people().all(declines),
        }
    }

    /// Whether a guest is the owner: by the address that it has, or by the one that it names beside.
    fn is(&self, guest: &Property<'_>) -> bool {
        let value = guest.val.as_str().trim();
        let (scheme, address) = value.split_at_checked("mailto:".len()).unwrap_or_default();
        let address = scheme.eq_ignore_ascii_case("mailto:").then_some(address);
        let named = [address, parameter(guest, "EMAIL")];
        let mut named = named.into_iter().flatten();
        named.any(|name| self.known.iter().any(|known| known.eq_ignore_ascii_case(name)))
    }
}

fn declines(guest: &Property<'_>) -> bool {
    parameter(guest, "PARTSTAT").is_some_and(|answer| answer.eq_ignore_ascii_case("DECLINED"))
}

/// Neither a room nor a thing.
fn is_person(guest: &Property<'_>) -> bool {
    parameter(guest, "CUTYPE").is_none_or(|kind| {
        !["ROOM", "RESOURCE"].iter().any(|thing| kind.eq_ignore_ascii_case(thing))
    })
}

/// Whether `text` looks like an address of e-mail, and is nothing else.
pub(in crate::calendar) fn is_email(text: &str) -> bool {
    let is_plain =
        |text: &str| !text.is_empty() && !text.contains(|it: char| it == '@' || it.is_whitespace());
    text.split_once('@')
        .is_some_and(|(name, host)| is_plain(name) && is_plain(host) && host.contains('.'))
}
