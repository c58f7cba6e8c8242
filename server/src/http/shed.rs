//! When there is more to do than can be done, some are told so at once, and the others are answered in time.

use axum::{
    extract::{Request, State},
    http::{StatusCode, Uri},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{AppState, routes::Failed};

/// The longest path and query: no page of ours comes near it, and no provider's return does.
const MAX_URI: usize = 8 * 1024;

/// Answers 503 to what comes while there are as many requests as may be.
pub async fn load(State(state): State<AppState>, request: Request, next: Next) -> Response {
    match state.in_flight.try_acquire() {
        Ok(_place) => next.run(request).await,
        Err(_) => Failed::BUSY.into_response(),
    }
}

/// Answers 414 to an address without end.
pub async fn long_addresses(request: Request, next: Next) -> Response {
    let length = |uri: &Uri| uri.path().len() + uri.query().map_or(0, str::len);
    if length(request.uri()) > MAX_URI {
        return StatusCode::URI_TOO_LONG.into_response();
    }
    next.run(request).await
}
