//! Whatever a signed-in browser posts: oO does not fail, leads nowhere else, and keeps what it shows.

use proptest::{
    collection::vec,
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::house::{Browser, House, Reply};

/// A request costs as much as a hundred cases that need no database.
const SHARE: u32 = 64;

const FORMS: [&str; 14] = [
    "/settings/history",
    "/api/react",
    "/api/undo",
    "/api/set_time_zone",
    "/api/stage",
    "/settings/time-zone",
    "/settings/consents",
    "/settings/keys",
    "/settings/hours",
    "/settings/snooze",
    "/settings/identities/unlink",
    "/settings/devices/sign-out",
    "/settings/tokens",
    "/settings/tokens/revoke",
];

const KINDS: [&str; 3] = ["application/x-www-form-urlencoded", "application/json", "text/plain"];

/// A form, or something else; never a whole answer to a tip.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let name = "tip_id|reaction|snooze|zone|on|id|consent|provider|name|scope|days|from|until|most|day|later|evening|morning|[a-z]{0,3}";
    let value = prop_oneof![
        "done|snooze|later|true|false|on|Europe/Berlin|tip:read|me:read|30|90|3|18:00|08:00|25:00|sun",
        "[a-f0-9]{8}-[a-f0-9]{4}-7[a-f0-9]{3}-8[a-f0-9]{3}-[a-f0-9]{12}",
        "(%[0-9a-fA-F]{0,2}|\\PC){0,8}",
    ];
    let field = (name, value).prop_map(|(name, value)| format!("{name}={value}"));
    let form = vec(field, 0..5).prop_map(|fields| fields.join("&").into_bytes());
    prop_oneof![8 => form, 1 => vec(any::<u8>(), 0..64), 1 => Just(b"{\"tip\":1}".to_vec())]
}

async fn post(browser: &mut Browser, path: &str, kind: &str, page: bool, body: Vec<u8>) -> Reply {
    let request = browser.request(Method::POST, path).header("sec-fetch-site", "same-origin");
    let request = request.header("accept", if page { "text/html" } else { "*/*" });
    browser.send(request.header("content-type", kind).body(body)).await
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn fuzz_forms(db: PgPool) {
    let house = House::demo(&db).await;
    let mut browser = house.visitor().await;
    let tip = browser.get("/").await.field("tip_id");

    let mut runner = TestRunner::default();
    let kind = prop_oneof![6 => Just(KINDS[0]), 1 => prop::sample::select(&KINDS[1..])];
    let form = (prop::sample::select(&FORMS[..]), kind, any::<bool>(), body());
    for _ in 0..Config::default().cases.div_ceil(SHARE) {
        let case = form.new_tree(&mut runner).unwrap().current();
        let (path, kind, page, body) = case.clone();
        let reply = post(&mut browser, path, kind, page, body).await;
        assert!(!reply.status.is_server_error(), "{case:?}: {reply:?}");
        let location = reply.header("location");
        let is_ours = ["/", "/?notice=", "/settings?notice="]
            .into_iter()
            .any(|ours| location.strip_prefix(ours).is_some_and(|it| !it.contains(['/', '?'])));
        assert!(location.is_empty() || is_ours, "{case:?}: {location}");
        assert_eq!(browser.get("/").await.field("tip_id"), tip, "{case:?}");
    }
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn fuzz_recommend(db: PgPool) {
    let house = House::demo(&db).await;
    let mut browser = house.visitor().await;
    let path = "/api/v1/recommend";
    let first = post(&mut browser, path, KINDS[1], false, b"{}".to_vec()).await.text;

    let mut runner = TestRunner::default();
    let request = (prop::sample::select(&KINDS[..]), any::<bool>(), body());
    for _ in 0..Config::default().cases.div_ceil(SHARE) {
        let case = request.new_tree(&mut runner).unwrap().current();
        let (kind, page, body) = case.clone();
        let reply = post(&mut browser, path, kind, page, body).await;
        assert_eq!((reply.status, &reply.text), (StatusCode::OK, &first), "{case:?}");
    }
    house.stop().await;
}

/// What is nearly an answer to a tip, and what is none.
fn feedback() -> impl Strategy<Value = Vec<u8>> {
    let id = "[a-f0-9]{8}-[a-f0-9]{4}-7[a-f0-9]{3}-8[a-f0-9]{3}-[a-f0-9]{12}";
    let name = prop_oneof![
        6 => Just("tip_id".to_owned()),
        6 => Just("idempotency_key".to_owned()),
        6 => Just("reaction".to_owned()),
        2 => Just("snooze".to_owned()),
        1 => "[a-z_]{0,6}",
    ];
    let value = prop_oneof![
        4 => id.prop_map(Value::from),
        3 => "done|snooze|dismiss|later|tomorrow|shout".prop_map(Value::from),
        1 => "\\PC{0,8}".prop_map(Value::from),
        1 => prop_oneof![Just(Value::Null), Just(json!([])), Just(json!({"id": 1})), Just(json!(1e300))],
    ];
    let object = vec((name, value), 0..6)
        .prop_map(|fields| Value::Object(fields.into_iter().collect()).to_string().into_bytes());
    let cut =
        (object, any::<prop::sample::Index>(), any::<bool>()).prop_map(|(mut body, at, cuts)| {
            body.truncate(if cuts { at.index(body.len()) } else { body.len() });
            body
        });
    prop_oneof![12 => cut, 1 => vec(any::<u8>(), 0..64), 1 => Just(vec![b'['; 10_000])]
}

/// None of it answers the tip that is open; each is told as a problem.
#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn fuzz_feedback(db: PgPool) {
    let house = House::demo(&db).await;
    let mut browser = house.visitor().await;
    let tip = browser.get("/").await.field("tip_id");

    let mut runner = TestRunner::default();
    let kind = prop_oneof![8 => Just(KINDS[1]), 1 => prop::sample::select(&KINDS[..])];
    let request = (kind, any::<bool>(), feedback());
    for _ in 0..Config::default().cases.div_ceil(SHARE) {
        let case = request.new_tree(&mut runner).unwrap().current();
        let (kind, page, body) = case.clone();
        let reply = post(&mut browser, "/api/v1/feedback", kind, page, body).await;
        assert!(matches!(reply.status.as_u16(), 400 | 404 | 415), "{case:?}: {reply:?}");
        assert_eq!(reply.header("content-type"), "application/problem+json", "{case:?}");
        assert_eq!(browser.get("/").await.field("tip_id"), tip, "{case:?}");
    }
    house.stop().await;
}
