//! Taking the last answer back.

use super::Drawing;
use crate::types::Failure;
use leptos::prelude::*;

/// Takes the last answer back.
#[server(endpoint = "undo")]
pub async fn undo(tip_id: String) -> Result<Drawing, Failure> {
    let person = super::person()?;
    super::answer(crate::backend::undo(person, tip_id).await)
}
