//! The HTTP API: who may ask what, and what a script is told.

use std::collections::BTreeSet;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use server::config::Mode;
use sqlx::PgPool;
use uuid::Uuid;

use crate::house::{Browser, House, Reply};

pub(crate) const SCOPES: [&str; 3] = ["tip:read", "tip:write", "me:read"];

/// What each scope is for.
const ROUTES: [(Method, &str, &str); 4] = [
    (Method::GET, "/api/v1/tip", "tip:read"),
    (Method::POST, "/api/v1/recommend", "tip:write"),
    (Method::POST, "/api/v1/feedback", "tip:write"),
    (Method::GET, "/api/v1/me", "me:read"),
];

/// A script: it keeps no cookies, and says nothing of where it comes from.
pub(crate) struct Script {
    pub(crate) client: Browser,
    pub(crate) token: String,
}

impl Script {
    pub(crate) async fn ask(&mut self, method: Method, path: &str, body: Option<&Value>) -> Reply {
        let request = self.client.request(method, path).bearer_auth(&self.token);
        let request = if let Some(body) = body { request.json(body) } else { request };
        self.client.send(request).await
    }

    pub(crate) async fn get(&mut self, path: &str) -> Reply {
        self.ask(Method::GET, path, None).await
    }

    pub(crate) async fn post(&mut self, path: &str, body: &Value) -> Reply {
        self.ask(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn tip(&mut self) -> Value {
        json(&self.get("/api/v1/tip").await)["tip"].clone()
    }
}

/// Makes a token by the form in the settings.
pub(crate) async fn make(browser: &mut Browser, scopes: &[&str]) -> Reply {
    let mut form = vec![("name", "the kitchen"), ("days", "30")];
    form.extend(scopes.iter().map(|scope| ("scope", *scope)));
    browser.post("/settings/tokens", &form).await
}

/// The token on the page that shows it.
pub(crate) fn shown(reply: &Reply) -> String {
    let start = reply.text.find("oo_").unwrap_or_else(|| panic!("{reply:?}"));
    let (token, _) = reply.text[start..].split_once('<').unwrap();
    assert_eq!(token.len(), "oo_".len() + 43, "{token}");
    token.to_owned()
}

pub(crate) async fn script(house: &House, browser: &mut Browser, scopes: &[&str]) -> Script {
    let token = shown(&make(browser, scopes).await);
    Script { client: house.browser(), token }
}

pub(crate) fn json(reply: &Reply) -> Value {
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text);
    serde_json::from_str(&reply.text).unwrap()
}

/// The kind of the problem that was told, with everything around it as it has to be.
pub(crate) fn problem(reply: &Reply, status: u16) -> String {
    assert_eq!(reply.status.as_u16(), status, "{}", reply.text);
    assert_eq!(reply.header("content-type"), "application/problem+json");
    assert_eq!(reply.header("cache-control"), "no-store");
    let told: Value = serde_json::from_str(&reply.text).unwrap();
    assert_eq!(told["status"], status);
    assert_ne!(told["title"].as_str().unwrap(), "");
    told["type"].as_str().unwrap().trim_start_matches("/api/openapi.json#").to_owned()
}

pub(crate) fn answer(tip: &Value, reaction: &str, key: u128) -> Value {
    json!({"tip_id": tip["id"], "reaction": reaction, "idempotency_key": Uuid::from_u128(key)})
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_script_sees_a_tip_and_answers_it(db: PgPool) {
    let house = House::demo(&db).await;
    let mut browser = house.visitor().await;
    let mut script = script(&house, &mut browser, &SCOPES).await;
    assert_eq!(script.tip().await, Value::Null, "who only looks decides nothing");

    let first = json(&script.post("/api/v1/recommend", &json!({})).await)["tip"].clone();
    assert_eq!(script.tip().await, first);
    assert_eq!(browser.get("/").await.field("tip_id"), first["id"]);

    let done = answer(&first, "done", 1);
    let second = json(&script.post("/api/v1/feedback", &done).await)["tip"].clone();
    assert_ne!(second["id"], first["id"]);
    assert_eq!(script.tip().await, second);
    let again = json(&script.post("/api/v1/feedback", &done).await)["tip"].clone();
    assert_eq!(again, second, "the same answer under the same key counts once");

    let reused = script.post("/api/v1/feedback", &answer(&first, "dismiss", 1)).await;
    assert_eq!(problem(&reused, 409), "key-reused");
    let late = script.post("/api/v1/feedback", &answer(&first, "dismiss", 2)).await;
    assert_eq!(problem(&late, 409), "answered-elsewhere");
    let nowhere = json!({"id": Uuid::nil()});
    let unknown = script.post("/api/v1/feedback", &answer(&nowhere, "done", 3)).await;
    assert_eq!(problem(&unknown, 404), "unknown");

    for (key, snooze) in [(4, "later"), (5, "evening"), (6, "tomorrow"), (7, "next_week")] {
        let mut sleeps = answer(&script.tip().await, "snooze", key);
        sleeps["snooze"] = snooze.into();
        json(&script.post("/api/v1/feedback", &sleeps).await);
    }
    let kept: Vec<String> = sqlx::query_scalar(
        "select coalesce(snooze, reaction) from recommender.reaction order by reaction_id",
    )
    .fetch_all(&db)
    .await
    .unwrap();
    assert_eq!(kept, ["done", "later", "evening", "tomorrow", "next_week"]);

    let me = json(&script.get("/api/v1/me").await);
    let user: Uuid =
        sqlx::query_scalar("select user_id from auth.user").fetch_one(&db).await.unwrap();
    let expected = json!({
        "id": user, "time_zone": "UTC", "todoist_connected": true, "scopes": SCOPES,
    });
    assert_eq!(me, expected, "the contract has no more than that");
    browser.post("/settings/todoist/disconnect", &[]).await;
    assert_eq!(json(&script.get("/api/v1/me").await)["todoist_connected"], false);
    assert_eq!(script.tip().await, Value::Null);
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_token_may_do_what_its_scopes_say(db: PgPool) {
    let house = House::demo(&db).await;
    let mut browser = house.visitor().await;
    for scope in SCOPES {
        let mut script = script(&house, &mut browser, &[scope]).await;
        for (method, path, needed) in ROUTES {
            let reply = script.ask(method, path, None).await;
            if needed == scope {
                assert_ne!(reply.status, StatusCode::FORBIDDEN, "{scope}: {path}");
                continue;
            }
            assert_eq!(problem(&reply, 403), "insufficient-scope");
            let told = reply.header("www-authenticate");
            let expected =
                format!("Bearer realm=\"oO\", error=\"insufficient_scope\", scope=\"{needed}\"");
            assert_eq!(told, expected);
        }
    }
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn who_shows_no_token_of_ours_is_told_so(db: PgPool) {
    let house = House::demo(&db).await;
    let mut script = Script { client: house.browser(), token: String::new() };
    for (method, path, _) in ROUTES {
        let request = script.client.request(method.clone(), path);
        let reply = script.client.send(request).await;
        assert_eq!(problem(&reply, 401), "no-token");
        assert_eq!(reply.header("www-authenticate"), "Bearer realm=\"oO\"");
        for forged in ["", "x", "oo_", &format!("oo_{}", "A".repeat(43)), "' or true --"] {
            script.token = forged.to_owned();
            let reply = script.ask(method.clone(), path, None).await;
            assert_eq!(problem(&reply, 401), "invalid-token", "{forged}");
            let told = reply.header("www-authenticate");
            assert_eq!(told, "Bearer realm=\"oO\", error=\"invalid_token\"");
        }
    }
    house.stop().await;
}

/// A browser sends cookies by itself, wherever the request comes from; a token it does not.
#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn the_token_decides_and_the_cookie_beside_it_does_not_count(db: PgPool) {
    let house = House::demo(&db).await;
    let mut browser = house.visitor().await;
    let reader = shown(&make(&mut browser, &["me:read"]).await);
    let writer = shown(&make(&mut browser, &["tip:write"]).await);
    let path = "/api/v1/recommend";
    for site in ["cross-site", "same-site", "same-origin", "none"] {
        let is_ours = matches!(site, "same-origin" | "none");
        for (authorization, status) in [
            (None, if is_ours { 200 } else { 403 }),
            // What a proxy asks for is none of ours, and another site can make a browser send it.
            (Some("Basic YTpi".to_owned()), if is_ours { 200 } else { 403 }),
            (Some("Bearer oo_bogus".to_owned()), 401),
            (Some("Bearer".to_owned()), 401),
            (Some(format!("Bearer {reader}")), 403),
            (Some(format!("Bearer {writer}")), 200),
        ] {
            let mut request = browser.request(Method::POST, path).header("sec-fetch-site", site);
            if let Some(authorization) = &authorization {
                request = request.header("authorization", authorization);
            }
            let reply = browser.send(request).await;
            assert_eq!(reply.status.as_u16(), status, "{site}, {authorization:?}: {}", reply.text);
        }
        // Nowhere else does a token open the door.
        let request = browser.request(Method::POST, "/settings/keys").form(&[("on", "true")]);
        let request = request.header("sec-fetch-site", site).bearer_auth(&writer);
        let expected = if is_ours { StatusCode::SEE_OTHER } else { StatusCode::FORBIDDEN };
        assert_eq!(browser.send(request).await.status, expected, "{site}");
    }
    // And the session of a page is all that its person may do.
    let me = browser.get("/api/v1/me").await;
    assert_eq!(json(&me)["scopes"], json!(SCOPES));
    let mut stranger = house.browser();
    let request = stranger.request(Method::GET, "/settings").bearer_auth(&writer);
    assert_eq!(stranger.send(request).await.header("location"), "/");
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_is_not_as_described_is_refused(db: PgPool) {
    let house = House::demo(&db).await;
    let mut browser = house.visitor().await;
    let mut script = script(&house, &mut browser, &SCOPES).await;
    let tip = json(&script.post("/api/v1/recommend", &json!({})).await)["tip"].clone();

    let whole = answer(&tip, "done", 1);
    let mut bodies = vec![json!([]), json!(null), json!("done"), json!({})];
    for field in ["tip_id", "reaction", "idempotency_key"] {
        for wrong in [json!(null), json!(7), json!("x"), json!({})] {
            let mut body = whole.clone();
            body[field] = wrong;
            bodies.push(body);
        }
        let mut body = whole.clone();
        body.as_object_mut().unwrap().remove(field);
        bodies.push(body);
    }
    for (field, value) in [("snooze", json!("forever")), ("user_id", json!(Uuid::nil()))] {
        let mut body = whole.clone();
        body[field] = value;
        bodies.push(body);
    }
    for body in bodies {
        let reply = script.post("/api/v1/feedback", &body).await;
        assert_eq!(problem(&reply, 400), "malformed", "{body}");
    }

    let token = script.token.clone();
    let raw = |browser: &Browser, kind: &'static str, body: Vec<u8>| {
        let request = browser.request(Method::POST, "/api/v1/feedback").bearer_auth(&token);
        request.header("content-type", kind).body(body)
    };
    let whole = whole.to_string().into_bytes();
    for (kind, body, status, expected) in [
        ("application/json", whole[..whole.len() - 1].to_vec(), 400, "malformed"),
        ("application/json", b"\xff".to_vec(), 400, "malformed"),
        ("application/json", vec![], 400, "malformed"),
        ("text/plain", whole.clone(), 415, "media-type"),
        ("application/x-www-form-urlencoded", whole.clone(), 415, "media-type"),
        ("application/json", vec![b' '; 65 * 1024], 413, "about:blank"),
    ] {
        let request = raw(&script.client, kind, body);
        assert_eq!(problem(&script.client.send(request).await, status), expected, "{kind}");
    }
    assert_eq!(script.tip().await, tip, "and nothing was answered");
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn whatever_goes_wrong_is_told_as_a_problem(db: PgPool) {
    let house = House::demo(&db).await;
    let mut browser = house.visitor().await;
    let mut script = script(&house, &mut browser, &SCOPES).await;
    for (method, path, _) in ROUTES {
        let wrong = if method == Method::GET { Method::POST } else { Method::GET };
        for wrong in [wrong, Method::PUT, Method::DELETE, Method::PATCH] {
            let reply = script.ask(wrong, path, None).await;
            assert_eq!(problem(&reply, 405), "about:blank");
            let allowed = if method == Method::GET { "GET,HEAD" } else { "POST" };
            assert_eq!(reply.header("allow"), allowed, "{path}");
        }
    }
    assert_eq!(problem(&script.get("/api/v1/nothing").await, 404), "about:blank");
    assert_eq!(
        problem(&script.get(&format!("/api/v1/{}", "x".repeat(9_000))).await, 414),
        "about:blank"
    );
    // A browser that asks for a page, too.
    let mut stranger = house.browser();
    assert_eq!(problem(&stranger.get("/api/v1/tip").await, 401), "no-token");
    let request = browser.request(Method::POST, "/api/v1/recommend").header("accept", "text/html");
    assert_eq!(problem(&browser.send(request).await, 403), "about:blank", "from who knows where");
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn who_asks_too_often_waits_with_a_token_too(db: PgPool) {
    let house = House::start(Mode::Demo, &db, &[("OO_LIMIT_PER_SECOND", "2")]).await;
    let mut browser = house.visitor().await;
    let mut script = script(&house, &mut browser, &SCOPES).await;
    let mut asked = 0;
    let reply = loop {
        let reply = script.get("/api/v1/me").await;
        if reply.status != StatusCode::OK {
            break reply;
        }
        asked += 1;
        assert!(asked < 100, "there is no limit");
    };
    assert_eq!(problem(&reply, 429), "about:blank");
    assert!((1..=2).contains(&reply.header("retry-after").parse::<u64>().unwrap()));
    assert!(asked >= 5, "{asked}");

    // Tokens that are none are held against the address that shows them, and then no other one is looked at there:
    // not even that of somebody who has not asked before this process.
    house.stop().await;
    let house = House::start(Mode::Demo, &db, &[("OO_LIMIT_PER_SECOND", "2")]).await;
    script.client = house.browser();
    let mut thief = Script { client: house.browser(), token: "oo_bogus".to_owned() };
    let mut refused = 0;
    while thief.get("/api/v1/me").await.status == StatusCode::UNAUTHORIZED {
        refused += 1;
        assert!(refused < 40, "there is no limit");
    }
    assert!((5..12).contains(&refused), "{refused}");
    assert_eq!(problem(&script.get("/api/v1/me").await, 429), "about:blank");
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn the_document_describes_every_route_and_no_other(db: PgPool) {
    let house = House::start(Mode::Serve, &db, &[]).await;
    let reply = house.browser().get("/api/openapi.json").await;
    assert_eq!(reply.header("content-type"), "application/json");
    assert_eq!(reply.header("cache-control"), "public, max-age=300");
    let document = json(&reply);
    assert_eq!(document["openapi"], "3.1.0");

    let mut described = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            described.insert((method.to_uppercase(), path.clone()));
            let scope = operation["security"][0]["token"][0].as_str().unwrap();
            assert!(
                ROUTES.iter().any(|it| (it.0.as_str(), it.1, it.2) == (&*method.to_uppercase(), path, scope)),
                "{path} {scope}"
            );
            for status in ["401", "403", "429", "500", "503"] {
                assert!(operation["responses"][status].is_object(), "{path} {status}");
            }
        }
    }
    let served: BTreeSet<_> = server::routes::all()
        .into_iter()
        .filter(|(_, path)| path.starts_with("/api/v1/"))
        .map(|(method, path)| (method.to_string(), path.to_owned()))
        .collect();
    assert_eq!(described, served);
    assert_eq!(served.len(), ROUTES.len());
    house.stop().await;
}
