//! Whatever went wrong.

use crate::{
    shell::{Assets, Document, Header},
    types::Mishap,
    voice,
};
use leptos::prelude::*;

/// The title of a page that tells what went wrong.
pub(super) const TITLE: &str = "oO · not quite";

/// Whatever went wrong, and the way out.
#[component]
pub fn ErrorPage(assets: Assets, mishap: Mishap) -> impl IntoView {
    let (heading, context, ways) = voice::mishap(mishap);
    view! {
        <Document assets title=TITLE>
            <Header />
            <main class="room">
                <div class="stage">
                    <section class="card" data-kind="scene" data-length="short">
                        <p class="label"></p>
                        <h1>{heading}</h1>
                        <div class="below">
                            <p class="context">{context}</p>
                            <p class="ways">
                                {ways.iter().map(|way| view! { <a href=way.href>{way.label}</a> }).collect_view()}
                            </p>
                        </div>
                    </section>
                </div>
            </main>
        </Document>
    }
}
