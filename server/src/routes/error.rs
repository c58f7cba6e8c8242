//! What went wrong, on its way to a person: the one place that chooses a status, and draws the page.

use std::{any::Any, error::Error, time::Duration};

use app::{
    headers,
    pages::Page,
    types::{DoorTrouble, Mishap},
};
use auth::AuthError;
use axum::{
    body::Body,
    extract::{Request, State},
    http::{
        HeaderValue, StatusCode,
        header::{CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, RETRY_AFTER},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use integrations::ConnectError;
use kernel::log_failure;

use super::api;
use crate::AppState;

/// The policy of a page without scripts.
const STYLE_ONLY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'",
);

const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");

/// What a handler answers instead of a page. [`draw`] makes one of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Failed {
    mishap: Mishap,
    /// In whole seconds.
    retry_after: Option<u64>,
}

impl Failed {
    pub(crate) const NOT_FOUND: Self = Self::of(Mishap::NotFound);
    pub(crate) const REFUSED: Self = Self::of(Mishap::Refused);
    pub(crate) const INTERNAL: Self = Self::of(Mishap::Internal);
    pub(crate) const UNAVAILABLE: Self = Self::of(Mishap::Unavailable);
    /// There is too much to do at the moment.
    pub(crate) const BUSY: Self = Self { retry_after: Some(1), ..Self::UNAVAILABLE };

    const fn of(mishap: Mishap) -> Self {
        Self { mishap, retry_after: None }
    }

    /// A sign-in that did not end well.
    pub(crate) const fn sign_in(trouble: DoorTrouble) -> Self {
        Self::of(Mishap::SignIn(trouble))
    }

    /// A visit to Todoist that did not end well.
    pub(crate) const fn connect(trouble: DoorTrouble) -> Self {
        Self::of(Mishap::Connect(trouble))
    }

    /// Once more after `wait`, and not before.
    pub(crate) fn too_often(wait: Duration) -> Self {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        Self { mishap: Mishap::TooOften, retry_after: Some(seconds) }
    }

    /// In whole seconds.
    pub(super) fn retry_after(self) -> Option<u64> {
        self.retry_after
    }

    pub(super) fn status(self) -> StatusCode {
        match self.mishap {
            Mishap::NotFound => StatusCode::NOT_FOUND,
            Mishap::Refused => StatusCode::FORBIDDEN,
            Mishap::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Mishap::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Mishap::TooOften => StatusCode::TOO_MANY_REQUESTS,
            Mishap::SignIn(trouble) | Mishap::Connect(trouble) => match trouble {
                DoorTrouble::Cancelled | DoorTrouble::Expired => StatusCode::BAD_REQUEST,
                DoorTrouble::Closed => StatusCode::FORBIDDEN,
                DoorTrouble::Provider | DoorTrouble::Unreachable => StatusCode::BAD_GATEWAY,
            },
        }
    }

    /// Our own fault. It is logged here, once.
    pub(crate) fn internal(error: impl Error) -> Self {
        log_failure(&error);
        Self::INTERNAL
    }
}

impl From<AuthError> for Failed {
    fn from(error: AuthError) -> Self {
        let trouble = match &error {
            AuthError::Denied(auth::Refusal::AccessDenied) => DoorTrouble::Cancelled,
            AuthError::Denied(_) => DoorTrouble::Provider,
            AuthError::Unavailable(_) => DoorTrouble::Unreachable,
            AuthError::Invalid(_) => DoorTrouble::Expired,
            AuthError::TooOften { wait } => return Self::too_often(*wait),
            AuthError::NotAdmitted => DoorTrouble::Closed,
            AuthError::Internal(_) => return Self::internal(error),
        };
        tracing::info!(%error, "a sign-in did not end well");
        Self::sign_in(trouble)
    }
}

impl From<ConnectError> for Failed {
    fn from(error: ConnectError) -> Self {
        let trouble = match &error {
            ConnectError::Refused => DoorTrouble::Expired,
            ConnectError::Unavailable => DoorTrouble::Unreachable,
            ConnectError::Garbled => DoorTrouble::Provider,
            ConnectError::Internal(_) => return Self::internal(error),
        };
        tracing::info!(%error, "Todoist was not connected");
        Self::connect(trouble)
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// What a panic is answered with. The panic itself is logged where panics are.
pub(super) fn panicked(_: Box<dyn Any + Send>) -> Response {
    Failed::INTERNAL.into_response()
}

/// Draws the page of a [`Failed`], and one for every bare status, where it would meet a person's eyes. A script
/// gets the status alone; from the API, a problem.
pub(super) async fn draw(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let asks_for_a_page = headers::asks_for_a_page(request.headers());
    let is_api = api::is_api(request.uri().path());
    let response = next.run(request).await;
    if is_api {
        return api::told(response);
    }
    let failed = response.extensions().get::<Failed>().copied().or_else(|| bare(&response));
    match failed {
        Some(failed) if asks_for_a_page => page(failed, response, &state),
        _ => response,
    }
}

/// What a status means that comes from a library, with a text for programmers.
fn bare(response: &Response) -> Option<Failed> {
    match response.status() {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED | StatusCode::URI_TOO_LONG => {
            Some(Failed::NOT_FOUND)
        }
        StatusCode::BAD_REQUEST
        | StatusCode::PAYLOAD_TOO_LARGE
        | StatusCode::UNSUPPORTED_MEDIA_TYPE
        | StatusCode::UNPROCESSABLE_ENTITY => Some(Failed::REFUSED),
        StatusCode::INTERNAL_SERVER_ERROR => Some(Failed::INTERNAL),
        StatusCode::SERVICE_UNAVAILABLE => Some(Failed::UNAVAILABLE),
        _ => None,
    }
}

/// The page, under the status and the cookies of `response`. It wakes no island, so that there is no script
/// to give a nonce to.
fn page(Failed { mishap, .. }: Failed, response: Response, state: &AppState) -> Response {
    let html = Page::Error(mishap).render(&state.assets, "");
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.insert(CONTENT_TYPE, HTML);
    parts.headers.insert(CONTENT_SECURITY_POLICY, STYLE_ONLY);
    Response::from_parts(parts, Body::from(html))
}
