//! "Why this?": the honest reasons, folded away.

use leptos::prelude::*;

/// The reasons that carried the choice, in plain words.
#[component]
pub fn Why(reasons: Vec<String>, keys: bool) -> impl IntoView {
    view! {
        <details class="why">
            <summary aria-keyshortcuts=keys.then_some("w")>"Why this?"</summary>
            <ul>{reasons.into_iter().map(|reason| view! { <li dir="auto">{reason}</li> }).collect_view()}</ul>
        </details>
    }
}
