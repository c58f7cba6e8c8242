//! What a browser says of itself.

use http::{
    HeaderMap,
    header::{ACCEPT, COOKIE},
};

/// The value of a cookie, if the browser sent one of this name.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(own, value)| (own == name).then_some(value))
}

/// Whether the answer is to meet a person's eyes, and not a script's.
pub fn asks_for_a_page(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;
    use proptest::{collection::vec, prelude::*};

    proptest! {
        /// However cookies are laid out over headers, the first one of a name is found, whole.
        #[test]
        fn fuzz_cookies(lines in vec(vec(("[ab]|__Host-oo-flow", "[!-:<-~]{0,6}"), 1..4), 0..4),
                        separator in prop::sample::select(&["; ", ";", " ;\t"][..])) {
            let line = |pairs: &Vec<(String, String)>| {
                let pairs: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
                (COOKIE, HeaderValue::from_str(&pairs.join(separator)).unwrap())
            };
            let mut headers = HeaderMap::new();
            headers.extend(lines.iter().map(line));
            for name in ["a", "b", "__Host-oo-flow", "c"] {
                let first = lines.iter().flatten().find(|(own, _)| own == name);
                prop_assert_eq!(cookie(&headers, name), first.map(|(_, value)| value.as_str()));
            }
        }

        /// Of whatever else a browser sends, no value reaches over the end of a cookie, or into another's name.
        #[test]
        fn fuzz_cookie_bytes(bytes in vec(prop_oneof![any::<u8>(), Just(b';'), Just(b'='), Just(b'a')], 0..40)) {
            if let Ok(value) = HeaderValue::from_bytes(&bytes) {
                let headers = HeaderMap::from_iter([(COOKIE, value)]);
                if let Some(value) = cookie(&headers, "a") {
                    prop_assert!(!value.contains(';') && value.trim_end() == value);
                    let sent = String::from_utf8_lossy(&bytes).into_owned();
                    let own = format!("a={value}");
                    prop_assert!(sent.split(';').any(|pair| pair.trim() == own), "{:?}", sent);
                }
            }
        }
    }
}
