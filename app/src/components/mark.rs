//! The mark: two circles, a small and a large one. They blink when the tip changes.

use leptos::prelude::*;

/// The mark, drawn in the colour of the text around it.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 34 22" aria-hidden="true" focusable="false">
            <circle cx="7" cy="14.5" r="5.5" />
            <circle cx="22" cy="10.5" r="9.5" />
        </svg>
    }
}
