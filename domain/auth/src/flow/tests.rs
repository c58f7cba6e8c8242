use http::HeaderValue;
use proptest::prelude::*;

use super::*;

/// Values of about the right length, and others.
fn cookie() -> impl Strategy<Value = String> {
    prop_oneof!["[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]", r"[A-Za-z0-9_=+/;, \r\n-]{42,44}", ".{0,60}"]
}

proptest! {
    /// What a browser brought is kept only when it could be ours. Then it goes back letter by letter, as one
    /// cookie with all that protects it.
    #[test]
    fn fuzz_flow_cookie(value in cookie()) {
        if is_well_formed(&value) {
            let header = FlowCookie(value.as_str().into()).set_cookie();
            prop_assert!(HeaderValue::from_str(&header).is_ok());
            let mut parts = header.split(';').map(str::trim);
            prop_assert_eq!(parts.next(), Some(&*format!("{COOKIE}={value}")));
            let rest: Vec<&str> = parts.collect();
            prop_assert_eq!(rest, ["HttpOnly", "SameSite=Lax", "Secure", "Path=/", "Max-Age=600"]);
        } else {
            prop_assert!(!value.bytes().all(|it| it.is_ascii_alphanumeric() || b"-_".contains(&it))
                || value.len() != 43 || !value.ends_with(|it| "AEIMQUYcgkosw048".contains(it)));
        }
    }
}
