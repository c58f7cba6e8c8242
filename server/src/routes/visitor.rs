//! Who is it? Extractors that answer the question once for all handlers.

use auth::session;
use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::request::Parts,
    response::{IntoResponse, Redirect, Response},
};
use kernel::{UserId, log_failure};
use tower_sessions::Session;

use super::error::Failed;
use crate::{AppState, http::limit::Bucket};

/// The signed-in person, who does not ask too often. A handler that asks for it sends all others to `/`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Visitor(pub(super) UserId);

impl OptionalFromRequestParts<AppState> for Visitor {
    type Rejection = Failed;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &AppState,
    ) -> Result<Option<Self>, Failed> {
        let session = parts.extensions.get::<Session>();
        let Some(session) = session else { return Ok(None) };
        match session::current_user(session).await {
            Ok(Some(user)) => {
                state.limits.take(Bucket::Person(user)).map_err(Failed::too_often)?;
                Ok(Some(Self(user)))
            }
            Ok(None) => Ok(None),
            Err(error) => {
                log_failure(&error);
                Err(Failed::UNAVAILABLE)
            }
        }
    }
}

impl FromRequestParts<AppState> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        match <Self as OptionalFromRequestParts<AppState>>::from_request_parts(parts, state).await {
            Ok(Some(visitor)) => Ok(visitor),
            Ok(None) => Err(Redirect::to("/").into_response()),
            Err(failed) => Err(failed.into_response()),
        }
    }
}
