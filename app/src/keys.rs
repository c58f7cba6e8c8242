//! Single keys can be turned off, on each device by itself (WCAG 2.1.4): a cookie remembers it.

use crate::headers::cookie as cookie_of;
use http::HeaderMap;

/// The cookie that holds `off`; without it the keys are on.
const COOKIE_NAME: &str = "oo-keys";

/// Whether single keys act on the device that sent these headers.
pub fn are_on(headers: &HeaderMap) -> bool {
    cookie_of(headers, COOKIE_NAME) != Some("off")
}

/// The cookie to set, as the value of a `Set-Cookie` header.
pub fn cookie(on: bool) -> String {
    let (value, seconds) = if on { ("", 0) } else { ("off", 31_536_000) };
    format!("{COOKIE_NAME}={value}; Path=/; Max-Age={seconds}; SameSite=Lax; HttpOnly")
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::header::COOKIE;

    #[test]
    fn keys_are_on_until_they_are_turned_off() {
        let with = |cookies: &'static str| {
            are_on(&HeaderMap::from_iter([(COOKIE, http::HeaderValue::from_static(cookies))]))
        };

        assert!(are_on(&HeaderMap::new()));
        assert!(with("a=b; oo-keys="));
        assert!(!with("a=b; oo-keys=off"));
    }
}
