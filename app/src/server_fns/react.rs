//! The answer to a tip.

use super::Drawing;
use crate::types::{Failure, Reaction, Snooze};
use leptos::prelude::*;

/// Answers a tip. `key` is the idempotency key of the rendering that was answered; `snooze` counts
/// only when it is snoozed.
#[server(endpoint = "react")]
pub async fn react(
    tip_id: String,
    key: String,
    reaction: Reaction,
    snooze: Option<Snooze>,
) -> Result<Drawing, Failure> {
    let person = super::person()?;
    let snooze = snooze.unwrap_or_default();
    super::answer(crate::backend::react(person, tip_id, key, reaction, snooze).await)
}
