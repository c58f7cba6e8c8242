//! Signing in, and out.

use app::types::Mishap;
use auth::{
    flow::{self, ReturnPath},
    identity,
    oidc::Callback,
    session,
};
use axum::{
    extract::{Query, State},
    http::{HeaderMap, header::SET_COOKIE},
    response::{IntoResponse, Redirect, Response},
};
use tower_sessions::Session;

use super::{answer::Failed, visitor::cookie};
use crate::AppState;

/// Sends the browser to the provider.
pub(super) async fn begin(
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let not_found = || Failed::new(Mishap::NotFound, &state.assets);
    let provider = state.provider.as_ref().ok_or_else(not_found)?;
    let begun = provider
        .begin(ReturnPath::default(), cookie(&headers, flow::COOKIE))
        .await
        .map_err(|error| Failed::sign_in(&error, &state.assets))?;
    let to = Redirect::to(begun.url.as_str());
    Ok(([(SET_COOKIE, begun.cookie.set_cookie())], to).into_response())
}

/// The browser comes back from the provider.
pub(super) async fn finish(
    State(state): State<AppState>,
    session: Session,
    headers: HeaderMap,
    Query(callback): Query<Callback>,
) -> Result<Redirect, Failed> {
    let failed = |error| Failed::sign_in(&error, &state.assets);
    let not_found = || Failed::new(Mishap::NotFound, &state.assets);
    let provider = state.provider.as_ref().ok_or_else(not_found)?;
    let done = provider.finish(callback, cookie(&headers, flow::COOKIE)).await.map_err(failed)?;
    let user = identity::sign_in_with(&state.db, &*state.clock, &state.entropy, &done.identity)
        .await
        .map_err(failed)?;
    session::sign_in(&session, user, state.clock.now()).await.map_err(failed)?;
    Ok(Redirect::to(done.return_path.as_str()))
}

/// Into the demo's account.
pub(super) async fn demo(
    State(state): State<AppState>,
    session: Session,
) -> Result<Redirect, Failed> {
    let user = state.demo.ok_or_else(|| Failed::new(Mishap::NotFound, &state.assets))?;
    session::sign_in(&session, user, state.clock.now())
        .await
        .map_err(|error| Failed::sign_in(&error, &state.assets))?;
    Ok(Redirect::to("/"))
}

/// Out.
pub(super) async fn out(
    State(state): State<AppState>,
    session: Session,
) -> Result<Redirect, Failed> {
    session::sign_out(&session).await.map_err(|error| Failed::sign_in(&error, &state.assets))?;
    Ok(Redirect::to("/"))
}
