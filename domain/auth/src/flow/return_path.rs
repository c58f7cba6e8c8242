//! Where a person goes after a sign-in: a place inside the site, and nowhere else.

use std::{fmt, str::FromStr};

/// Longer than any page of ours.
const MAX_LENGTH: usize = 512;

/// A path inside the site, with its query: safe as a `Location`, whatever a browser or a proxy makes
/// of slashes, backslashes, dots, control characters and their encodings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnPath(String);

/// Not a plain path inside the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a path inside the site")]
pub struct NotInside;

impl ReturnPath {
    /// Ready for a `Location` header.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for ReturnPath {
    /// The front page.
    fn default() -> Self {
        Self("/".to_owned())
    }
}

impl fmt::Display for ReturnPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ReturnPath {
    type Err = NotInside;

    fn from_str(text: &str) -> Result<Self, NotInside> {
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        let inside = text.len() <= MAX_LENGTH
            && text.bytes().all(is_plain)
            && path.strip_prefix('/').is_some_and(are_plain_segments)
            && !has_encoded_control(query);
        if inside { Ok(Self(text.to_owned())) } else { Err(NotInside) }
    }
}

/// Printable ASCII without a space and what URL parsers treat in ways of their own. A fragment never
/// reaches a server.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_graphic()
        && !matches!(byte, b'\\' | b'#' | b'"' | b'<' | b'>' | b'`' | b'{' | b'}')
}

/// What follows the first slash: no empty segment but the last, no dots that climb, nothing encoded
/// that could turn into a slash, a dot or a control character, once or twice decoded.
fn are_plain_segments(path: &str) -> bool {
    let encoded_trick = path
        .split('%')
        .skip(1)
        .any(|rest| !matches!(hex(rest), Some(byte) if !byte.is_ascii() || byte == b' '));
    let last = path.split('/').count() - 1;
    let mut segments = path.split('/').enumerate();
    !encoded_trick
        && segments.all(|(at, it)| !matches!(it, "." | "..") && (at == last || !it.is_empty()))
}

fn has_encoded_control(query: &str) -> bool {
    query.split('%').skip(1).any(|rest| hex(rest).is_none_or(|byte| byte.is_ascii_control()))
}

/// The byte that the two hexadecimal digits at the start of `text` stand for.
fn hex(text: &str) -> Option<u8> {
    let digits = text.get(..2).filter(|digits| digits.bytes().all(|it| it.is_ascii_hexdigit()))?;
    u8::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use url::Url;

    use super::*;

    #[test]
    fn pages_of_ours_are_inside() {
        for path in
            ["/", "/settings", "/settings/", "/a/b?c=d&e=%20f", "/caf%C3%A9", "/?q=/%2Fx", "/:1"]
        {
            assert_eq!(path.parse::<ReturnPath>().map(|it| it.0), Ok(path.to_owned()));
        }
    }

    #[test]
    fn everything_else_is_not() {
        for evil in [
            "",
            "settings",
            "https://evil.test",
            "https:/evil.test",
            "javascript:alert(1)",
            "//evil.test",
            "///evil.test",
            "/\\evil.test",
            "\\\\evil.test",
            "/a\\b",
            "/a//evil.test",
            "/.//evil.test",
            "/..//evil.test",
            "/a/../b",
            "/./a",
            "/%2e%2e/a",
            "/%2f/evil.test",
            "/%2Fevil.test",
            "/%5cevil.test",
            "/%5Cevil.test",
            "/%252fevil.test",
            "/%09/evil.test",
            "/%0d%0aSet-Cookie:a=b",
            "/?a=%0d%0aSet-Cookie:a=b",
            "/?a=%00",
            "/\t/evil.test",
            "/\n/evil.test",
            "\t//evil.test",
            " /a",
            "/a b",
            "/a\r\nb",
            "/a\0",
            "/%",
            "/%g0",
            "/?%",
            "/%+1",
            "/a#b",
            "/@evil.test/\u{2215}",
            "/\u{ff0f}evil.test",
            "?a",
            "#a",
        ] {
            assert_eq!(evil.parse::<ReturnPath>(), Err(NotInside), "{evil:?}");
        }
        assert_eq!(format!("/{}", "a".repeat(MAX_LENGTH)).parse::<ReturnPath>(), Err(NotInside));
    }

    proptest! {
        /// A browser that follows it stays on the site and reads it as it was written; so does one
        /// behind a proxy that decodes the path.
        #[test]
        fn fuzz_return_path(text in r"[/\\.%a-f0-9?#@:;&= \t\r\né-]{0,24}|\PC{0,24}") {
            let site = Url::parse("https://oo.test/sign-in?x").unwrap();
            if let Ok(path) = text.parse::<ReturnPath>() {
                let there = site.join(path.as_str()).unwrap();
                prop_assert_eq!(there.origin(), site.origin());
                let written = format!("https://oo.test{path}");
                // Only `'` in a query is written otherwise.
                prop_assert_eq!(there.as_str().replace("%27", "'"), written.replace("%27", "'"));
                prop_assert!(!path.as_str().starts_with("//"));
            }
        }
    }
}
