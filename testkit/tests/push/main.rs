//! The push service's double, over HTTP: what it takes, and what it does not.

#![expect(clippy::unwrap_used, reason = "what helps a test may fail as it does")]

use std::{net::SocketAddr, sync::Arc};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::{
    ManualClock,
    http::{Answer, Http},
};
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use serde_json::{Value, json};
use testkit::push::{PushDouble, Subscribed};

const NOON: i64 = 1_795_262_400;
const CAP: usize = 1 << 20;

struct Service {
    double: PushDouble,
    http: Http,
}

impl Service {
    async fn start() -> Self {
        let clock = ManualClock::at("2026-11-21T12:00:00Z".parse().unwrap());
        let addr = SocketAddr::from(([127, 0, 0, 1], 0));
        let double = PushDouble::start(addr, Arc::clone(&clock) as Arc<_>).await.unwrap();
        let http = Http::new([&double.base_url().parse().unwrap()].into_iter().collect()).unwrap();
        Self { double, http }
    }

    async fn asked(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let url = format!("{}{path}", self.double.base_url());
        let request = self.http.client().request(method.parse().unwrap(), url);
        let request = if let Some(body) = body { request.json(&body) } else { request };
        self.http.send(request, CAP).await.unwrap()
    }

    /// The status for a message with these headers, in the place of the right ones where they have its name.
    async fn posted(&self, to: &Subscribed, changed: &[(&str, &str)], bytes: usize) -> u16 {
        let authorization = signed(&self.claims());
        let mut headers = vec![
            ("authorization", authorization.as_str()),
            ("content-encoding", "aes128gcm"),
            ("ttl", "60"),
        ];
        headers.retain(|(name, _)| changed.iter().all(|(other, _)| name != other));
        headers.extend(changed.iter().filter(|(_, value)| !value.is_empty()));
        let mut request = self.http.client().post(&to.endpoint).body(vec![0; bytes]);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        self.http.send(request, CAP).await.unwrap().status.as_u16()
    }

    fn claims(&self) -> Value {
        json!({ "aud": self.double.base_url(), "exp": NOON + 60, "sub": "mailto:ana@example.org" })
    }
}

fn key() -> SigningKey {
    SigningKey::from_slice(&[7; 32]).unwrap()
}

fn public() -> String {
    URL_SAFE_NO_PAD.encode(key().verifying_key().to_sec1_bytes())
}

fn signed(claims: &Value) -> String {
    let part = |json: &Value| URL_SAFE_NO_PAD.encode(json.to_string());
    let token = format!("{}.{}", part(&json!({ "typ": "JWT", "alg": "ES256" })), part(claims));
    let signature: Signature = key().sign(token.as_bytes());
    format!("vapid t={token}.{}, k={}", URL_SAFE_NO_PAD.encode(signature.to_bytes()), public())
}

#[tokio::test]
async fn it_is_as_strict_as_services_are() {
    let service = Service::start().await;
    let to = service.double.handle().subscribe(Some(&public()));
    assert_eq!(service.posted(&to, &[], 100).await, 201);
    // The service takes what the browser cannot open.
    let [ref arrived] = service.double.handle().messages()[..] else { panic!("one message") };
    assert_eq!((&arrived.data, arrived.plaintext_bytes), (&Value::Null, None));

    let topic = "a".repeat(33);
    for (name, value, status) in [
        ("authorization", "", 401),
        ("authorization", "Bearer canary", 401),
        ("ttl", "", 400),
        ("ttl", "soon", 400),
        ("content-encoding", "aesgcm", 400),
        ("urgency", "at once", 400),
        ("topic", &topic, 400),
        ("topic", "a+b", 400),
        ("topic", "abc-_1", 201),
    ] {
        assert_eq!(service.posted(&to, &[(name, value)], 100).await, status, "{name}: {value}");
    }
    assert_eq!(service.posted(&to, &[], 4_096).await, 201);
    assert_eq!(service.posted(&to, &[], 4_097).await, 413);
}

#[tokio::test]
async fn a_signature_holds_in_every_claim() {
    let service = Service::start().await;
    let to = service.double.handle().subscribe(Some(&public()));
    for (claim, value) in [
        ("aud", json!("http://127.0.0.1")),
        ("aud", json!(format!("{}/", service.double.base_url()))),
        ("exp", json!(NOON)),
        ("exp", json!(NOON + 24 * 60 * 60 + 1)),
        ("exp", Value::Null),
        ("sub", Value::Null),
        ("sub", json!("ana@example.org")),
        ("sub", json!("mailto: <ana@example.org>")),
    ] {
        let mut claims = service.claims();
        claims[claim] = value.clone();
        let status = service.posted(&to, &[("authorization", &signed(&claims))], 100).await;
        assert_eq!(status, 403, "{claim}: {value}");
    }
    let good = signed(&service.claims());
    let changed = good.replacen(".ey", ".eY", 1);
    assert_eq!(service.posted(&to, &[("authorization", &changed)], 100).await, 403);

    let others = service.double.handle().subscribe(Some("another key"));
    assert_eq!(service.posted(&others, &[], 100).await, 403);
    let anybodys = service.double.handle().subscribe(None);
    assert_eq!(service.posted(&anybodys, &[], 100).await, 201);
}

#[tokio::test]
async fn the_same_in_json() {
    let service = Service::start().await;
    let answer = service.asked("POST", "/_double/subscriptions", Some(json!({}))).await;
    let to: Subscribed = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(service.posted(&to, &[], 100).await, 201);
    let messages = service.asked("GET", "/_double/messages", None).await;
    let messages: Value = serde_json::from_slice(&messages.body).unwrap();
    assert_eq!(messages[0]["subscription"], json!(to.id));

    let fault =
        json!({ "fault": "too_many_requests", "retry_after": "7", "times": 1, "id": to.id });
    service.asked("POST", "/_double/faults", Some(fault)).await;
    assert_eq!(service.posted(&to, &[], 100).await, 429);
    assert_eq!(service.posted(&to, &[], 100).await, 201);
    service.asked("POST", "/_double/faults", Some(json!({ "fault": "gone" }))).await;
    assert_eq!(service.posted(&to, &[], 100).await, 410);
    service.asked("DELETE", "/_double/faults", None).await;

    let path = format!("/_double/subscriptions/{}", to.id);
    assert_eq!(service.asked("DELETE", &path, None).await.status.as_u16(), 204);
    assert_eq!(service.posted(&to, &[], 100).await, 410);
    let requests = service.asked("GET", "/_double/requests", None).await;
    let requests: Value = serde_json::from_slice(&requests.body).unwrap();
    assert_eq!(requests["total"], json!(5));
    service.asked("DELETE", "/_double/messages", None).await;
    assert_eq!(service.double.handle().messages(), []);
}
