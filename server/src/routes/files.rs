//! The built page: what a browser fetches beside the HTML, as it was compressed when it was built.

use std::path::Path;

use axum::{
    Router,
    http::{
        HeaderValue, StatusCode,
        header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_SECURITY_POLICY, LAST_MODIFIED, VARY},
    },
    response::Response,
    routing::{MethodRouter, any, get_service},
};
use tower::util::MapResponseLayer;
use tower_http::services::{ServeDir, ServeFile};

use super::page;
use crate::http::guard;

/// Of a file whose name tells its content.
const FOR_GOOD: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// Of a file that the next release may change.
const FOR_AN_HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");

/// Of what a new release is known by: a browser asks each time.
const ASKED_FOR: HeaderValue = HeaderValue::from_static("no-cache");

/// What is a program or a page, and no part of one: the service worker, and what it shows without a network.
const ALIVE: [&str; 2] = ["/sw.js", "/offline.html"];

/// `/pkg`: the scripts and the style.
pub(super) fn hashed(site: &Path) -> Router {
    folder(&site.join("pkg"), FOR_GOOD)
}

/// Everything else, such as the icon; what is not there is told by a page.
pub(super) fn others(site: &Path) -> Router {
    ALIVE.into_iter().fold(folder(site, FOR_AN_HOUR), |files, path| {
        files.route(path, alive(&site.join(path.trim_start_matches('/'))))
    })
}

fn alive(path: &Path) -> MethodRouter {
    let file = ServeFile::new(path).precompressed_br().precompressed_gzip();
    let guard = |mut response: Response| {
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, ASKED_FOR);
        // A time is no sign of it: whoever packs a release may set all files to the same one.
        headers.remove(LAST_MODIFIED);
        headers.insert(CONTENT_SECURITY_POLICY, guard::FILES);
        headers.insert(VARY, ACCEPT_ENCODING.into());
        response
    };
    get_service(file).layer(MapResponseLayer::new(guard))
}

fn folder(path: &Path, kept: HeaderValue) -> Router {
    let files = ServeDir::new(path)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip()
        .fallback(any(page::not_found))
        .call_fallback_on_method_not_allowed(true);
    let keep = move |mut response: Response| {
        // That a file is missing may be true for the moment of a release.
        if response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED {
            response.headers_mut().insert(CACHE_CONTROL, kept.clone());
            response.headers_mut().insert(VARY, ACCEPT_ENCODING.into());
        }
        response
    };
    Router::new().fallback_service(files).layer(MapResponseLayer::new(keep))
}
