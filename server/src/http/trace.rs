//! One line of log a request: the route that matched, never the query. Whatever is logged on the way
//! carries the same id, which the browser is told too.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use tracing::Instrument;

use crate::AppState;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Gives the request its id, and logs how it ended.
pub async fn log(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let id = format!("{:016x}", u64::from_be_bytes(state.entropy.bytes()));
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or("file", MatchedPath::as_str);
    let span = tracing::info_span!("request", id, method = %request.method(), route);
    let start = Instant::now();

    async move {
        let mut response = next.run(request).await;
        let (status, micros) = (response.status().as_u16(), start.elapsed().as_micros());
        tracing::debug!(status, micros, "answered");
        if let Ok(id) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        response
    }
    .instrument(span)
    .await
}
