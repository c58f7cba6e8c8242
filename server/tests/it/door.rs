//! What stands before every route: headers, the same-site rule, limits, and pages for what goes wrong.

use std::collections::BTreeMap;

use reqwest::{Method, StatusCode};
use server::config::Mode;
use sqlx::{AssertSqlSafe, PgPool};

use crate::house::{House, Reply};

/// What is there beside the routes: a file, a script, and nothing at all.
const FILES: [&str; 3] = ["/favicon.svg", "/pkg/nothing.js", "/nothing/here"];

/// As forms of our pages fill them in, for whichever of them looks at it.
const FORM: [(&str, &str); 10] = [
    ("word", "erase"),
    ("days", "30"),
    ("id", "00000000-0000-0000-0000-000000000000"),
    ("consent", "read_tasks"),
    ("on", "false"),
    ("zone", "Asia/Tokyo"),
    ("reaction", "done"),
    ("snooze", "later"),
    ("tip_id", "00000000-0000-0000-0000-000000000000"),
    ("key", "00000000-0000-0000-0000-000000000000"),
];

/// Every route, and some files.
fn everything() -> impl Iterator<Item = (Method, String)> {
    let files = FILES.into_iter().map(|path| (Method::GET, path.to_owned()));
    let routes = server::routes::all().into_iter().map(|(method, path)| (method, at(path)));
    routes.chain(files)
}

/// An address of a route.
fn at(path: &str) -> String {
    path.replace("{provider}", "apple").replace("{link}", "AAAA")
}

/// A digest of every row that a module owns.
async fn rows(db: &PgPool) -> BTreeMap<String, String> {
    let tables: Vec<String> = sqlx::query_scalar(
        "select table_schema || '.' || table_name
         from information_schema.tables
         where table_schema in ('auth', 'events', 'integrations', 'privacy', 'profile',
                                'recommender', 'vault')",
    )
    .fetch_all(db)
    .await
    .unwrap();
    let mut rows = BTreeMap::new();
    for table in tables {
        let digest = format!(
            "select coalesce(md5(string_agg(it::text, '|' order by it::text)), '') from {table} it"
        );
        let digest = sqlx::query_scalar(AssertSqlSafe(digest)).fetch_one(db).await.unwrap();
        rows.insert(table, digest);
    }
    assert!(rows.len() > 10, "{rows:?}");
    rows
}

#[test]
fn the_list_of_routes_is_the_one_that_is_served() {
    let routes = server::routes::all();
    for known in ["/", "/settings", "/health", "/ready", "/api/react", "/api/stage", "/api/undo"] {
        assert!(routes.iter().any(|(_, path)| *path == known), "{known} in {routes:?}");
    }
    let filled_in = routes.iter().map(|(_, path)| at(path));
    assert!(!filled_in.clone().any(|path| path.contains('{')), "{routes:?}");
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn every_answer_has_the_headers(db: PgPool) {
    let house = House::demo(&db).await;
    for (method, path) in everything() {
        let mut browser = house.visitor().await;
        let request = browser.request(method, &path).header("accept", "text/html");
        let request = request.header("sec-fetch-site", "same-origin");
        check_headers(&path, &browser.send(request).await);
        // And where the door is shut.
        let request = browser.request(Method::POST, &path).header("accept", "text/html");
        check_headers(&path, &browser.send(request).await);
    }
    house.stop().await;
}

fn check_headers(path: &str, reply: &Reply) {
    assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
    assert_eq!(reply.header("referrer-policy"), "same-origin", "{path}");
    assert_eq!(reply.header("cross-origin-opener-policy"), "same-origin", "{path}");
    assert_eq!(reply.header("cross-origin-resource-policy"), "same-origin", "{path}");
    // What describes the API is nobody's own.
    let is_document = path == "/api/openapi.json" && reply.status.is_success();
    let kept = if is_document { "public, max-age=300" } else { "no-store" };
    assert_eq!(reply.header("cache-control"), kept, "{path}");
    assert_eq!(reply.header("strict-transport-security"), "", "{path}: it is plain http");
    assert_eq!(reply.header("x-request-id").len(), 16, "{path}");
    let policy = reply.header("permissions-policy");
    for feature in ["camera=()", "microphone=()", "geolocation=()"] {
        assert!(policy.contains(feature), "{path}: {policy}");
    }
    let policy = reply.header("content-security-policy");
    for directive in ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
        assert!(policy.contains(directive), "{path}: {policy}");
    }
    for weakness in ["unsafe-inline", "unsafe-eval'; ", "strict-dynamic", "http:", "https:", "*"] {
        assert!(!policy.replace("'wasm-unsafe-eval'", "").contains(weakness), "{path}: {policy}");
    }
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn where_there_is_https_there_is_nothing_else(db: PgPool) {
    let variables = [("OO_BASE_URL", "https://oo.example.org")];
    let house = House::start(Mode::Serve, &db, &variables).await;
    let mut browser = house.browser();
    for (method, path) in everything() {
        let reply = browser.send(browser.request(method, &path)).await;
        assert_eq!(reply.header("strict-transport-security"), "max-age=31536000", "{path}");
    }
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn scripts_carry_a_nonce_that_is_new_each_time(db: PgPool) {
    let house = House::demo(&db).await;
    let mut browser = house.visitor().await;
    let mut nonces = Vec::new();
    for _ in 0..2 {
        let reply = browser.get("/").await;
        let policy = reply.header("content-security-policy");
        let nonce = policy.split_once("'nonce-").unwrap().1.split_once('\'').unwrap().0.to_owned();
        assert!(reply.text.contains(&format!("nonce=\"{nonce}\"")), "{}", reply.text);
        let scripts = reply.text.matches("<script").count();
        assert_eq!(reply.text.matches(&format!("nonce=\"{nonce}\"")).count(), scripts);
        nonces.push(nonce);
    }
    assert_ne!(nonces[0], nonces[1]);
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn no_other_site_changes_anything(db: PgPool) {
    let house = House::demo(&db).await;
    let mut browser = house.visitor().await;
    browser.get("/").await;
    let before = rows(&db).await;
    for (_, path) in everything() {
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            for (name, value) in [
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-site", "same-site"),
                ("origin", "https://evil.example"),
                ("origin", "null"),
                ("x-nothing", "at-all"),
            ] {
                let request =
                    browser.request(method.clone(), &path).header(name, value).form(&FORM);
                let reply = browser.send(request).await;
                let expected = match (&method, &*path) {
                    // Apple's page posts there, and the browser is sent on.
                    (&Method::POST, "/auth/apple/return") => StatusCode::SEE_OTHER,
                    // Mail programs post there; who has no link is nobody.
                    (&Method::POST, "/mail/AAAA") => StatusCode::NOT_FOUND,
                    _ => StatusCode::FORBIDDEN,
                };
                assert_eq!(reply.status, expected, "{method} {path} {name}: {value}");
                assert_eq!(reply.header("set-cookie"), "", "{method} {path}");
            }
        }
    }
    assert_eq!(rows(&db).await, before);
    assert!(browser.is_signed_in().await);

    // Without Fetch Metadata, the origin decides.
    let own = house.url.trim_end_matches('/').to_owned();
    let request = browser.request(Method::POST, "/sign-out").header("origin", own);
    assert_eq!(browser.send(request).await.status, StatusCode::SEE_OTHER);
    assert!(!browser.is_signed_in().await);
    house.stop().await;
}

/// A link, an image or a preview asks with GET, and with the cookies.
#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_only_asks_changes_nothing(db: PgPool) {
    let house = House::demo(&db).await;
    let mut browser = house.visitor().await;
    let page = browser.get("/").await;
    let (tip, key) = (page.field("tip_id"), page.field("key"));
    let form = FORM.map(|(name, value)| match name {
        "tip_id" => (name, tip.as_str()),
        "key" => (name, key.as_str()),
        _ => (name, value),
    });
    let before = rows(&db).await;
    for (method, path) in server::routes::all() {
        if method == Method::GET {
            continue;
        }
        for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
            let request = browser.request(method.clone(), &at(path)).query(&form);
            let request = request.header("sec-fetch-site", "same-origin");
            let reply = browser.send(request).await;
            assert!(reply.status.is_client_error(), "{method} {path}: {}", reply.status);
            assert_eq!(reply.header("set-cookie"), "", "{method} {path}");
        }
    }
    assert_eq!(rows(&db).await, before);
    assert_eq!(browser.get("/").await.field("tip_id"), tip);
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_body_has_a_bound(db: PgPool) {
    let house = House::demo(&db).await;
    let mut browser = house.visitor().await;
    let much = "x".repeat(65 * 1024);
    for path in ["/api/react", "/api/set_time_zone", "/settings/time-zone"] {
        let reply = browser.post(path, &[("zone", &much)]).await;
        assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE, "{path}");

        // The same without a length that could be looked at beforehand.
        let chunks = futures::stream::iter([(); 4].map(|()| Ok::<_, std::io::Error>(much.clone())));
        let request = browser
            .request(Method::POST, path)
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(reqwest::Body::wrap_stream(chunks));
        let reply = browser.send(request).await;
        assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE, "{path}, in chunks");
    }
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_person_never_meets_a_bare_status(db: PgPool) {
    let house = House::start(Mode::Serve, &db, &[]).await;
    let mut browser = house.browser();
    for (path, status) in [
        ("/nothing/here", StatusCode::NOT_FOUND),
        ("/pkg/nothing.js", StatusCode::NOT_FOUND),
        ("/auth/oidc", StatusCode::NOT_FOUND),
        ("/sign-out", StatusCode::METHOD_NOT_ALLOWED),
        ("/?notice=a&notice=b", StatusCode::BAD_REQUEST),
    ] {
        let reply = browser.get(path).await;
        assert_eq!(reply.status, status, "{path}");
        assert!(reply.header("content-type").starts_with("text/html"), "{path}");
        assert!(reply.text.contains("<h1"), "{path}: {}", reply.text);
    }
    for path in ["/demo", "/api/nothing", "/api/nothing/at/all"] {
        assert_eq!(browser.post(path, &[]).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    house.stop().await;
}
