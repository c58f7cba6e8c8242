//! The state of the page.

use super::Drawing;
use crate::types::Failure;
use leptos::prelude::*;

/// The state of the tip page now. Nothing is decided twice: an open tip stays.
#[server(name = LoadStage, endpoint = "stage")]
pub async fn stage() -> Result<Drawing, Failure> {
    let person = super::person()?;
    super::answer(crate::backend::stage(person).await)
}
