//! The answers in the place of the right ones.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::Fault;
use crate::{
    answers::cut,
    control::CONTROL,
    push::{
        errors::ApiError,
        receive::taken,
        world::{Double, Seen},
    },
};

/// Remembers each request, and lets it through or answers in its place.
pub(in crate::push) async fn stand_between(
    State(double): State<Arc<Double>>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    if path.starts_with(CONTROL) {
        return next.run(request).await;
    }
    let (fault, latency, origin) = {
        let mut world = double.world();
        world.seen.push(Seen { method: request.method().to_string(), path: path.to_owned() });
        let rule = world.faults.take(|rule| rule.fits(path));
        (rule.map(|rule| rule.fault), world.faults.latency, world.origin.clone())
    };
    double.pause(latency).await;

    let error = match fault {
        None => return next.run(request).await,
        Some(Fault::Slow { ms }) => {
            double.pause(Duration::from_millis(ms)).await;
            return next.run(request).await;
        }
        Some(Fault::Hang) => {
            double.shutdown.cancelled().await;
            return cut(StatusCode::CREATED.into_response()).await;
        }
        Some(Fault::Cut) => return cut(next.run(request).await).await,
        Some(Fault::Smile) => return taken(&origin),
        Some(Fault::Redirect { to }) => {
            return (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, to)]).into_response();
        }
        Some(Fault::NotFound) => ApiError::Unknown,
        Some(Fault::Gone) => ApiError::Gone,
        Some(Fault::TooLarge) => ApiError::TooLarge,
        Some(Fault::TooManyRequests { retry_after }) => ApiError::Throttled(retry_after),
        Some(Fault::BadRequest) => ApiError::BadRequest("no sense"),
        Some(Fault::Unauthorized) => ApiError::Unsigned,
        Some(Fault::Forbidden) => ApiError::Forbidden("the signature does not hold"),
        Some(Fault::ServerError) => ApiError::Server,
    };
    error.into_response()
}
