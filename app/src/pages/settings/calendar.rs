//! The calendar: an address to paste, or one to let go.

use crate::types::{Calendar, CalendarTrouble};
use leptos::prelude::*;

/// Whether one is connected, and what can be done about it. Of its address, only the host is shown.
#[component]
pub fn CalendarLink(calendar: Calendar) -> impl IntoView {
    let is_there = calendar != Calendar::None;
    let about = match calendar {
        Calendar::Impossible => return None,
        Calendar::None => "Not connected. Your calendar has a secret address (iCal, ICS): with it, oO reads when you are \
                           busy, and nothing else, and proposes what fits before your next meeting."
            .to_owned(),
        Calendar::Active(host) => format!("Connected, {host}. oO reads when you are busy, and nothing else."),
        Calendar::Broken(host) if host.is_empty() => "Its address is lost. Connect it again to go on.".to_owned(),
        Calendar::Broken(host) => format!("There is no calendar at its address any more, {host}."),
    };
    let form = if is_there {
        view! {
            <form method="post" action="/settings/calendar/disconnect"><button>"Disconnect"</button></form>
        }
        .into_any()
    } else {
        view! {
            <form method="post" action="/settings/calendar" autocomplete="off">
                <input
                    type="url"
                    name="address"
                    required
                    maxlength="2048"
                    placeholder="https://"
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    aria-labelledby="calendar-title"
                    aria-describedby="calendar-about"
                />
                <button>"Keep address"</button>
            </form>
        }
        .into_any()
    };
    Some(view! {
        <section class="setting" aria-labelledby="calendar-title">
            <div><h3 id="calendar-title">"Calendar"</h3>
            <p id="calendar-about">{about}</p></div>
            {form}
        </section>
    })
}

/// Why it was not connected, and what to do.
pub fn said(trouble: CalendarTrouble) -> &'static str {
    match trouble {
        CalendarTrouble::NotAnAddress => {
            "That is not the address of a calendar: it begins with https:// or webcal://. Nothing was changed."
        }
        CalendarTrouble::NotAllowed => {
            "oO does not go to that address: it is not encrypted, or in a private network. Nothing was changed."
        }
        CalendarTrouble::Unreachable => {
            "Nobody answers at that address at the moment. Nothing was changed."
        }
        CalendarTrouble::NotThere => {
            "There is no calendar at that address that oO may read. Nothing was changed."
        }
        CalendarTrouble::NotACalendar => {
            "What is at that address is not a calendar. Look for its secret address, which often ends in .ics."
        }
        CalendarTrouble::TooLarge => "That calendar is too large for oO. Nothing was changed.",
    }
}
