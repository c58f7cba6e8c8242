//! The tip page.

use super::error;
use crate::{
    components::stage::StageView,
    islands::stage::StageIsland,
    shell::{Assets, Document, Header},
    types::{Scene, Stage},
};
use leptos::prelude::*;

/// The title of a page with a tip, and of one that does not know yet what it will show.
const TITLE: &str = "oO";

/// `/`, signed in: one tip, or one of the scenes without.
#[component]
pub fn StagePage(
    assets: Assets,
    stage: Stage,
    keys: bool,
    zone: Option<String>,
    person: String,
) -> impl IntoView {
    let title = match stage.scene {
        Scene::Tip(_) => TITLE,
        Scene::Unasked | Scene::NotAllowed => "oO · what oO may do",
        Scene::NotConnected | Scene::NoConnector => "oO · connect",
        Scene::Loading => "oO · one moment",
        Scene::Nothing => "oO · nothing right now",
        Scene::Trouble(_) => "oO · trouble",
        Scene::Mishap(_) => error::TITLE,
    };
    view! {
        <Around assets title keys>
            <main class="room" data-zone=zone data-person=person>
                <StageIsland>
                    <StageView stage keys />
                </StageIsland>
            </main>
        </Around>
    }
}

/// The same while its stage is awaited: of it, what stands above `<main>` is sent.
#[component]
pub fn BegunPage(assets: Assets, keys: bool) -> impl IntoView {
    view! {
        <Around assets title=TITLE keys>
            <main></main>
        </Around>
    }
}

/// What is the same around every stage.
#[component]
fn Around(assets: Assets, title: &'static str, keys: bool, children: Children) -> impl IntoView {
    view! {
        <Document assets title first=true awake=true>
            <Header way=("/settings", "settings") keys />
            {children()}
        </Document>
    }
}
