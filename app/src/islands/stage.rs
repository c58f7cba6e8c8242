//! The island around the tip.
//!
//! The scene inside it is drawn by the server, the first time and every time after: its words and its
//! shape never travel as code. The island stands in for the browser: a form that is sent goes by
//! `fetch`, the answer is the next drawing. Whatever it cannot do it leaves to the browser, which sends
//! the same form the long way.

use super::browser::Play;
use leptos::prelude::*;

/// Told when an answer does not come. What was sent keeps its key, so that it may be sent again.
pub(super) const FAILED: &str = "That did not get through. Nothing is lost; try it again.";

/// The tip page's inside, awake; its children are a [`StageView`](crate::components::stage::StageView).
#[island]
pub fn StageIsland(children: Children) -> impl IntoView {
    let play = Play {
        pending: RwSignal::new(false),
        failed: RwSignal::new(false),
        blinked: RwSignal::new(false),
        said: RwSignal::new(String::new()),
    };
    if cfg!(feature = "hydrate") {
        play.start();
    }

    view! {
        <div
            class="stage"
            data-blink=move || if play.blinked.get() { "b" } else { "a" }
            aria-busy=move || if play.pending.get() { "true" } else { "false" }
        >
            {children()}
            <p class="notice failed" hidden=move || !play.failed.get()>
                {FAILED}
            </p>
            <p class="unseen" role="status">
                {move || play.said.get()}
            </p>
        </div>
    }
}
