//! What oO keeps of a person: for how long, a copy of it, and the end of it.

use crate::types::HISTORY_DAYS;
use leptos::prelude::*;

/// For how long history is kept: pressing one of the lengths saves it.
#[component]
pub fn KeepHistory(days: Option<i16>) -> impl IntoView {
    let lengths = HISTORY_DAYS.into_iter().map(|own| {
        let value = own.map(|days| days.to_string()).unwrap_or_default();
        let pressed = if own == days { "true" } else { "false" };
        view! { <button name="days" value=value aria-pressed=pressed>{length(own)}</button> }
    });
    view! {
        <section class="setting" aria-labelledby="history-title">
            <div><h3 id="history-title">"Keep history"</h3>
            <p>
                "Tips, and how you answered them. What is older goes by itself, and what you put away back then may come
                again. What was learned from it stays."
            </p></div>
            <form class="lengths" method="post" action="/settings/history">{lengths.collect_view()}</form>
        </section>
    }
}

fn length(days: Option<i16>) -> String {
    match days {
        None => "no end".to_owned(),
        Some(365) => "a year".to_owned(),
        Some(days) => format!("{days} days"),
    }
}

/// A copy of everything, and the way out.
#[component]
pub fn YourData() -> impl IntoView {
    view! {
        <section class="setting" aria-labelledby="data-title">
            <div><h3 id="data-title">"Your data"</h3>
            <p>"Everything that oO knows of you, in one readable file."</p></div>
            <div class="choices"><a class="button" href="/settings/export">"Export"</a></div>
        </section>
        <section class="setting" aria-labelledby="erase-title">
            <div><h3 id="erase-title">"Leave for good"</h3>
            <p>"Erases everything, at once. The next page says what that means."</p></div>
            <div class="choices"><a class="button" href="/settings/erase">"Leave"</a></div>
        </section>
    }
}
