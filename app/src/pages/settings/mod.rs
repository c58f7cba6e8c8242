//! The settings: one page, in five groups, a file each or more.

pub mod access;
pub mod answers;
pub mod calendar;
pub mod data;
pub mod letters;
pub mod looks;
pub mod may;
pub mod notices;
pub mod speaks;
pub mod switch;
pub mod tokens;
pub mod zone;

use crate::{
    shell::{Assets, Document, Header},
    types::{Access, Saved, Settings},
};
use access::{Devices, WaysIn};
use answers::{Keys, Snoozes};
use calendar::CalendarLink;
use data::{KeepHistory, YourData};
use leptos::prelude::*;
use letters::Mail;
use looks::Todoist;
use may::Consents;
use notices::Notifications;
use speaks::SpeakingHours;
use tokens::Tokens;
use zone::Zone;

/// `/settings`: few of them, each saved at once by a form of its own.
#[component]
pub fn SettingsPage(assets: Assets, settings: Settings, saved: Option<Saved>) -> impl IntoView {
    let Settings { todoist, consents, keys, time_zone, time_zone_chosen, history_days, .. } =
        settings;
    let Access { ways_in, doors, devices, is_owner } = settings.access;
    let clock = time_zone.clone();

    view! {
        <Document assets title="oO · settings">
            <Header way=("/", "back") />
            <main class="settings">
                <h1>"Settings"</h1>
                <p class="saved" role="status">{saved.map(said)}</p>
                <Group title="What oO may do">
                    <Consents consents todoist />
                </Group>
                <Group title="Where it looks">
                    <Todoist connection=todoist />
                    <CalendarLink calendar=settings.calendar />
                </Group>
                <Group title="When it speaks">
                    <SpeakingHours hours=settings.hours time_zone=clock />
                    <Notifications notices=settings.notices />
                    <Mail letters=settings.letters />
                </Group>
                <Group title="How it is answered">
                    <Keys on=keys />
                    <Snoozes times=settings.snooze_times />
                </Group>
                <Group title="You">
                    <Zone time_zone is_chosen=time_zone_chosen />
                    <WaysIn ways_in doors />
                    <Devices devices />
                    <Tokens tokens=settings.tokens form=settings.token_form />
                    <KeepHistory days=history_days />
                    <YourData />
                    <form class="leave" method="post" action="/sign-out">
                        // Filled in by the page's script, where this browser takes notifications.
                        <input type="hidden" name="endpoint" />
                        <button>"Sign out"</button>
                        {is_owner.then(|| view! { <p>"You run this oO."</p> })}
                    </form>
                </Group>
            </main>
        </Document>
    }
}

/// Settings that belong together, under a quiet heading.
#[component]
fn Group(title: &'static str, children: Children) -> impl IntoView {
    view! {
        <div class="group">
            <h2>{title}</h2>
            {children()}
        </div>
    }
    .into_any()
}

fn said(saved: Saved) -> &'static str {
    match saved {
        Saved::Saved => "Saved.",
        Saved::UnknownZone => "There is no time zone of that name. Nothing was changed.",
        Saved::BadHours => {
            "Those are no hours that oO can keep to. A time is such as 21:00. Nothing was changed."
        }
        Saved::BadSnooze => {
            "A morning begins before noon, an evening does not, and later is within twelve hours. Nothing was changed."
        }
        Saved::Failed => "That could not be saved. Nothing was changed.",
        Saved::Linked => "From now on it is a way in for you.",
        Saved::Taken => "That is somebody else's way in. Nothing was changed.",
        Saved::LastWayIn => "It is your only way in, and stays.",
        Saved::SignedOut => "That device is signed out.",
        Saved::Revoked => "That token is revoked.",
        Saved::NoToken => "A token needs a name, and something that it may do. None was made.",
        Saved::NoCalendar(trouble) => calendar::said(trouble),
        Saved::TooManyTokens => "You have as many tokens as there may be. Revoke one first.",
        Saved::NoSubscription => {
            "That is no push service that oO knows. This device was not signed up."
        }
        Saved::TooManyDevices => "There are as many devices as there may be. Remove one first.",
        Saved::PushSent => "A word is on its way to that device.",
        Saved::PushGone => "That device no longer takes notifications, and was removed.",
        Saved::NoAddress => "That is no address to write to. Nothing was changed.",
        Saved::LetterSent => "A letter is on its way.",
        Saved::LetterGone => "Nobody has that address, so it was removed.",
        Saved::LetterLater => "The mail server takes nothing at the moment. Try again later.",
        Saved::PushLater => "Its push service takes nothing at the moment. Try again later.",
    }
}
