//! The title card in the middle: a tip, or one of the scenes without a tip.

use super::why::Why;
use crate::voice::Card;
use leptos::prelude::*;

/// One card. The heading can take the focus when a control that had it goes away.
#[component]
pub fn TitleCard(card: Card, face: String, keys: bool) -> impl IntoView {
    let Card { kind, length, label, heading, context, reasons, ways } = card;
    view! {
        <section class="card" data-face=face data-kind=kind data-length=length>
            <p class="label">{label}</p>
            <h1 tabindex="-1" dir="auto">{heading}</h1>
            <div class="below">
                <p class="context" dir="auto">{context}</p>
                {(!ways.is_empty()).then(|| view! {
                    <p class="ways">
                        {ways.into_iter().map(|way| view! { <a href=way.href>{way.label}</a> }).collect_view()}
                    </p>
                })}
                {(!reasons.is_empty()).then(|| view! { <Why reasons keys /> })}
            </div>
        </section>
    }
}
