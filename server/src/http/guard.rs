//! What stands before every route: the headers that a browser is to obey, and the door that is shut to
//! other sites.

use axum::{
    extract::{MatchedPath, Request, State},
    http::{
        HeaderMap, HeaderName, HeaderValue, Method,
        header::{
            CACHE_CONTROL, CONTENT_SECURITY_POLICY, COOKIE, ORIGIN, REFERRER_POLICY,
            STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
        },
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use url::Url;

use super::bearer;
use crate::{
    AppState,
    routes::{Failed, LETTER, RETURN, is_api},
};

/// On every answer.
const HEADERS: [(HeaderName, HeaderValue); 5] = [
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        // All that oO does not use, as far as browsers know it: Chromium warns of what it does not.
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static(
            "accelerometer=(), autoplay=(), camera=(), clipboard-read=(), display-capture=(), \
             encrypted-media=(), fullscreen=(), geolocation=(), gyroscope=(), hid=(), \
             idle-detection=(), magnetometer=(), microphone=(), midi=(), payment=(), \
             picture-in-picture=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), \
             usb=(), xr-spatial-tracking=()",
        ),
    ),
];

/// Where oO is called by https, it is for a year (RFC 6797). Other hosts of the domain are not oO's to decide on.
const HTTPS_ONLY: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// A policy for what is no page: nothing may be loaded.
const NOTHING: HeaderValue =
    HeaderValue::from_static("default-src 'none'; base-uri 'none'; frame-ancestors 'none'");

/// Adds the headers; what is personal or decided per request is never stored.
pub async fn headers(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.extend(HEADERS);
    if state.base_url.scheme() == "https" {
        headers.insert(STRICT_TRANSPORT_SECURITY, HTTPS_ONLY);
    }
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(NOTHING);
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// The policy of a file that comes with the page and needs what a page does: the service worker, and what it
/// shows without a network.
pub const FILES: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
     manifest-src 'self'; worker-src 'self'; base-uri 'none'; frame-ancestors 'none'",
);

/// The policy of a page whose scripts and style carry `nonce`, and may connect to `sources` too.
pub fn page_policy(nonce: &str, sources: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; \
         style-src 'self' 'nonce-{nonce}'; img-src 'self'; connect-src 'self'{sources}; font-src 'self'; \
         manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}

/// Refuses what changes something and comes from another site. It stands before Leptos' own handling,
/// which sends plain forms back to wherever the referrer says.
pub async fn same_site(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let changes = changes && !is_let_in(&request) && !speaks_for_itself(&request);
    if changes && !is_ours(request.headers(), &state.base_url) {
        return Failed::REFUSED.into_response();
    }
    next.run(request).await
}

/// See [`RETURN`] and [`LETTER`].
fn is_let_in(request: &Request) -> bool {
    let route = request.extensions().get::<MatchedPath>();
    let is_let_in = route.is_some_and(|route| [RETURN, LETTER].contains(&route.as_str()));
    *request.method() == Method::POST && is_let_in
}

/// Whether a request to the API rests on nothing that a browser sends along by itself. Another site can make one
/// send its cookies, and the credentials of a proxy, but no token: for that, it would have to be asked first, and oO
/// does not answer. Where there is a token, the cookie beside it counts for nothing
/// (`routes::api::caller`).
fn speaks_for_itself(request: &Request) -> bool {
    let headers = request.headers();
    let has_token = bearer::shown(headers).is_some();
    is_api(request.uri().path()) && (has_token || !headers.contains_key(COOKIE))
}

/// Whether a request comes from our own pages, by what the browser says of it (Fetch Metadata; else the
/// origin). `none` is a person's own doing, and cannot be caused by a page.
fn is_ours(headers: &HeaderMap, base_url: &Url) -> bool {
    by_fetch_metadata(headers).unwrap_or_else(|| {
        let origin = headers.get(ORIGIN).and_then(|value| value.to_str().ok());
        origin == Some(base_url.origin().ascii_serialization().as_str())
    })
}

/// The same of a request that only asks, which has no origin; `None` where the browser says nothing.
pub fn by_fetch_metadata(headers: &HeaderMap) -> Option<bool> {
    let site = headers.get("sec-fetch-site")?.to_str().ok()?;
    Some(matches!(site, "same-origin" | "none"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asks(headers: &[(&'static str, &'static str)]) -> bool {
        let base = Url::parse("https://oo.example.org").expect("a URL");
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, HeaderValue::from_static(value));
        }
        is_ours(&map, &base)
    }

    #[test]
    fn our_own_pages_may_change_things() {
        assert!(asks(&[("sec-fetch-site", "same-origin")]));
        assert!(asks(&[("sec-fetch-site", "none")]));
        assert!(asks(&[("origin", "https://oo.example.org")]));
    }

    #[test]
    fn nobody_else_may() {
        assert!(!asks(&[]));
        assert!(!asks(&[("sec-fetch-site", "same-site")]));
        assert!(!asks(&[("sec-fetch-site", "cross-site"), ("origin", "https://oo.example.org")]));
        assert!(!asks(&[("origin", "null")]));
        assert!(!asks(&[("origin", "https://evil.example"), ("host", "evil.example")]));
        assert!(!asks(&[("origin", "https://oo.example.org.evil.example")]));
        assert!(!asks(&[("origin", "http://oo.example.org")]));
        assert!(!asks(&[("referer", "https://oo.example.org/")]));
    }
}
