//! What oO may do.

use crate::{
    shell::{Assets, Document, Header},
    types::Consent,
    voice,
};
use leptos::prelude::*;

/// `/consents`: the questions that stand before the first tip. Whoever comes to it later finds their answers.
#[component]
pub fn ConsentsPage(assets: Assets, consents: Vec<Consent>) -> impl IntoView {
    let questions = consents.into_iter().map(|Consent { name, given, .. }| {
        let (title, about) = voice::consent(&name);
        let about_id = format!("{name}-about");
        view! {
            <div class="setting">
                <div><label class="title" for=name.clone()>{title}</label>
                <p id=about_id.clone()>{about}</p></div>
                <input
                    type="checkbox"
                    role="switch"
                    id=name.clone()
                    name=name
                    value="true"
                    checked=given
                    aria-describedby=about_id
                />
            </div>
        }
    });

    view! {
        <Document assets title="oO · what oO may do">
            <Header way=("/settings", "settings") />
            <main class="settings">
                <h1>"What may oO do?"</h1>
                <p class="saved">
                    "Nothing, until you say so. You can change each of these in the settings, and it takes effect at once."
                </p>
                <form class="asked" method="post" action="/consents/answer" autocomplete="off">
                    {questions.collect_view()}
                    <div class="leave"><button>"Begin"</button></div>
                </form>
            </main>
        </Document>
    }
}
