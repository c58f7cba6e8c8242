//! What the service answers when it does not take a message.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

/// Why a message is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ApiError {
    /// 400: a header is missing, or has no sense.
    BadRequest(&'static str),
    /// 401: nobody has signed it.
    Unsigned,
    /// 403: the signature does not hold.
    Forbidden(&'static str),
    /// 404: there never was such a subscription.
    Unknown,
    /// 410: it has ended.
    Gone,
    /// 413: more than 4,096 bytes.
    TooLarge,
    /// 429, with the header `Retry-After`.
    Throttled(Option<String>),
    /// 500.
    Server,
}

impl ApiError {
    fn told(&self) -> (StatusCode, &'static str) {
        match self {
            Self::BadRequest(why) => (StatusCode::BAD_REQUEST, why),
            Self::Unsigned => (StatusCode::UNAUTHORIZED, "no VAPID signature"),
            Self::Forbidden(why) => (StatusCode::FORBIDDEN, why),
            Self::Unknown => (StatusCode::NOT_FOUND, "no such subscription"),
            Self::Gone => (StatusCode::GONE, "the subscription has ended"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "more than 4096 bytes"),
            Self::Throttled(_) => (StatusCode::TOO_MANY_REQUESTS, "too many messages"),
            Self::Server => (StatusCode::INTERNAL_SERVER_ERROR, "something failed"),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, why) = self.told();
        let mut response = (status, Json(json!({ "error": why }))).into_response();
        if let Self::Throttled(Some(after)) = self
            && let Ok(after) = HeaderValue::from_str(&after)
        {
            response.headers_mut().insert(header::RETRY_AFTER, after);
        }
        response
    }
}
