//! The settings.

pub mod access;
pub mod data;
pub mod tokens;

use crate::{
    shell::{Assets, Document, Header},
    types::{Access, Connection, Consent, Saved, Settings},
    voice,
};
use access::{Devices, WaysIn};
use data::{KeepHistory, YourData};
use leptos::prelude::*;
use tokens::Tokens;

/// `/settings`: few of them, each saved at once by a form of its own.
#[component]
pub fn SettingsPage(assets: Assets, settings: Settings, saved: Option<Saved>) -> impl IntoView {
    let Settings { todoist, consents, keys, time_zone, time_zone_chosen, history_days, .. } =
        settings;
    let Access { ways_in, doors, devices, is_owner } = settings.access;

    view! {
        <Document assets title="oO · settings">
            <Header way=("/", "back") />
            <main class="settings">
                <h1>"Settings"</h1>
                <p class="saved" role="status">{saved.map(said)}</p>
                <Todoist connection=todoist />
                {consents.into_iter().map(|consent| view! { <ConsentSwitch consent todoist /> }).collect_view()}
                <KeepHistory days=history_days />
                <Switch
                    title="Keys"
                    about="On this device, single keys answer: d, s, x, u, w."
                    action="/settings/keys"
                    on=keys
                />
                <section class="setting" aria-labelledby="zone-title">
                    <div><h2 id="zone-title">"Time zone"</h2>
                    <p id="zone-about">
                        "What your mornings and evenings go by, such as Europe/Lisbon. Empty: your device's."
                    </p></div>
                    <form method="post" action="/settings/time-zone" autocomplete="off">
                        <input
                            name="zone"
                            value=time_zone_chosen.then(|| time_zone.clone())
                            placeholder=time_zone
                            aria-labelledby="zone-title"
                            aria-describedby="zone-about"
                            autocapitalize="off"
                            spellcheck="false"
                            maxlength="64"
                        />
                        <button>"Save"</button>
                    </form>
                </section>
                <WaysIn ways_in doors />
                <Devices devices />
                <Tokens tokens=settings.tokens form=settings.token_form />
                <YourData />
                <form class="leave" method="post" action="/sign-out">
                    <button>"Sign out"</button>
                    {is_owner.then(|| view! { <p>"You run this oO."</p> })}
                </form>
            </main>
        </Document>
    }
}

fn said(saved: Saved) -> &'static str {
    match saved {
        Saved::Saved => "Saved.",
        Saved::UnknownZone => "There is no time zone of that name. Nothing was changed.",
        Saved::Failed => "That could not be saved. Nothing was changed.",
        Saved::Linked => "From now on it is a way in for you.",
        Saved::Taken => "That is somebody else's way in. Nothing was changed.",
        Saved::LastWayIn => "It is your only way in, and stays.",
        Saved::SignedOut => "That device is signed out.",
        Saved::Revoked => "That token is revoked.",
        Saved::NoToken => "A token needs a name, and something that it may do. None was made.",
        Saved::TooManyTokens => "You have as many tokens as there may be. Revoke one first.",
    }
}

/// The connection to Todoist, and what can be done about it.
#[component]
fn Todoist(connection: Connection) -> impl IntoView {
    let about = match connection {
        Connection::Impossible => "Not set up here yet; the file .env.example explains how.",
        Connection::None => "Not connected.",
        Connection::Read => "Connected; Todoist lets oO read your tasks.",
        Connection::ReadWrite => "Connected; Todoist lets oO read your tasks and close them.",
        Connection::Broken => "Todoist no longer lets oO in. Connect again to go on.",
    };
    let (write, read) = match connection {
        Connection::Impossible => (None, None),
        Connection::None => (Some("Connect"), Some("Connect, read only")),
        Connection::Broken => (Some("Connect again"), None),
        Connection::Read => (Some("Let oO close tasks"), None),
        Connection::ReadWrite => (None, Some("Make it read only")),
    };

    let is_there = !matches!(connection, Connection::Impossible | Connection::None);

    view! {
        <section class="setting" aria-labelledby="todoist-title">
            <div><h2 id="todoist-title">"Todoist"</h2>
            <p>{about}</p></div>
            <div class="choices">
                {write.map(|label| view! { <a class="button" href="/connect/todoist?access=write">{label}</a> })}
                {read.map(|label| view! { <a class="button" href="/connect/todoist?access=read">{label}</a> })}
                {is_there.then(|| view! {
                    <form method="post" action="/settings/todoist/disconnect"><button>"Disconnect"</button></form>
                })}
            </div>
        </section>
    }
}

/// Something that oO may do or not.
#[component]
fn ConsentSwitch(consent: Consent, todoist: Connection) -> impl IntoView {
    let Consent { name, given, since } = consent;
    let (title, about) = voice::consent(&name);
    let since = match (given, name.as_str()) {
        (true, "write_tasks") if todoist == Connection::Read => {
            "You allow it, but your connection to Todoist is read only.".to_owned()
        }
        _ if since.is_empty() => "Not asked yet.".to_owned(),
        (true, _) => format!("Allowed since {since}."),
        (false, _) => format!("Not allowed since {since}."),
    };
    view! { <Switch title about action="/settings/consents" on=given consent=name since /> }
}

/// Something that is on or off: pressing it turns it over, and saves it.
#[component]
fn Switch(
    title: &'static str,
    about: &'static str,
    action: &'static str,
    on: bool,
    /// The consent that goes along.
    #[prop(optional, into)]
    consent: Option<String>,
    /// Since when it is as it is.
    #[prop(optional)]
    since: String,
) -> impl IntoView {
    view! {
        <section class="setting" aria-label=title>
            <div><h2>{title}</h2>
            <p>{about} " " {since}</p></div>
            <form method="post" action=action>
                {consent.map(|name| view! { <input type="hidden" name="consent" value=name /> })}
                <button
                    class="switch"
                    role="switch"
                    aria-checked=if on { "true" } else { "false" }
                    aria-label=title
                    name="on"
                    value=if on { "false" } else { "true" }
                >
                    {if on { "on" } else { "off" }}
                </button>
            </form>
        </section>
    }
}
