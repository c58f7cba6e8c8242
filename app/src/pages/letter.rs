//! Where a link in a letter leads.

use crate::{
    shell::{Assets, Document, Header},
    types::{Came, Wish},
    voice,
};
use leptos::prelude::*;

/// `/mail/…`: what the link asks for, to be said yes to; then, what came of it. Whose it is and what it is about are not
/// told: whoever has the letter knows, and nobody else is to.
#[component]
pub fn LetterPage(assets: Assets, wish: Wish, came: Option<Came>) -> impl IntoView {
    let (heading, context) = match came {
        None => voice::asked(wish),
        Some(came) => voice::came(wish, came),
    };
    let yes = came.is_none().then(|| {
        // To where it was shown, by the same address.
        view! { <form method="post"><button class="door">{voice::yes(wish)}</button></form> }
    });
    let open = came.is_some().then(|| view! { <p class="ways"><a href="/">"Open oO"</a></p> });
    view! {
        <Document assets title="oO · a letter">
            <Header />
            <main class="room">
                <div class="stage">
                    <section class="card" data-kind="scene" data-length="short">
                        <p class="label"></p>
                        <h1>{heading}</h1>
                        <div class="below">
                            <p class="context">{context}</p>
                            {open}
                        </div>
                    </section>
                    <div class="after"></div>
                    <div class="foot"><div class="doors">{yes}</div></div>
                </div>
            </main>
        </Document>
    }
}
