//! Pages, each under a policy of its own.

use std::{convert::Infallible, future::Future};

use app::pages::Page;
use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, header::CONTENT_SECURITY_POLICY},
    response::{Html, IntoResponse, Response},
};
use futures::{StreamExt, stream};

use crate::{AppState, http::guard};

/// Tells a proxy to pass on what there is. Nginx would wait for the whole
/// (<https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffering>).
const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// Renders `page`. Its scripts carry a nonce that nobody can know beforehand.
pub(super) fn show(state: &AppState, page: Page) -> Response {
    let nonce = nonce(state);
    let html = page.render(&state.assets, &nonce);
    answer(state, &nonce, html)
}

/// Sends what of `begun` stands above `<main>`, and the rest of `page` as soon as it is there. The two are drawn
/// by one view, so that the browser is told nothing twice.
pub(super) fn begin(
    state: &AppState,
    begun: Page,
    page: impl Future<Output = Page> + Send + 'static,
) -> Response {
    let nonce = nonce(state);
    let (above, _) = begun.render_in_two(&state.assets, &nonce);
    let rest = {
        let (assets, nonce) = (state.assets.clone(), nonce.clone());
        async move { page.await.render_in_two(&assets, &nonce).1 }
    };
    let pieces = stream::iter([above]).chain(stream::once(rest)).map(Ok::<_, Infallible>);
    let mut response = answer(state, &nonce, Body::from_stream(pieces));
    response.headers_mut().insert(X_ACCEL_BUFFERING, HeaderValue::from_static("no"));
    response
}

fn nonce(state: &AppState) -> String {
    format!("{:032x}", u128::from_be_bytes(state.entropy.bytes()))
}

fn answer(state: &AppState, nonce: &str, html: impl IntoResponse) -> Response {
    let mut response = Html(html).into_response();
    let policy = guard::page_policy(nonce, &state.assets.reload_sources());
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}
