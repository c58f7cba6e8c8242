//! Answers: pages with their policy, and the one place that chooses a status for what went wrong.

use std::{error::Error, time::Instant};

use app::{
    pages::Page,
    shell::Assets,
    types::{DoorTrouble, Mishap},
};
use auth::AuthError;
use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderValue, StatusCode, header::CONTENT_SECURITY_POLICY},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use kernel::Entropy;

use crate::http::guard;

/// The policy of a page without scripts.
const STYLE_ONLY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
                          base-uri 'none'; frame-ancestors 'none'";

/// A page, rendered under a policy of its own.
pub(super) fn page(page: Page, status: StatusCode, assets: &Assets, entropy: &Entropy) -> Response {
    let nonce = hex(entropy.bytes::<16>());
    let html = page.render(assets, &nonce);
    let mut response = (status, Html(html)).into_response();
    if let Ok(policy) = HeaderValue::from_str(&guard::page_policy(&nonce)) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

fn hex(bytes: [u8; 16]) -> String {
    format!("{:032x}", u128::from_be_bytes(bytes))
}

/// What went wrong, on its way to a page.
pub(super) struct Failed {
    mishap: Mishap,
    /// Boxed, since the way that goes well carries it too.
    assets: Box<Assets>,
}

impl Failed {
    pub(super) fn new(mishap: Mishap, assets: &Assets) -> Self {
        Self { mishap, assets: Box::new(assets.clone()) }
    }

    /// Our own fault. It is logged here, once.
    pub(super) fn internal(error: &dyn Error, assets: &Assets) -> Self {
        log_failure(error);
        Self::new(Mishap::Internal, assets)
    }

    /// A sign-in that did not end well.
    pub(super) fn sign_in(error: &AuthError, assets: &Assets) -> Self {
        let trouble = match error {
            AuthError::Denied(auth::Refusal::AccessDenied) => DoorTrouble::Cancelled,
            AuthError::Denied(_) => DoorTrouble::Provider,
            AuthError::Unavailable(_) => DoorTrouble::Unreachable,
            AuthError::Invalid(_) => DoorTrouble::Expired,
            AuthError::Internal(_) => return Self::internal(error, assets),
        };
        tracing::info!(%error, "a sign-in did not end well");
        Self::new(Mishap::SignIn(trouble), assets)
    }
}

/// An error with all its causes, as far as they tell.
pub(super) fn log_failure(error: &dyn Error) {
    let mut causes = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        causes = format!("{causes}: {cause}");
        source = cause.source();
    }
    tracing::error!(error = causes, "a request failed");
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let status = match self.mishap {
            Mishap::NotFound => StatusCode::NOT_FOUND,
            Mishap::Refused => StatusCode::FORBIDDEN,
            Mishap::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Mishap::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Mishap::SignIn(trouble) | Mishap::Connect(trouble) => match trouble {
                DoorTrouble::Cancelled | DoorTrouble::Expired => StatusCode::BAD_REQUEST,
                DoorTrouble::Provider | DoorTrouble::Unreachable => StatusCode::BAD_GATEWAY,
            },
        };
        // These pages wake no island, so that there is no script to give a nonce to.
        let html = Html(Page::Error(self.mishap).render(&self.assets, ""));
        (status, [(CONTENT_SECURITY_POLICY, STYLE_ONLY)], html).into_response()
    }
}

/// The answer to a request from another site.
pub(crate) struct Refused(pub(crate) Assets);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        Failed::new(Mishap::Refused, &self.0).into_response()
    }
}

/// One line a request: the route that matched, never the query.
pub(super) async fn log(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let start = Instant::now();
    let response = next.run(request).await;
    tracing::debug!(
        %method,
        route = route.as_ref().map_or("file", MatchedPath::as_str),
        status = response.status().as_u16(),
        micros = start.elapsed().as_micros(),
        "request"
    );
    response
}
