//! The tip page.

use crate::{
    components::stage::StageView,
    islands::stage::StageIsland,
    shell::{Assets, Document, Header},
    types::{Scene, Stage},
};
use leptos::prelude::*;

/// `/`, signed in: one tip, or one of the scenes without.
#[component]
pub fn StagePage(assets: Assets, stage: Stage, keys: bool, zone: Option<String>) -> impl IntoView {
    let title = match stage.scene {
        Scene::Tip(_) => "oO",
        Scene::Unasked | Scene::NotAllowed => "oO · what oO may do",
        Scene::NotConnected | Scene::NoConnector => "oO · connect",
        Scene::Loading => "oO · one moment",
        Scene::Nothing => "oO · nothing right now",
        Scene::Trouble(_) => "oO · trouble",
    };
    view! {
        <Document assets title awake=true>
            <Header way=("/settings", "settings") keys />
            <main class="room" data-zone=zone>
                <StageIsland>
                    <StageView stage keys />
                </StageIsland>
            </main>
        </Document>
    }
}
