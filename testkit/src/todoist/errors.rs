//! Errors in the form in which Todoist writes them.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::{
    Json,
    http::{HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

/// How long Todoist asks to wait after an error that is no throttling, in seconds.
const IDLE_RETRY_AFTER_SECS: u64 = 3;

/// What an API call can fail with.
#[derive(Clone, Debug)]
pub(super) enum ApiError {
    /// The token is missing, unknown, expired or revoked.
    Unauthorized,
    /// The token's scopes do not allow it.
    Forbidden,
    /// There is no such thing: the noun.
    NotFound(&'static str),
    /// A field is missing: its name.
    Missing(&'static str),
    /// A field's value cannot be: its name, and what was expected.
    Invalid(&'static str, &'static str),
    /// Too many requests: how many seconds to wait.
    Throttled(u64),
    /// The server's own fault.
    Server(StatusCode),
}

impl ApiError {
    fn status(&self) -> StatusCode {
        match self {
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Missing(_) | Self::Invalid(..) => StatusCode::BAD_REQUEST,
            Self::Throttled(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Server(status) => *status,
        }
    }

    /// The numeric code, the tag and the words.
    fn words(&self) -> (u16, &'static str, String) {
        match self {
            Self::Unauthorized => (477, "UNAUTHORIZED", "Unauthorized".into()),
            Self::Forbidden => {
                (403, "AUTH_INSUFFICIENT_TOKEN_SCOPE", "Insufficient Token scope".into())
            }
            Self::NotFound(noun) => (478, "NOT_FOUND", format!("{noun} not found")),
            Self::Missing(_) => (19, "ARGUMENT_MISSING", "Required argument is missing".into()),
            Self::Invalid(..) => (20, "INVALID_ARGUMENT_VALUE", "Invalid argument value".into()),
            Self::Throttled(_) => {
                (35, "LIMITS_REACHED", "Too many requests. Limits reached. Try again later".into())
            }
            Self::Server(StatusCode::SERVICE_UNAVAILABLE) => {
                (503, "SERVICE_UNAVAILABLE", "Service unavailable".into())
            }
            Self::Server(_) => (500, "INTERNAL_SERVER_ERROR", "Internal server error".into()),
        }
    }

    fn extra(&self) -> Value {
        let mut extra = json!({ "event_id": event_id(), "retry_after": self.retry_after() });
        match self {
            Self::Missing(argument) => extra["argument"] = json!(argument),
            Self::Invalid(argument, expected) => {
                extra["argument"] = json!(argument);
                extra["expected"] = json!(expected);
            }
            _ => {}
        }
        extra
    }

    fn retry_after(&self) -> u64 {
        if let Self::Throttled(seconds) = self { *seconds } else { IDLE_RETRY_AFTER_SECS }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (code, tag, error) = self.words();
        let body = json!({
            "error": error,
            "error_code": code,
            "error_extra": self.extra(),
            "error_tag": tag,
            "http_code": self.status().as_u16(),
        });
        let mut response = (self.status(), Json(body)).into_response();
        let headers = response.headers_mut();
        if matches!(self, Self::Unauthorized | Self::Throttled(_)) {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(self.retry_after()));
        }
        if matches!(self, Self::Unauthorized) {
            let challenge = HeaderValue::from_static("Bearer error=\"invalid_token\"");
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// An error of the OAuth endpoints: Todoist answers `{"error": …}` and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OAuthError(pub(super) StatusCode, pub(super) &'static str);

impl OAuthError {
    /// 400 with this word.
    pub(super) const fn bad(word: &'static str) -> Self {
        Self(StatusCode::BAD_REQUEST, word)
    }
}

impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "error": self.1 }))).into_response()
    }
}

/// 410 for the APIs that Todoist has ended, 404 for all other unknown paths.
pub(super) async fn no_such_endpoint(uri: Uri) -> Response {
    if uri.path().starts_with("/rest/v2") || uri.path().starts_with("/sync/v9") {
        let words = "This endpoint is deprecated. Please use the endpoints under /api/v1/.";
        return (StatusCode::GONE, words).into_response();
    }
    ApiError::NotFound("Endpoint").into_response()
}

/// 32 hexadecimal digits that differ from answer to answer.
fn event_id() -> String {
    static EVENTS: AtomicU64 = AtomicU64::new(1);
    format!("{:032x}", EVENTS.fetch_add(1, Ordering::Relaxed))
}
