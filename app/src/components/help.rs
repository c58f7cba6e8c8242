//! The keys, for those who ask.

use leptos::prelude::*;

const KEYS: [(&str, &str); 6] = [
    ("d", "done"),
    ("s", "snooze for a while"),
    ("x", "dismiss"),
    ("u", "undo, for ten seconds"),
    ("w", "why this?"),
    ("?", "these keys"),
];

/// The button and the panel that it opens: a popover, which needs no script.
#[component]
pub fn Help() -> impl IntoView {
    view! {
        <button type="button" class="help" popovertarget="keys" aria-keyshortcuts="?" aria-label="Keys">
            "?"
        </button>
        <div id="keys" class="panel" popover="auto" role="dialog" aria-label="Keys">
            <dl>
                {KEYS.map(|(key, meaning)| view! {
                    <div><dt><kbd>{key}</kbd></dt><dd>{meaning}</dd></div>
                })}
            </dl>
            <p>"Single keys can be turned off in the " <a href="/settings">"settings"</a> "."</p>
        </div>
    }
}
