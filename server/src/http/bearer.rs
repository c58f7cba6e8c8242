//! A token in the header `Authorization` (RFC 6750, section 2.1). It is looked for here alone, so that the door and
//! the routes agree on whether there is one.

use axum::http::{HeaderMap, HeaderValue, header::AUTHORIZATION};
use secrecy::SecretString;

const SCHEME: &[u8] = b"bearer";

/// What a request shows as its token.
pub enum Shown {
    /// This, whatever it is.
    Token(SecretString),
    /// Something that cannot be one: it is not text, or there are two.
    Garbage,
}

/// What is shown; `None` when there is no token, though there may be credentials of another scheme, such as those
/// that a proxy asks for.
pub fn shown(headers: &HeaderMap) -> Option<Shown> {
    let values = headers.get_all(AUTHORIZATION).iter().map(HeaderValue::as_bytes);
    let mut tokens = values.filter_map(after_scheme);
    let first = tokens.next()?;
    Some(match (str::from_utf8(first), tokens.next()) {
        (Ok(text), None) => Shown::Token(SecretString::from(text.trim())),
        _ => Shown::Garbage,
    })
}

/// What follows the name of the scheme, which has no case (RFC 9110, section 11.1).
fn after_scheme(value: &[u8]) -> Option<&[u8]> {
    let (scheme, rest) = value.split_at_checked(SCHEME.len())?;
    let is_bearer = scheme.eq_ignore_ascii_case(SCHEME);
    let ends = rest.first().is_none_or(|byte| *byte == b' ');
    (is_bearer && ends).then_some(rest)
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};
    use secrecy::ExposeSecret;

    use super::*;

    fn told(values: &[&[u8]]) -> Option<String> {
        let of = |value: &&[u8]| (AUTHORIZATION, HeaderValue::from_bytes(value).unwrap());
        let mut headers = HeaderMap::new();
        headers.extend(values.iter().map(of));
        shown(&headers).map(|shown| match shown {
            Shown::Token(text) => text.expose_secret().to_owned(),
            Shown::Garbage => "garbage".to_owned(),
        })
    }

    #[test]
    fn a_token_is_what_follows_the_scheme() {
        for value in ["Bearer oo_x", "bearer oo_x", "BEARER   oo_x "] {
            assert_eq!(told(&[value.as_bytes()]).as_deref(), Some("oo_x"), "{value}");
        }
        assert_eq!(told(&[b"Bearer"]).as_deref(), Some(""));
        assert_eq!(told(&[b"Bearer \xff"]).as_deref(), Some("garbage"));
        assert_eq!(told(&[b"Bearer a", b"Bearer a"]).as_deref(), Some("garbage"));
        assert_eq!(told(&[b"Basic YTpi", b"Bearer a"]).as_deref(), Some("a"));
        for other in [&b""[..], b"oo_x", b"Basic oo_x", b"Bearerish oo_x", b"Bear", b"Bearer\toO"] {
            assert_eq!(told(&[other]), None, "{other:?}");
        }
    }

    proptest! {
        /// Whatever is sent, a token comes back as it was sent, without the space around it.
        #[test]
        fn fuzz_authorization(scheme in "[Bb][Ee][Aa][Rr][Ee][Rr]|[A-Za-z]{0,7}",
                              token in "[!-~]{0,60}", more in vec(any::<u8>(), 0..8)) {
            let value = [scheme.as_bytes(), b" ", token.as_bytes()].concat();
            let is_bearer = scheme.eq_ignore_ascii_case("bearer");
            prop_assert_eq!(told(&[&value]), is_bearer.then_some(token));
            let value = [&value[..], &more[..]].concat();
            if HeaderValue::from_bytes(&value).is_ok() {
                prop_assert_eq!(told(&[&value]).is_some(), is_bearer);
            }
        }
    }
}
