//! The way in.

use crate::{
    shell::{Assets, Document, Header},
    types::{Door, SignInOptions},
};
use leptos::prelude::*;

/// `/`, signed out: what oO is, and the ways in.
#[component]
pub fn SignedOutPage(assets: Assets, options: SignInOptions) -> impl IntoView {
    let SignInOptions { demo, doors } = options;
    let no_way_in = !demo && doors.is_empty();
    let ways_in = doors.into_iter().map(|Door { key, label }| {
        view! {
            <a class="door" href=format!("/auth/{key}")>"Continue with " {label}</a>
        }
    });

    view! {
        <Document assets title="oO" first=true>
            <Header />
            <main class="room">
                <div class="stage">
                    <section class="card" data-kind="scene" data-length="short">
                        <p class="label"></p>
                        <h1>"One thing, when it fits."</h1>
                        <div class="below">
                            <p class="context">
                                "oO reads your tasks, picks the one for this moment, and leaves the rest of the screen dark."
                            </p>
                            {no_way_in.then(|| view! {
                                <p class="context">
                                    "No way to sign in is set up here yet; the file " <code>".env.example"</code>
                                    " explains how, and " <code>"make run"</code> " starts a demo."
                                </p>
                            })}
                        </div>
                    </section>
                    <div class="after"></div>
                    <div class="foot">
                        <div class="doors">
                            {demo.then(|| view! {
                                <form method="post" action="/demo"><button class="door">"Look around"</button></form>
                            })}
                            {ways_in.collect_view()}
                        </div>
                    </div>
                </div>
            </main>
        </Document>
    }
}
