//! How much is let in: by person, by address, at the same time, and on all replicas together.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use server::{config::Mode, http::Patience};
use sqlx::PgPool;
use tokio::{io::AsyncWriteExt, net::TcpStream};

use crate::{
    house::{Browser, House, Reply},
    serving::{answer, ask},
};

/// More than any bucket holds at one a second.
const MANY: usize = 200;

/// A provider that is never there.
const OIDC: [(&str, &str); 3] = [
    ("OO_OIDC_ISSUER", "http://127.0.0.1:1"),
    ("OO_OIDC_CLIENT_ID", "oo"),
    ("OO_OIDC_CLIENT_SECRET", "not-a-word-of-an-example"),
];

const PROXY: (&str, &str) = ("OO_TRUSTED_PROXIES", "127.0.0.0/8");

/// As the proxy passes it on.
async fn get_from(browser: &mut Browser, path: &str, address: &str) -> Reply {
    let request = browser.request(Method::GET, path).header("x-forwarded-for", address);
    browser.send(request.header("accept", "text/html")).await
}

/// Asks until it is too often, and tells how often that was.
async fn exhaust(browser: &mut Browser, path: &str, address: &str) -> usize {
    for asked in 0..MANY {
        if get_from(browser, path, address).await.status == StatusCode::TOO_MANY_REQUESTS {
            return asked;
        }
    }
    panic!("there is no limit");
}

fn wait(reply: &Reply) -> u64 {
    reply.header("retry-after").parse().unwrap_or_else(|_| panic!("{:?}", reply.headers))
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn who_asks_too_often_is_told_to_wait(db: PgPool) {
    let house = House::start(Mode::Demo, &db, &[("OO_LIMIT_PER_SECOND", "1")]).await;
    let mut browser = house.visitor().await;
    // Whoever is not behind a trusted proxy can say what they like of their address.
    let mut asked = 0;
    let reply = loop {
        let reply = get_from(&mut browser, "/", &format!("198.51.100.{asked}")).await;
        if reply.status != StatusCode::OK {
            break reply;
        }
        asked += 1;
        assert!(asked < MANY, "there is no limit");
    };
    assert!(asked >= 5, "five seconds' worth comes at once: {asked}");
    assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(wait(&reply), 1);
    assert!(reply.text.contains("That was a lot at once."), "{}", reply.text);

    // A script is told in numbers.
    let script = loop {
        let request = browser.request(Method::POST, "/api/v1/recommend");
        let reply = browser.send(request.header("sec-fetch-site", "same-origin")).await;
        if reply.status != StatusCode::OK {
            break reply;
        }
    };
    assert_eq!(script.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(script.header("content-type"), "application/problem+json");
    assert_eq!(wait(&script), 1);

    // Nobody else is kept out, but what comes from the address has its limit, too.
    let mut other = house.browser();
    assert_eq!(other.get("/").await.status, StatusCode::OK);
    exhaust(&mut other, "/favicon.svg", "198.51.100.1").await;
    for path in ["/health", "/ready"] {
        assert_eq!(other.get(path).await.status, StatusCode::OK, "{path}");
    }
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn behind_a_proxy_every_client_has_its_own(db: PgPool) {
    let variables = [("OO_LIMIT_PER_SECOND", "1"), PROXY];
    let house = House::start(Mode::Serve, &db, &variables).await;
    let mut browser = house.browser();
    let asked = exhaust(&mut browser, "/", "1.1.1.1, 198.51.100.1").await;
    assert!(asked >= 25, "an address has five people: {asked}");

    for (address, status) in [
        ("198.51.100.2", StatusCode::OK),
        ("198.51.100.1, 198.51.100.3", StatusCode::OK),
        ("2001:db8::1", StatusCode::OK),
    ] {
        assert_eq!(get_from(&mut browser, "/", address).await.status, status, "{address}");
    }
    exhaust(&mut browser, "/", "[2001:db8:0:1::1]:443").await;
    exhaust(&mut browser, "/", "2001:db8:0:2::7, 127.0.0.9").await;
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn sign_ins_are_counted_by_all_replicas_together(db: PgPool) {
    let variables = [OIDC[0], OIDC[1], OIDC[2], PROXY];
    let one = House::start(Mode::Serve, &db, &variables).await;
    let two = House::start(Mode::Serve, &db, &variables).await;
    let mut browsers = [one.browser(), two.browser()];
    for (path, status) in [
        ("/auth/oidc", StatusCode::BAD_GATEWAY),
        ("/auth/oidc/return?state=a&code=b", StatusCode::BAD_REQUEST),
    ] {
        for attempt in 0..30 {
            let reply = get_from(&mut browsers[attempt % 2], path, "198.51.100.1").await;
            assert_eq!(reply.status, status, "{path}, {attempt}");
        }
        for browser in &mut browsers {
            let reply = get_from(browser, path, "198.51.100.1").await;
            assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS, "{path}");
            assert!((1..=600).contains(&wait(&reply)), "{}", wait(&reply));
            assert!(reply.text.contains("That was a lot at once."), "{}", reply.text);
            assert_eq!(get_from(browser, path, "198.51.100.2").await.status, status, "{path}");
        }
    }
    one.stop().await;
    two.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn connections_are_counted_by_person_and_by_address(db: PgPool) {
    let house = House::start(Mode::Demo, &db, &[PROXY]).await;
    let mut browser = house.visitor().await;
    for (path, status) in [
        ("/connect/todoist", StatusCode::SEE_OTHER),
        ("/connect/todoist/return?state=a&code=b", StatusCode::BAD_REQUEST),
    ] {
        for attempt in 0..30 {
            let address = format!("198.51.100.{attempt}");
            assert_eq!(get_from(&mut browser, path, &address).await.status, status, "{path}");
        }
        // Wherever the person goes.
        let reply = get_from(&mut browser, path, "198.51.100.99").await;
        assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS, "{path}");
    }
    house.stop().await;
}

/// Sends a request whose body is not yet whole.
async fn half(house: &House) -> TcpStream {
    let head = "POST /api/undo HTTP/1.1\r\nhost: oo\r\nsec-fetch-site: same-origin\r\n\
                connection: close\r\ncontent-type: application/x-www-form-urlencoded\r\n\
                content-length: 8\r\n\r\ntip_";
    ask(house.addr(), head).await
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_cannot_be_done_now_is_told_at_once(db: PgPool) {
    let house = House::start(Mode::Serve, &db, &[("OO_MAX_REQUESTS", "1")]).await;
    let mut browser = house.browser();
    let mut first = half(&house).await;
    let reply = loop {
        let reply = browser.get("/").await;
        if reply.status != StatusCode::OK {
            break reply;
        }
    };
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(wait(&reply), 1);
    assert!(reply.text.contains("not quite awake"), "{}", reply.text);
    for path in ["/health", "/ready"] {
        assert_eq!(browser.get(path).await.status, StatusCode::OK, "{path}");
    }

    first.write_all(b"id=7").await.unwrap();
    let answer = answer(first).await;
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    assert_eq!(browser.get("/").await.status, StatusCode::OK);
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_body_is_not_waited_for_without_end(db: PgPool) {
    let patience = Patience { answer: Duration::from_millis(50), ..Patience::default() };
    let house = House::patient(Mode::Serve, &db, &[], patience).await;
    let answer = answer(half(&house).await).await;
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn an_address_and_headers_have_a_bound(db: PgPool) {
    let house = House::start(Mode::Serve, &db, &[]).await;
    let mut browser = house.browser();
    let query = |length: usize| format!("/?notice={}", "x".repeat(length));
    assert_eq!(browser.get(&query(8_000)).await.status, StatusCode::OK);
    let reply = browser.get(&query(9_000)).await;
    assert_eq!(reply.status, StatusCode::URI_TOO_LONG);
    assert!(reply.text.contains("There is nothing here."), "{}", reply.text);

    let request = browser.request(Method::GET, "/").header("x-much", "x".repeat(100_000));
    let reply = browser.send(request).await;
    assert_eq!(reply.status, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    house.stop().await;
}
