use axum::{
    Router,
    body::Body,
    http::{
        Request, StatusCode, Uri,
        header::{CONTENT_TYPE, LOCATION},
    },
    routing::post,
};
use proptest::{collection::vec, option, prelude::*};
use tower::ServiceExt;
use url::{Url, form_urlencoded};

use super::*;

/// Posts a form to the return address of `key`, which is encoded as it may stand in a path, and tells where the
/// browser is sent.
fn post_form(key: &str, form: Vec<u8>) -> (StatusCode, Option<String>) {
    let key = key.bytes().fold(String::new(), |key, byte| format!("{key}%{byte:02x}"));
    let request = Request::post(format!("/auth/{key}/return"))
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form))
        .unwrap();
    let router: Router = Router::new().route("/auth/{provider}/return", post(posted));
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let response = runtime.block_on(router.oneshot(request)).unwrap();
    let location = response.headers().get(LOCATION).map(|it| it.to_str().unwrap().to_owned());
    (response.status(), location)
}

/// What the handler of the return makes of an address; `None` when it cannot be read.
fn callback(address: &str) -> Option<Callback> {
    let address: Uri = address.parse().ok()?;
    Query::try_from_uri(&address).ok().map(|Query(callback)| callback)
}

/// Whether a browser that is on our site stays there, at the return address of this provider.
fn leads_to_the_return_of(location: &str, key: &str) -> bool {
    let site = Url::parse("https://oo.test/auth/apple/return").unwrap();
    let there = site.join(location).unwrap();
    let mut segments = there.path().split('/');
    let is_ours = segments.next() == Some("") && segments.next() == Some("auth");
    there.origin() == site.origin() && is_ours && segments.eq([key, "return"])
}

proptest! {
    /// State, code, error and issuer reach the return as they were posted, and nothing else does: no name.
    #[test]
    fn fuzz_apple_form(
        key in r"apple|[a-zA-Z0-9-]{1,8}|\.{1,2}|[a-z/\\.?#%&=+ \r\n]{1,8}|\PC{1,8}",
        known in (option::of("\\PC{0,16}"), option::of("\\PC{0,16}"), option::of("(?s:.{0,16})"),
                  option::of("\\PC{0,16}")),
        others in vec(("user|id_token|next|[b-d]", "\\PC{0,16}"), 0..3),
    ) {
        let (state, code, error, iss) = &known;
        let mut form = Serializer::new(String::new());
        form.extend_pairs(&others);
        for (name, value) in [("state", state), ("code", code), ("error", error), ("iss", iss)] {
            if let Some(value) = value {
                form.append_pair(name, value);
            }
        }

        let (status, location) = post_form(&key, form.finish().into_bytes());
        if key.contains(|it: char| !it.is_ascii_alphanumeric() && it != '-') {
            prop_assert_eq!((status, location), (StatusCode::NOT_FOUND, None));
            return Ok(());
        }
        prop_assert_eq!(status, StatusCode::SEE_OTHER);
        let location = location.unwrap();
        prop_assert!(leads_to_the_return_of(&location, &key), "{location}");
        let Some(back) = callback(&location) else { panic!("{location}") };
        prop_assert_eq!((back.state, back.code, back.error, back.iss), known);
    }

    /// Any bytes in the place of a form lead to the return, or are refused.
    #[test]
    fn fuzz_apple_bytes(form in vec(prop_oneof![any::<u8>(), prop::sample::select(&b"state=code&%0a"[..])], 0..60)) {
        let (status, location) = post_form("apple", form);
        match location {
            Some(location) => prop_assert!(leads_to_the_return_of(&location, "apple"), "{location}"),
            None => prop_assert!(status.is_client_error(), "{status}"),
        }
    }

    /// A return as a provider sends it is read letter by letter; a parameter that comes twice is refused
    /// (RFC 6749, section 3.1), and what cannot be read is no return.
    #[test]
    fn fuzz_oidc_return(pairs in vec(("state|code|error|iss|session_state", "(?s:.{0,12})"), 0..6),
                        noise in "[a-z=&%+0-9]{0,40}") {
        let mut query = Serializer::new(String::new());
        query.extend_pairs(&pairs);
        let of = |name: &str| -> Vec<_> { pairs.iter().filter(|(own, _)| own == name).collect() };
        let names = ["state", "code", "error", "iss"];
        let is_told_twice = names.iter().any(|name| of(name).len() > 1);

        match callback(&format!("/auth/test/return?{}", query.finish())) {
            Some(back) => {
                prop_assert!(!is_told_twice);
                for (name, value) in names.into_iter().zip([back.state, back.code, back.error, back.iss]) {
                    prop_assert_eq!(value.as_ref(), of(name).first().map(|(_, value)| value));
                }
            }
            None => prop_assert!(is_told_twice),
        }

        if let Some(back) = callback(&format!("/auth/test/return?{noise}")) {
            let sent: Vec<_> = form_urlencoded::parse(noise.as_bytes()).collect();
            for (name, value) in names.into_iter().zip([back.state, back.code, back.error, back.iss]) {
                let told = sent.iter().find(|(own, _)| own == name).map(|(_, value)| &**value);
                prop_assert_eq!(value.as_deref(), told);
            }
        }
    }
}
