//! What went wrong, for a script (RFC 9457).

use std::error::Error;

use auth::token::Scope;
use axum::{
    body::Body,
    extract::rejection::JsonRejection,
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE},
    },
    response::{IntoResponse, Response},
};
use recommender::ReactError;
use serde::Serialize;
use utoipa::ToSchema;

use super::document;
use crate::routes::Failed;

/// Of every answer that tells one.
pub(super) const MEDIA_TYPE: &str = "application/problem+json";

/// How long to wait for tasks that cannot be read now, in seconds.
const READABLE_AFTER: u64 = 5;

/// What a handler of the API answers instead.
#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    /// Its name in the document; none where the status says it all.
    kind: Option<&'static str>,
    title: &'static str,
    detail: Option<String>,
    /// What [`WWW_AUTHENTICATE`] says, after the realm.
    challenge: Option<String>,
    /// In seconds.
    retry_after: Option<u64>,
}

/// A problem, as it is sent.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct Told<'a> {
    /// What kind of problem it is; `about:blank` where the status says it all.
    #[serde(rename = "type")]
    #[schema(format = "uri-reference")]
    kind: String,
    /// The same for people.
    title: &'a str,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What it is about this time.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    detail: Option<&'a str>,
}

impl Problem {
    const fn of(status: StatusCode, kind: &'static str, title: &'static str) -> Self {
        let kind = Some(kind);
        Self { status, kind, title, detail: None, challenge: None, retry_after: None }
    }

    /// The status says it all.
    fn bare(status: StatusCode) -> Self {
        let title = status.canonical_reason().unwrap_or("It failed");
        Self { kind: None, ..Self::of(status, "", title) }
    }

    /// Nobody has signed in, and there is no token.
    pub(super) fn no_token() -> Self {
        let challenge = Some(String::new());
        Self { challenge, ..Self::of(StatusCode::UNAUTHORIZED, "no-token", "This needs a token.") }
    }

    /// There is one, but not of ours: never made, past its time, or revoked.
    pub(super) fn invalid_token() -> Self {
        let title = "The token is unknown, has expired or was revoked.";
        let challenge = Some(", error=\"invalid_token\"".to_owned());
        Self { challenge, ..Self::of(StatusCode::UNAUTHORIZED, "invalid-token", title) }
    }

    /// The token may not do what needs `scope`.
    pub(super) fn insufficient_scope(scope: Scope) -> Self {
        let scope = scope.as_str();
        let challenge = Some(format!(", error=\"insufficient_scope\", scope=\"{scope}\""));
        let title = "The token may not do this.";
        Self { challenge, ..Self::of(StatusCode::FORBIDDEN, "insufficient-scope", title) }
    }

    /// The tasks cannot be read at the moment, and so the tip cannot be told.
    pub(super) fn unreadable() -> Self {
        let title = "The tasks cannot be read at the moment.";
        let problem = Self::of(StatusCode::SERVICE_UNAVAILABLE, "unreadable", title);
        Self { retry_after: Some(READABLE_AFTER), ..problem }
    }

    /// Our own fault. It is logged here, once.
    pub(super) fn internal(error: impl Error) -> Self {
        Failed::internal(error).into()
    }

    fn told(&self) -> Told<'_> {
        let Self { status, kind, title, detail, .. } = self;
        Told {
            kind: kind.map_or_else(
                || "about:blank".to_owned(),
                |kind| format!("{}#{kind}", document::PATH),
            ),
            title,
            status: status.as_u16(),
            detail: detail.as_deref(),
        }
    }
}

/// What can happen to any request.
impl From<Failed> for Problem {
    fn from(failed: Failed) -> Self {
        Self { retry_after: failed.retry_after(), ..Self::bare(failed.status()) }
    }
}

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        match rejection {
            JsonRejection::MissingJsonContentType(_) => {
                let title = "The body has to be application/json.";
                Self::of(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type", title)
            }
            JsonRejection::BytesRejection(bytes) => Self::bare(bytes.status()),
            _ => {
                let title = "The body is not as it is described.";
                let malformed = Self::of(StatusCode::BAD_REQUEST, "malformed", title);
                Self { detail: Some(rejection.body_text()), ..malformed }
            }
        }
    }
}

impl From<ReactError> for Problem {
    fn from(error: ReactError) -> Self {
        let (status, kind, title) = match error {
            ReactError::AnsweredElsewhere => {
                (StatusCode::CONFLICT, "answered-elsewhere", "The tip was answered elsewhere.")
            }
            ReactError::KeyReused => {
                (StatusCode::CONFLICT, "key-reused", "The key was used for another answer.")
            }
            ReactError::Unknown => (StatusCode::NOT_FOUND, "unknown", "There is no such tip."),
            ReactError::Gone => (StatusCode::GONE, "gone", "The tip is not open any more."),
            ReactError::Internal(error) => return Self::internal(error),
        };
        Self::of(status, kind, title)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        let challenge = self.challenge.as_ref().map(|more| format!("Bearer realm=\"oO\"{more}"));
        if let Some(Ok(challenge)) = challenge.map(HeaderValue::try_from) {
            headers.insert(WWW_AUTHENTICATE, challenge);
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, seconds.into());
        }
        match serde_json::to_vec(&self.told()) {
            Ok(body) => (self.status, headers, body).into_response(),
            Err(error) => Failed::internal(error).into_response(),
        }
    }
}

/// What was answered to a request for the API, told as a problem where something before it or around it failed: its
/// status, and its headers.
pub(crate) fn told(response: Response) -> Response {
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    let is_told = response.headers().get(CONTENT_TYPE).is_some_and(|it| it == MEDIA_TYPE);
    if !is_error || is_told {
        return response;
    }
    let (mut parts, _) = response.into_parts();
    let Ok(body) = serde_json::to_vec(&Problem::bare(status).told()) else {
        return Response::from_parts(parts, Body::empty());
    };
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    Response::from_parts(parts, Body::from(body))
}
