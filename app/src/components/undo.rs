//! What was done just now, while it can still be taken back.

use crate::{types::JustDone, voice};
use leptos::prelude::*;

/// The line with *undo*, and the time that is left for it.
#[component]
pub fn Undo(done: JustDone, keys: bool) -> impl IntoView {
    let said = voice::just_done(&done);
    // Whole seconds, for the style sheet: a `style` attribute would need a hole in the page's policy.
    let left = done.undo_millis.div_ceil(1000).min(10);

    view! {
        <form class="undo" method="post" action="/api/undo" autocomplete="off" data-left=left>
            <input type="hidden" name="tip_id" value=done.tip_id />
            <span class="said">{said}</span>
            <button aria-keyshortcuts=keys.then_some("u")>
                {keys.then(|| view! { <kbd aria-hidden="true">"u"</kbd> })} "undo"
            </button>
        </form>
    }
}
