//! When there is more to do than can be done, some are told so at once, and the others are answered in time.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{StatusCode, Uri},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tokio::sync::OwnedSemaphorePermit;

use crate::{AppState, routes::Failed};

/// The longest path and query: no page of ours comes near it, and no provider's return does.
const MAX_URI: usize = 8 * 1024;

/// The place of a request among those that are worked on, in its extensions. It is free again when the answer
/// begins; who works on after that keeps it for as long.
#[derive(Clone, Debug)]
pub struct Place {
    _permit: Arc<OwnedSemaphorePermit>,
}

/// Answers 503 to what comes while there are as many requests as may be.
pub async fn load(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let Ok(permit) = Arc::clone(&state.in_flight).try_acquire_owned() else {
        return Failed::BUSY.into_response();
    };
    let place = Place { _permit: Arc::new(permit) };
    request.extensions_mut().insert(place.clone());
    let response = next.run(request).await;
    drop(place);
    response
}

/// Answers 414 to an address without end.
pub async fn long_addresses(request: Request, next: Next) -> Response {
    let length = |uri: &Uri| uri.path().len() + uri.query().map_or(0, str::len);
    if length(request.uri()) > MAX_URI {
        return StatusCode::URI_TOO_LONG.into_response();
    }
    next.run(request).await
}
