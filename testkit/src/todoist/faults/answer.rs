//! The answers in the place of the right ones.

use std::{convert::Infallible, io, sync::Arc, time::Duration};

use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use futures::stream;

use super::Fault;
use crate::todoist::{errors::ApiError, world::Double};

/// The control routes themselves never fail.
const CONTROL: &str = "/_double/";

/// How much of a huge answer is sent at once.
const CHUNK: &[u8] = &[b'a'; 64 * 1024];

/// Counts each request, and lets it through or answers in its place.
pub(in crate::todoist) async fn stand_between(
    State(double): State<Arc<Double>>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    if path.starts_with(CONTROL) {
        return next.run(request).await;
    }
    let (fault, latency) = {
        let mut world = double.world();
        world.log.record(request.method().as_str(), path);
        (world.faults.take(request.method().as_str(), path), world.faults.latency)
    };
    double.pause(latency).await;

    match fault {
        None => next.run(request).await,
        Some(Fault::Slow { ms }) => {
            double.pause(Duration::from_millis(ms)).await;
            next.run(request).await
        }
        Some(Fault::Cut) => cut(next.run(request).await).await,
        Some(fault) => instead(fault),
    }
}

fn instead(fault: Fault) -> Response {
    match fault {
        Fault::Unauthorized => ApiError::Unauthorized.into_response(),
        Fault::TooManyRequests { retry_after } => ApiError::Throttled(retry_after).into_response(),
        Fault::Unavailable => ApiError::Server(StatusCode::SERVICE_UNAVAILABLE).into_response(),
        Fault::Garbage => json(&b"\x00\xff\xfe{]\x9d 0x0G \xc3\x28 \"results\": [[[ nonsense"[..]),
        Fault::Html => {
            Html("<!doctype html><title>Hold on</title><p>We will be back soon.").into_response()
        }
        Fault::Deep { depth } => json("[".repeat(depth) + &"]".repeat(depth)),
        Fault::Huge { bytes } => huge(bytes),
        Fault::WrongTypes => json(
            r#"{"results":[{"id":7,"content":null,"labels":"none","priority":"high","due":"soon","checked":0},"task",null],"next_cursor":42,"tz_info":[]}"#,
        ),
        Fault::ServerError | Fault::Slow { .. } | Fault::Cut => {
            ApiError::Server(StatusCode::INTERNAL_SERVER_ERROR).into_response()
        }
    }
}

/// The first half of the answer, and then the connection breaks.
async fn cut(whole: Response) -> Response {
    let (mut parts, body) = whole.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    // An answer without a body could not break off in its middle.
    parts.status = StatusCode::OK;
    parts.headers.remove(header::CONTENT_LENGTH);
    let half =
        if bytes.is_empty() { Bytes::from_static(b"{") } else { bytes.slice(..bytes.len() / 2) };
    let broken = stream::iter([Ok(half), Err(io::Error::from(io::ErrorKind::ConnectionReset))]);
    Response::from_parts(parts, Body::from_stream(broken))
}

fn huge(bytes: usize) -> Response {
    let start = stream::iter([Bytes::from_static(br#"{"results":[{"id":"1","content":""#)]);
    let middle = stream::iter(std::iter::repeat_n(Bytes::from_static(CHUNK), bytes / CHUNK.len()));
    let end = stream::iter([Bytes::from_static(br#""}],"next_cursor":null}"#)]);
    let whole = futures::StreamExt::chain(futures::StreamExt::chain(start, middle), end);
    json(Body::from_stream(futures::StreamExt::map(whole, Ok::<_, Infallible>)))
}

fn json(body: impl Into<Body>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body.into()).into_response()
}
