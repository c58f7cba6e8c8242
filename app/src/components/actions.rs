//! The three words: done, snooze, dismiss. Plain forms, so that they work before the island wakes up
//! and without it.

use crate::{
    types::Tip,
    voice::{capital, in_hours},
};
use leptos::prelude::*;

/// The answers to a tip. The idempotency key of this rendering goes along with each.
#[component]
pub fn Actions(tip: Tip, keys: bool) -> impl IntoView {
    let hint = |key: &'static str| keys.then(|| view! { <kbd aria-hidden="true">{key}</kbd> });
    let shortcut = |key: &'static str| keys.then_some(key);
    let later = [
        ("later", capital(&in_hours(tip.later_hours))),
        ("evening", if tip.evening_is_today { "This evening" } else { "Tomorrow evening" }.into()),
        ("tomorrow", "Tomorrow morning".into()),
        ("next_week", "Next week".into()),
    ];

    view! {
        <div class="actions" role="group" aria-label="Answer">
            <form id="react" method="post" action="/api/react" autocomplete="off">
                <input type="hidden" name="tip_id" value=tip.id.clone() />
                <input type="hidden" name="key" value=tip.key.clone() />
            </form>
            <button form="react" name="reaction" value="done" aria-keyshortcuts=shortcut("d")>
                {hint("d")} "done"
            </button>
            <span class="split">
                <button form="react" name="reaction" value="snooze" aria-keyshortcuts=shortcut("s")>
                    {hint("s")} "snooze"
                </button>
                <button type="button" class="more" popovertarget="later" aria-label="Snooze until"></button>
                <form id="later" popover="auto" method="post" action="/api/react" autocomplete="off">
                    <input type="hidden" name="tip_id" value=tip.id />
                    <input type="hidden" name="key" value=tip.key />
                    <input type="hidden" name="reaction" value="snooze" />
                    {later.map(|(value, label)| view! { <button name="snooze" value=value>{label}</button> })}
                </form>
            </span>
            <button form="react" name="reaction" value="dismiss" aria-keyshortcuts=shortcut("x")>
                {hint("x")} "dismiss"
            </button>
        </div>
    }
}
