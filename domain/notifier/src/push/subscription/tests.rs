use kernel::Entropy;
use proptest::{collection::vec, prelude::*};

use super::*;
use crate::push::Key;

fn point() -> String {
    Key::generate(&Entropy::seeded(1)).public().to_owned()
}

fn auth() -> String {
    BASE64.encode([7; AUTH])
}

fn services() -> Services {
    "push.example.org, 127.0.0.1:8080, push.lan:443".parse().unwrap()
}

fn at(endpoint: &str) -> Result<Subscription, SubscriptionError> {
    Subscription::parse(endpoint, &point(), &auth(), &services())
}

#[test]
fn browsers_subscribe_at_their_services() {
    for endpoint in [
        "https://fcm.googleapis.com/fcm/send/abc:def-_",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAAA",
        "https://web.push.apple.com/QGuQyavXutnMH",
        "https://db5p.notify.windows.com/w/?token=BQYAAAD%2b",
        "https://FCM.googleapis.com:443/x",
        "https://push.example.org/x",
        "https://eu.push.example.org/x",
        "http://127.0.0.1:8080/push/x",
        "https://push.lan/x",
    ] {
        let subscription = at(endpoint).unwrap();
        let again = Subscription::parse(
            subscription.endpoint(),
            &subscription.p256dh(),
            &subscription.auth(),
            &services(),
        );
        assert_eq!(again, Ok(subscription), "{endpoint}");
    }
}

#[test]
fn an_endpoint_leads_nowhere_else() {
    for (endpoint, why) in [
        ("https://evilfcm.googleapis.com/x", SubscriptionError::Service),
        ("https://fcm.googleapis.com.evil.test/x", SubscriptionError::Service),
        ("https://fcm.googleapis.com./x", SubscriptionError::Service),
        ("https://evil.test/fcm.googleapis.com", SubscriptionError::Service),
        ("http://fcm.googleapis.com/x", SubscriptionError::Service),
        ("https://fcm.googleapis.com:8443/x", SubscriptionError::Service),
        ("https://example.org/x", SubscriptionError::Service),
        ("https://lan/x", SubscriptionError::Service),
        ("https://10.0.0.1/x", SubscriptionError::Service),
        ("https://169.254.169.254/x", SubscriptionError::Service),
        ("http://127.0.0.1:8081/x", SubscriptionError::Service),
        ("ftp://127.0.0.1:8080/x", SubscriptionError::Service),
        ("https://ana@fcm.googleapis.com/x", SubscriptionError::Endpoint),
        ("https://ana:secret@fcm.googleapis.com/x", SubscriptionError::Endpoint),
        ("https://fcm.googleapis.com/x#y", SubscriptionError::Endpoint),
        ("fcm.googleapis.com/x", SubscriptionError::Endpoint),
        ("//fcm.googleapis.com/x", SubscriptionError::Endpoint),
        ("mailto:ana@fcm.googleapis.com", SubscriptionError::Endpoint),
        ("", SubscriptionError::Endpoint),
    ] {
        assert_eq!(at(endpoint), Err(why), "{endpoint}");
    }
    let long = format!("https://fcm.googleapis.com/{}", "a".repeat(MOST_ENDPOINT));
    assert_eq!(at(&long), Err(SubscriptionError::Long));
    // Escaped, it is longer than it was.
    let long = format!("https://fcm.googleapis.com/{}", "ü".repeat(MOST_ENDPOINT / 2 - 20));
    assert_eq!(at(&long), Err(SubscriptionError::Endpoint));
}

#[test]
fn keys_are_what_they_should_be() {
    let endpoint = "https://fcm.googleapis.com/x";
    let with = |point: &str, auth: &str| Subscription::parse(endpoint, point, auth, &services());
    let (good, mut off) = (BASE64.decode(point()).unwrap(), BASE64.decode(point()).unwrap());
    off[64] ^= 1;
    // Compressed, it would have 33 bytes; the point at infinity has one.
    let compressed = [&[2], &good[1..33]].concat();
    for point in [&off[..], &compressed, &[0], &[4; 65], &good[1..], &[]] {
        let point = BASE64.encode(point);
        assert_eq!(with(&point, &auth()), Err(SubscriptionError::Point), "{point}");
    }
    for auth in [BASE64.encode([7; 15]), BASE64.encode([7; 17]), "+".repeat(22), String::new()] {
        assert_eq!(with(&point(), &auth), Err(SubscriptionError::Auth), "{auth}");
    }
    // With padding, as some libraries write it.
    assert!(with(&(point() + "="), &(auth() + "==")).is_ok());
}

#[test]
fn what_is_logged_of_it_lets_nobody_send() {
    let subscription = at("https://fcm.googleapis.com/fcm/send/canary").unwrap();
    let told = format!("{subscription:?}");
    assert!(told.contains("fcm.googleapis.com"), "{told}");
    for secret in ["canary", &subscription.p256dh(), &subscription.auth()] {
        assert!(!told.contains(secret), "{told}");
    }
}

proptest! {
    /// What is accepted leads to a service that is known, and comes back as it was given.
    #[test]
    fn fuzz_push_subscription(
        scheme in "https://|https://|http://|//|[a-z]{0,5}:",
        user in "|||[a-z:]{0,3}@",
        host in prop_oneof![
            "(web\\.|evil|.{0,2})?(fcm\\.googleapis\\.com|push\\.apple\\.com|push\\.lan)(\\.|\\.evil\\.test)?",
            "127\\.0\\.0\\.1|0x7f\\.1|\\[::1\\]|localhost",
            "(?s:.{0,12})",
        ],
        port in "|||:443|:8080|:[0-9]{0,6}",
        rest in "(?s:/.{0,12})",
        key in prop_oneof![Just(point()), "[A-Za-z0-9_=-]{0,90}"],
        auth in prop_oneof![Just(auth()), vec(any::<u8>(), 0..20).prop_map(|bytes| BASE64.encode(bytes))],
    ) {
        let endpoint = format!("{scheme}{user}{host}{port}{rest}");
        let Ok(read) = Subscription::parse(&endpoint, &key, &auth, &services()) else { return Ok(()) };
        let url = Url::parse(read.endpoint()).unwrap();
        let host = url.host_str().unwrap();
        let is_known = [".fcm.googleapis.com", ".push.apple.com", ".push.example.org"]
            .iter()
            .any(|suffix| format!(".{host}").ends_with(suffix));
        let is_named = matches!((host, url.port_or_known_default()), ("127.0.0.1", Some(8080)) | ("push.lan", Some(443)));
        prop_assert!(is_named || is_known && url.scheme() == "https" && url.port().is_none(), "{endpoint}");
        prop_assert!(url.username().is_empty() && url.password().is_none() && url.fragment().is_none());
        let again = Subscription::parse(read.endpoint(), &read.p256dh(), &read.auth(), &services());
        prop_assert_eq!(again, Ok(read));
    }
}
