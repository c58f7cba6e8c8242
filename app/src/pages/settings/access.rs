//! The ways in, and the devices.

use crate::types::{Device, Door, WayIn};
use leptos::prelude::*;

/// The ways in that a person has, and those that they could add.
#[component]
pub fn WaysIn(ways_in: Vec<WayIn>, doors: Vec<Door>) -> impl IntoView {
    let only_one = ways_in.len() == 1;
    let rows = ways_in.into_iter().map(move |WayIn { id, name, hint }| {
        let remove = (!only_one).then(|| {
            let about = format!("Remove {name} {hint}");
            view! { <HandleForm action="/settings/identities/unlink" id label="Remove" about /> }
        });
        view! { <li><span>{name} " " <small>{hint}</small></span> {remove}</li> }
    });
    let adds = doors.into_iter().map(|Door { key, label }| {
        view! { <a class="button" href=format!("/auth/{key}/link")>"Add " {label}</a> }
    });

    view! {
        <section class="setting" aria-labelledby="ways-title">
            <div><h3 id="ways-title">"Ways in"</h3>
            <p>"Any of these leads to your account. The last one stays."</p></div>
            <div class="choices">{adds.collect_view()}</div>
            <ul>{rows.collect_view()}</ul>
        </section>
    }
}

/// Where a person is signed in.
#[component]
pub fn Devices(devices: Vec<Device>) -> impl IntoView {
    let rows = devices.into_iter().map(|Device { id, name, used, is_current }| {
        let used = if is_current { "this one".to_owned() } else { used };
        let sign_out = (!is_current).then(|| {
            let about = format!("Sign out {name}, {used}");
            view! { <HandleForm action="/settings/devices/sign-out" id label="Sign out" about /> }
        });
        view! { <li><span>{name} " " <small>{used.clone()}</small></span> {sign_out}</li> }
    });

    view! {
        <section class="setting" aria-labelledby="devices-title">
            <div><h3 id="devices-title">"Signed in on"</h3>
            <p>"A device that is signed out is so at once."</p></div>
            <form class="choices" method="post" action="/settings/devices/sign-out-all">
                <button>"Sign out everywhere"</button>
            </form>
            <ul>{rows.collect_view()}</ul>
        </section>
    }
}

/// A button that does something to one of the rows; `about` says to which.
#[component]
pub(super) fn HandleForm(
    action: &'static str,
    id: String,
    label: &'static str,
    about: String,
) -> impl IntoView {
    view! {
        <form method="post" action=action>
            <input type="hidden" name="id" value=id />
            <button aria-label=about>{label}</button>
        </form>
    }
}
