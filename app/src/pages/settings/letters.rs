//! The mailbox that oO writes to.

use crate::types::{Letters, Mailbox, RHYTHMS};
use leptos::prelude::*;

/// Whether there is one, how often it is written to, and the way out. Where this oO writes no letters, nothing.
#[component]
pub fn Mail(letters: Letters) -> impl IntoView {
    let mailbox = match letters {
        Letters::Impossible => return None,
        Letters::None => None,
        Letters::To(mailbox) => Some(mailbox),
    };
    let about = mailbox.as_ref().map_or_else(
        || "oO can write to you as well: the tip, with links to answer it. It is in your mailbox then.".to_owned(),
        |Mailbox { address, is_confirmed, is_allowed, .. }| match address.as_str() {
            "" => "The address is lost. Remove it, and write it again.".to_owned(),
            address if !is_confirmed => {
                format!("oO has asked at {address} whether it is yours. Open the link in that letter.")
            }
            address if *is_allowed => format!("oO writes to {address}."),
            address => format!("oO does not write to {address}, as you do not let it speak up."),
        },
    );
    Some(
        view! {
            <section class="setting" aria-labelledby="mail-title">
                <div><h3 id="mail-title">"Letters"</h3>
                <p id="mail-about">{about}</p></div>
                {match mailbox {
                    None => view! { <Name /> }.into_any(),
                    Some(mailbox) => view! { <Named mailbox /> }.into_any(),
                }}
            </section>
        }
        .into_any(),
    )
}

#[component]
fn Name() -> impl IntoView {
    view! {
        <form method="post" action="/settings/mail">
            <input
                type="email"
                name="address"
                required
                maxlength="254"
                placeholder="you@example.org"
                autocomplete="email"
                aria-labelledby="mail-title"
                aria-describedby="mail-about"
            />
            <button>"Write to me"</button>
        </form>
    }
}

#[component]
fn Named(mailbox: Mailbox) -> impl IntoView {
    let Mailbox { address, rhythm, is_confirmed, .. } = mailbox;
    let rhythms = RHYTHMS.into_iter().map(|(own, said)| {
        let pressed = if own == rhythm { "true" } else { "false" };
        view! { <button name="rhythm" value=own aria-pressed=pressed>{said}</button> }
    });
    let (test, about) =
        if is_confirmed { ("Test", "Test letters") } else { ("Ask again", "Ask again") };
    view! {
        {is_confirmed.then(|| view! {
            <form class="lengths" method="post" action="/settings/mail/often">{rhythms.collect_view()}</form>
        })}
        <ul class="tokens">
            <li>
                <span>{address}</span>
                <form method="post" action="/settings/mail/test"><button aria-label=about>{test}</button></form>
                <form method="post" action="/settings/mail/remove">
                    <button aria-label="Remove address">"Remove"</button>
                </form>
            </li>
        </ul>
    }
}
