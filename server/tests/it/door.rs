//! What stands before every route: headers, the same-site rule, limits, and pages for what goes wrong.

use reqwest::{Method, StatusCode};
use server::config::Mode;
use sqlx::PgPool;

use crate::house::House;

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn every_answer_has_the_headers(db: PgPool) {
    let house = House::demo(&db).await;
    let mut browser = house.visitor().await;
    for path in
        ["/", "/settings", "/health", "/ready", "/nothing/here", "/pkg/nothing.js", "/sign-out"]
    {
        let reply = browser.get(path).await;
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(reply.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(reply.header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert_eq!(reply.header("cache-control"), "no-store", "{path}");
        assert!(!reply.header("permissions-policy").is_empty(), "{path}");
        assert_eq!(reply.header("x-request-id").len(), 16, "{path}");
        let policy = reply.header("content-security-policy");
        for directive in ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
            assert!(policy.contains(directive), "{path}: {policy}");
        }
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
    let own = house.url.trim_end_matches('/').to_owned();
    for path in [
        "/demo",
        "/sign-out",
        "/settings/close-tasks",
        "/settings/keys",
        "/settings/time-zone",
        "/settings/todoist/disconnect",
        "/api/react",
        "/api/undo",
        "/api/set_time_zone",
        "/api/v1/recommend",
    ] {
        for (name, value) in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("x-nothing", "at-all"),
        ] {
            let request =
                browser.request(Method::POST, path).header(name, value).form(&[("on", "false")]);
            let reply = browser.send(request).await;
            assert_eq!(reply.status, StatusCode::FORBIDDEN, "{path} {name}: {value}");
        }
    }
    assert!(browser.is_signed_in().await);

    // Without Fetch Metadata, the origin decides.
    let request = browser.request(Method::POST, "/sign-out").header("origin", own);
    assert_eq!(browser.send(request).await.status, StatusCode::SEE_OTHER);
    assert!(!browser.is_signed_in().await);
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
