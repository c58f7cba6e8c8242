//! The answers in the place of the right ones.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::Fault;
use crate::{
    answers::{cut, garbage, huge, json, page},
    control::CONTROL,
    todoist::{errors::ApiError, world::Double},
};

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
        let method = request.method().as_str();
        world.log.record(method, path);
        let rule = world.faults.take(|rule| rule.fits(method, path));
        (rule.map(|rule| rule.fault), world.faults.latency)
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
        Fault::Garbage => garbage(),
        Fault::Html => page(StatusCode::OK),
        Fault::Deep { depth } => json("[".repeat(depth) + &"]".repeat(depth)),
        Fault::Huge { bytes } => {
            huge(r#"{"results":[{"id":"1","content":""#, bytes, r#""}],"next_cursor":null}"#)
        }
        Fault::WrongTypes => json(
            r#"{"results":[{"id":7,"content":null,"labels":"none","priority":"high","due":"soon","checked":0},"task",null],"next_cursor":42,"tz_info":[]}"#,
        ),
        Fault::ServerError | Fault::Slow { .. } | Fault::Cut => {
            ApiError::Server(StatusCode::INTERNAL_SERVER_ERROR).into_response()
        }
    }
}
