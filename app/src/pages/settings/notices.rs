//! Where oO speaks up, and why it did or did not.

use super::access::HandleForm;
use crate::{
    types::{Noticed, Notices, Thought},
    voice,
};
use leptos::prelude::*;

/// The browsers that take notifications, a way to add this one, and the last thoughts.
#[component]
pub fn Notifications(notices: Notices) -> impl IntoView {
    let Notices { public_key, is_allowed, devices, thoughts } = notices;
    let about = match (&public_key, devices.is_empty(), is_allowed) {
        (None, ..) => "This oO has no key to send them with; the file .env.example explains how.",
        (_, true, _) => "No device of yours is signed up.",
        (_, false, true) => "oO may speak up on these.",
        (_, false, false) => "oO stays quiet on these, as you do not let it speak up.",
    };
    view! {
        <section class="setting" aria-labelledby="notices-title">
            <div><h3 id="notices-title">"Notifications"</h3>
            <p>{about}</p></div>
            {public_key.map(|key| view! { <SignUp key /> })}
            {(!devices.is_empty()).then(|| view! {
                <ul class="tokens">{devices.into_iter().map(device).collect_view()}</ul>
            })}
            {(!thoughts.is_empty()).then(|| view! { <Thoughts thoughts /> })}
        </section>
    }
    .into_any()
}

fn device(Noticed { id, name, used }: Noticed) -> impl IntoView {
    let (test, remove) = (format!("Test {name}"), format!("Remove {name}"));
    view! {
        <li>
            <span>{name} <small>" " {used} "."</small></span>
            <HandleForm action="/settings/push/test" id=id.clone() label="Test" about=test />
            <HandleForm action="/settings/push/remove" id label="Remove" about=remove />
        </li>
    }
}

/// Shown by the page's script, where the browser can do it: it asks for permission, fills the form in and sends it.
#[component]
fn SignUp(key: String) -> impl IntoView {
    view! {
        <form class="sign-up" method="post" action="/settings/push" data-push-key=key hidden>
            <input type="hidden" name="endpoint" />
            <input type="hidden" name="p256dh" />
            <input type="hidden" name="auth" />
            <button>"Notify me here"</button>
            <p class="told" aria-live="polite"></p>
        </form>
        <p class="unable">"To sign this device up, the browser needs JavaScript."</p>
    }
}

/// In words, so that silence can be told from a fault.
#[component]
fn Thoughts(thoughts: Vec<Thought>) -> impl IntoView {
    let rows = thoughts.into_iter().map(|Thought { at, verdict }| {
        view! { <li><time>{at}</time> " " {voice::verdict(verdict)}</li> }
    });
    view! {
        <details class="thoughts">
            <summary>"Why oO spoke up, or did not"</summary>
            <ol>{rows.collect_view()}</ol>
        </details>
    }
}
