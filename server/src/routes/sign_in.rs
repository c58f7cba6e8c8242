//! Signing in, and out.

use app::headers::cookie;
use auth::{
    attempts::Who,
    flow::{self, ReturnPath},
    identity,
    oidc::Callback,
    session,
};
use axum::{
    Extension,
    extract::{Query, State},
    http::{HeaderMap, header::SET_COOKIE},
    response::{IntoResponse, Redirect, Response},
};
use tower_sessions::Session;

use super::error::Failed;
use crate::{AppState, http::client::Client};

/// Sends the browser to the provider.
pub(super) async fn begin(
    State(state): State<AppState>,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let provider = state.provider.as_ref().ok_or(Failed::NOT_FOUND)?;
    state.attempts.count("sign-in", Who::Address(client.network())).await?;
    let begun = provider.begin(ReturnPath::default(), cookie(&headers, flow::COOKIE)).await?;
    let to = Redirect::to(begun.url.as_str());
    Ok(([(SET_COOKIE, begun.cookie.set_cookie())], to).into_response())
}

/// The browser comes back from the provider.
pub(super) async fn finish(
    State(state): State<AppState>,
    session: Session,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
    Query(callback): Query<Callback>,
) -> Result<Redirect, Failed> {
    let provider = state.provider.as_ref().ok_or(Failed::NOT_FOUND)?;
    state.attempts.count("sign-in return", Who::Address(client.network())).await?;
    let done = provider.finish(callback, cookie(&headers, flow::COOKIE)).await?;
    let AppState { db, clock, entropy, .. } = &state;
    let user = identity::sign_in_with(db, &**clock, entropy, &done.identity).await?;
    session::sign_in(&session, user, clock.now()).await?;
    Ok(Redirect::to(done.return_path.as_str()))
}

/// Into the demo's account.
pub(super) async fn demo(
    State(state): State<AppState>,
    session: Session,
) -> Result<Redirect, Failed> {
    let user = state.demo.ok_or(Failed::NOT_FOUND)?;
    session::sign_in(&session, user, state.clock.now()).await?;
    Ok(Redirect::to("/"))
}

/// Out.
pub(super) async fn out(session: Session) -> Result<Redirect, Failed> {
    session::sign_out(&session).await?;
    Ok(Redirect::to("/"))
}
