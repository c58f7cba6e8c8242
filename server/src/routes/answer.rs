//! Pages, each under a policy of its own.

use app::pages::Page;
use axum::{
    http::{HeaderValue, header::CONTENT_SECURITY_POLICY},
    response::{Html, IntoResponse, Response},
};

use crate::{AppState, http::guard};

/// Renders `page`. Its scripts carry a nonce that nobody can know beforehand.
pub(super) fn show(state: &AppState, page: Page) -> Response {
    let nonce = format!("{:032x}", u128::from_be_bytes(state.entropy.bytes()));
    let mut response = Html(page.render(&state.assets, &nonce)).into_response();
    let policy = guard::page_policy(&nonce, &state.assets.reload_sources());
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}
