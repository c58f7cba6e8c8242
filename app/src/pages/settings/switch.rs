//! Something that is on or off.

use leptos::prelude::*;

/// Something that is on or off: pressing it turns it over, and saves it.
#[component]
pub fn Switch(
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
            <div><h3>{title}</h3>
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
    .into_any()
}
