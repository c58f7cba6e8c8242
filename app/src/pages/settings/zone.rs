//! Where a person lives.

use leptos::prelude::*;

/// The time zone: chosen by hand, or the device's.
#[component]
pub fn Zone(time_zone: String, is_chosen: bool) -> impl IntoView {
    view! {
        <section class="setting" aria-labelledby="zone-title">
            <div><h3 id="zone-title">"Time zone"</h3>
            <p id="zone-about">
                "What your mornings and evenings go by, such as Europe/Lisbon. Empty: your device's."
            </p></div>
            <form method="post" action="/settings/time-zone" autocomplete="off">
                <input
                    name="zone"
                    value=is_chosen.then(|| time_zone.clone())
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
    }
    .into_any()
}
