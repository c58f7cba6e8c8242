//! Leaving for good.

use crate::shell::{Assets, Document, Header};
use leptos::prelude::*;

/// The word that has to be written.
pub const WORD: &str = "erase";

/// `/settings/erase`: what goes, what cannot be brought back, and the word that does it.
#[component]
pub fn ErasePage(assets: Assets, again: bool) -> impl IntoView {
    view! {
        <Document assets title="oO · leave">
            <Header way=("/settings", "back") />
            <main class="settings">
                <h1>"Leave for good"</h1>
                <p class="saved" role="status">
                    {again.then_some("That was not the word. Nothing was changed.")}
                </p>
                <section class="setting farewell" aria-labelledby="goes-title">
                    <div><h2 id="goes-title">"What goes"</h2>
                    <ul>
                        <li>"Your account, its ways in, and every device that is signed in."</li>
                        <li>"What oO proposed to you, how you answered, and all that it has learned from it."</li>
                        <li>"Your connection: Todoist is told to let oO in no more. Your tasks stay there as they are."</li>
                        <li>"The key under which your secrets are sealed. Without it, none of them opens."</li>
                    </ul>
                    <p>
                        "It goes at once, and you cannot bring it back. What stays is a fingerprint that names nobody: by it,
                        oO erases you again should whoever runs it go back to an old backup."
                    </p></div>
                </section>
                <section class="setting" aria-labelledby="along-title">
                    <div><h2 id="along-title">"Take it along"</h2>
                    <p>"Everything that oO knows of you, in one readable file."</p></div>
                    <div class="choices"><a class="button" href="/settings/export">"Export"</a></div>
                </section>
                <section class="setting" aria-labelledby="erase-title">
                    <div><h2 id="erase-title">"Erase everything"</h2>
                    <p id="erase-about">"To go ahead, write the word " <strong>{WORD}</strong> "."</p></div>
                    <form method="post" action="/settings/erase/now" autocomplete="off">
                        <input
                            name="word"
                            required
                            aria-labelledby="erase-title"
                            aria-describedby="erase-about"
                            autocapitalize="off"
                            spellcheck="false"
                            maxlength="16"
                        />
                        <button>"Erase"</button>
                    </form>
                </section>
            </main>
        </Document>
    }
}

/// The last page.
#[component]
pub fn ErasedPage(assets: Assets) -> impl IntoView {
    view! {
        <Document assets title="oO · good-bye">
            <Header />
            <main class="room">
                <div class="stage">
                    <section class="card" data-kind="scene" data-length="short">
                        <p class="label"></p>
                        <h1>"It is done."</h1>
                        <div class="below">
                            <p class="context">"Nothing of yours is left here. Go well."</p>
                            <p class="ways"><a href="/">"To the door"</a></p>
                        </div>
                    </section>
                </div>
            </main>
        </Document>
    }
}
