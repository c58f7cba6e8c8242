//! The tip page's inside as a pure view of its state: drawn into the page, and again at every answer.

use super::{actions::Actions, notice::NoticeLine, tip::TitleCard, undo::Undo};
use crate::{
    types::{Scene, Stage},
    voice,
};
use leptos::prelude::*;

/// The card, what came of the last answer, and the answers.
#[component]
pub fn StageView(stage: Stage, keys: bool) -> impl IntoView {
    let card = voice::card(&stage.scene);
    let notice = stage.notice.map(voice::notice);
    let face = face(&stage.scene, notice.map_or("", |(said, _)| said));
    let tip = match stage.scene {
        Scene::Tip(tip) => Some(tip),
        _ => None,
    };

    view! {
        <TitleCard card face keys />
        <div class="after">
            {notice.map(|(said, way)| view! { <NoticeLine said way /> })}
            {stage.just_done.map(|done| view! { <Undo done keys /> })}
        </div>
        <div class="foot">{tip.map(|tip| view! { <Actions tip keys /> })}</div>
    }
}

/// What makes two drawings different to a person; the island compares it.
fn face(scene: &Scene, notice: &str) -> String {
    let scene = match scene {
        Scene::Tip(tip) => tip.id.as_str(),
        Scene::NotConnected => "not-connected",
        Scene::Loading => "loading",
        Scene::Nothing => "nothing",
        Scene::Trouble(_) => "trouble",
    };
    format!("{scene} {notice}")
}
