//! The tip page's inside as a pure view of its state: drawn into the page, and again at every answer.

use super::{actions::Actions, notice::NoticeLine, tip::TitleCard, undo::Undo};
use crate::{
    types::{Scene, Stage},
    voice::{self, Card},
};
use leptos::prelude::*;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The card, what came of the last answer, and the answers.
#[component]
pub fn StageView(stage: Stage, keys: bool) -> impl IntoView {
    let card = voice::card(&stage.scene);
    let notice = stage.notice.map(voice::notice);
    let face = face(&card, &stage.scene, notice.map_or("", |(said, _)| said));
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

/// What makes two drawings different to a person; the island compares it. Of a tip they are its words too:
/// a task may have been renamed, or moved to another day.
fn face(card: &Card, scene: &Scene, notice: &str) -> String {
    let id = match scene {
        Scene::Tip(tip) => tip.id.as_str(),
        _ => "",
    };
    let mut hasher = DefaultHasher::new();
    (id, &card.heading, &card.context, notice).hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
