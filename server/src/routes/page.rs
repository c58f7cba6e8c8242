//! `/`: the one page.

use app::{
    backend::{self, Person},
    pages::Page,
    types::{Notice, Scene, SignInOptions},
};
use axum::{
    extract::{Query, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{answer::show, error::Failed, sign_in, visitor::Visitor};
use crate::AppState;

/// What a form without scripts comes back with.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Told {
    notice: Option<String>,
}

/// The tip, or the way in.
pub(super) async fn tip(
    State(state): State<AppState>,
    visitor: Option<Visitor>,
    Query(told): Query<Told>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let Some(Visitor(user)) = visitor else {
        let options = SignInOptions { demo: state.demo.is_some(), doors: sign_in::doors(&state) };
        return Ok(show(&state, Page::SignedOut(options)));
    };
    let person = Person { user, house: state.house() };
    let (mut shown, zone) = backend::page(person).await.map_err(|_logged| Failed::INTERNAL)?;
    let told = told.notice.as_deref().and_then(Notice::from_code);
    if shown.scene == Scene::Unasked {
        return Ok(Redirect::to("/consents").into_response());
    }
    shown.notice = told.or(shown.notice);
    let keys = app::keys::are_on(&headers);
    Ok(show(&state, Page::Stage { stage: shown, keys, zone }))
}

/// Everything that is not there.
pub(super) async fn not_found() -> Failed {
    Failed::NOT_FOUND
}
