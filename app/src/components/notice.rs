//! A quiet line about something that did not go as meant.

use crate::voice::Way;
use leptos::prelude::*;

/// The line, and the way out where there is one.
#[component]
pub fn NoticeLine(said: &'static str, way: Option<Way>) -> impl IntoView {
    view! {
        <p class="notice">
            <span class="said">{said}</span>
            {way.map(|way| view! { " " <a href=way.href>{way.label}</a> })}
        </p>
    }
}
