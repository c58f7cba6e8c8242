//! The answers in the place of the right ones.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures::{StreamExt, stream};

use super::Fault;
use crate::{
    answers::{cut, garbage, page},
    control::CONTROL,
    llm::{
        errors::ApiError,
        ollama,
        seen::Seen,
        world::{Asked, Double},
    },
};

/// Remembers each request, and lets it through or answers in its place.
pub(in crate::llm) async fn stand_between(
    State(double): State<Arc<Double>>,
    request: Request,
    next: Next,
) -> Response {
    if request.uri().path().starts_with(CONTROL) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let body = serde_json::from_slice(&bytes).unwrap_or_default();
    let seen = Seen::new(&parts, body, double.clock.now());
    let mut asked = Asked { body: seen.body.clone(), fault: None };
    let is_ollama = ollama::is_at(&seen.path);
    let (fault, latency) = {
        let mut world = double.world();
        let rule = world.faults.take(|rule| rule.fits(&seen.path, seen.alias.as_deref()));
        world.seen.push(seen);
        (rule.map(|rule| rule.fault), world.faults.latency)
    };
    double.pause(latency).await;

    asked.fault = fault.filter(|fault| fault.is_about_content());
    let mut request = Request::from_parts(parts, Body::empty());
    request.extensions_mut().insert(asked);
    match fault {
        Some(Fault::Slow { ms }) => {
            double.pause(Duration::from_millis(ms)).await;
            next.run(request).await
        }
        Some(Fault::Drip { ms }) => {
            drip(next.run(request).await, Duration::from_millis(ms), double).await
        }
        Some(Fault::Hang) => {
            double.shutdown.cancelled().await;
            cut(StatusCode::OK.into_response()).await
        }
        Some(Fault::Cut) => cut(next.run(request).await).await,
        fault => match fault.and_then(|fault| instead(fault, is_ollama)) {
            Some(answer) => answer,
            None => next.run(request).await,
        },
    }
}

/// What needs no model; nothing when the model itself, or the way to it, is to go wrong.
fn instead(fault: Fault, is_ollama: bool) -> Option<Response> {
    let told = |error: ApiError| {
        if is_ollama { ollama::error(error.status()) } else { error.into_response() }
    };
    let throttled = |header: HeaderName, retry_after: u64| {
        ([(header, HeaderValue::from(retry_after))], told(ApiError::throttled())).into_response()
    };
    let answer = match fault {
        Fault::Garbage => garbage(),
        Fault::Html => page(StatusCode::OK),
        Fault::BadGateway => page(StatusCode::BAD_GATEWAY),
        Fault::TooManyRequests { retry_after } => throttled(header::RETRY_AFTER, retry_after),
        Fault::TooManyUpstream { retry_after } => {
            throttled(HeaderName::from_static("llm_provider-retry-after"), retry_after)
        }
        Fault::TooMany => told(ApiError::throttled()),
        Fault::Unavailable => told(ApiError::unavailable()),
        Fault::ServerError => told(ApiError::unreachable()),
        Fault::Timeout => told(ApiError::timeout()),
        Fault::Unauthorized => told(ApiError::unauthorized()),
        _ => return None,
    };
    Some(answer)
}

/// The answer, with a pause between two of its bytes.
async fn drip(whole: Response, between: Duration, double: Arc<Double>) -> Response {
    let (mut parts, body) = whole.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    parts.headers.remove(header::CONTENT_LENGTH);
    let drops = stream::iter(0..bytes.len()).then(move |index| {
        let (double, drop): (_, Bytes) = (Arc::clone(&double), bytes.slice(index..=index));
        async move {
            if index > 0 {
                double.pause(between).await;
            }
            Ok::<_, Infallible>(drop)
        }
    });
    Response::from_parts(parts, Body::from_stream(drops))
}
