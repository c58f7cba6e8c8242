//! The cookie, and the layer that reads and writes it.

use http::{HeaderValue, Response, header::SET_COOKIE};
use tower::util::MapResponseLayer;
use tower_sessions::{
    Expiry, SessionManagerLayer,
    cookie::{SameSite, time::Duration},
};

use super::Store;

/// The cookie's name. `__Host-` makes the browser insist on `Secure`, path `/` and no domain (RFC 6265bis,
/// section 4.1.3.2).
pub const COOKIE: &str = "__Host-oo";

/// Takes the cookie back.
const REMOVAL: HeaderValue =
    HeaderValue::from_static("__Host-oo=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0");

/// What [`layer`] makes, over responses with the body `B`.
pub type SessionLayer<B> =
    (MapResponseLayer<fn(Response<B>) -> Response<B>>, SessionManagerLayer<Store>);

/// Hands every request its [`Session`](tower_sessions::Session), which asks `store` when it is first
/// looked at.
///
/// The cookie lives as long as a session can; that a session ends earlier when it is not used, the
/// store decides. `SameSite=Lax`, because `Strict` would not be sent on the return from a provider.
pub fn layer<B>(store: Store) -> SessionLayer<B> {
    let lives = Duration::seconds(store.lifetime().absolute.num_seconds());
    let sessions = SessionManagerLayer::new(store)
        .with_name(COOKIE)
        .with_http_only(true)
        .with_secure(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(lives));
    (MapResponseLayer::new(complete_removal), sessions)
}

/// tower-sessions takes a cookie back without `Secure`, which browsers ignore for a `__Host-` name.
fn complete_removal<B>(mut response: Response<B>) -> Response<B> {
    for (name, value) in response.headers_mut() {
        if name == SET_COOKIE && value.as_bytes().starts_with(b"__Host-oo=;") {
            *value = REMOVAL;
        }
    }
    response
}
