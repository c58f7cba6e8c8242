//! The tip page when its tip is not there at once: it begins, and the tip follows.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::json;
use server::{config::Mode, http::Patience};
use sqlx::{PgConnection, PgPool, Postgres, Transaction};
use tokio::{io::AsyncReadExt, net::TcpStream};

use crate::{
    house::{Browser, House},
    serving::{answer, ask},
};

/// Longer than any test.
const LONG: Duration = Duration::from_mins(10);

/// Nobody waits for a tip.
const HASTY: Patience = Patience { tip: Duration::ZERO, ..PATIENT };

const PATIENT: Patience = Patience {
    headers: LONG,
    answer: LONG,
    tip: LONG,
    taken: LONG,
    first_request: Duration::from_millis(500),
    stop: LONG,
};

async fn house(db: &PgPool, patience: Patience) -> House {
    House::patient(Mode::Demo, db, &[("OO_MAX_REQUESTS", "1")], patience).await
}

/// Every look waits until this ends.
async fn held(db: &PgPool) -> Transaction<'static, Postgres> {
    let mut holds = kernel::db::begin(db).await.unwrap();
    run("lock table recommender.tip in access exclusive mode", &mut holds).await;
    holds
}

async fn run(sql: &'static str, db: &mut PgConnection) {
    sqlx::query(sql).execute(db).await.unwrap();
}

/// Asks for `/`, letter by letter.
async fn look(house: &House, browser: &mut Browser, version: &str) -> TcpStream {
    let cookie = &browser.cookies()["__Host-oo"];
    let request = format!(
        "GET / HTTP/{version}\r\nhost: oo\r\ncookie: __Host-oo={cookie}\r\naccept: text/html\r\n\
         connection: close\r\n\r\n"
    );
    ask(house.addr(), &request).await
}

/// What comes up to and with `end`.
async fn until(stream: &mut TcpStream, end: &str) -> String {
    let mut come = Vec::new();
    while !come.ends_with(end.as_bytes()) {
        come.push(stream.read_u8().await.unwrap());
    }
    String::from_utf8(come).unwrap()
}

/// The head of an answer and its body, which came in chunks.
fn put_together(answer: &str) -> (String, String) {
    let (head, mut rest) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.contains("\r\ntransfer-encoding: chunked"), "{head}");
    let mut body = String::new();
    loop {
        let (length, chunk) = rest.split_once("\r\n").unwrap();
        let length = usize::from_str_radix(length, 16).unwrap();
        if length == 0 {
            assert_eq!(chunk, "\r\n", "it was not cut");
            return (head.to_owned(), body);
        }
        body += &chunk[..length];
        rest = chunk[length..].strip_prefix("\r\n").unwrap();
    }
}

/// One page, whole, whose scripts its policy lets run.
fn assert_whole(head: &str, page: &str) {
    for part in ["<!DOCTYPE html>", "<title>oO</title>", "<header", "<main", "<h1", "</html>"] {
        assert_eq!(page.matches(part).count(), 1, "{part}: {page}");
    }
    assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>"), "{page}");
    let (_, nonce) = page.split_once("<script nonce=\"").unwrap();
    let nonce = &nonce[..32];
    assert!(head.contains(&format!("'nonce-{nonce}'")), "{head}");
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_stands_above_the_tip_is_there_before_it(db: PgPool) {
    let house = house(&db, HASTY).await;
    let mut browser = house.visitor().await;
    let holds = held(&db).await;
    let mut stream = look(&house, &mut browser, "1.1").await;
    let above = until(&mut stream, "</header>").await;
    assert!(above.starts_with("HTTP/1.1 200 OK\r\n"), "{above}");
    for header in [
        "content-type: text/html; charset=utf-8",
        "content-security-policy: default-src 'none'; script-src 'self' 'nonce-",
        "cache-control: no-store",
        "x-content-type-options: nosniff",
        "x-accel-buffering: no",
        "x-request-id: ",
    ] {
        assert!(above.contains(&format!("\r\n{header}")), "{header}: {above}");
    }
    for part in ["rel=\"stylesheet\"", "fetch(\"/pkg/oo", "class=\"mark\""] {
        assert!(above.contains(part), "{part}: {above}");
    }

    holds.rollback().await.unwrap();
    let (head, page) = put_together(&(above + &answer(stream).await));
    assert_whole(&head, &page);
    assert!(page.contains("name=\"tip_id\""), "{page}");
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_tip_that_is_there_comes_in_one_piece(db: PgPool) {
    let house = house(&db, PATIENT).await;
    let mut browser = house.visitor().await;
    let reply = browser.get("/").await;
    assert_eq!(reply.header("content-length"), reply.text.len().to_string());
    assert_eq!(reply.header("transfer-encoding"), "");
    assert_eq!(reply.header("x-accel-buffering"), "");

    // What fails in time has the status that tells so.
    run("alter table recommender.tip rename to gone", &mut db.acquire().await.unwrap()).await;
    let reply = browser.get("/").await;
    assert_eq!(reply.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(reply.text.contains("Something broke in here."), "{}", reply.text);
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_fails_after_the_page_has_begun_is_told_on_it(db: PgPool) {
    let house = house(&db, HASTY).await;
    let mut browser = house.visitor().await;
    let mut holds = held(&db).await;
    let mut stream = look(&house, &mut browser, "1.1").await;
    let above = until(&mut stream, "</header>").await;
    run("alter table recommender.tip rename to gone", &mut holds).await;
    holds.commit().await.unwrap();

    let (head, page) = put_together(&(above + &answer(stream).await));
    assert_whole(&head, &page);
    assert!(page.contains("Something broke in here."), "{page}");
    assert!(page.contains("Try again"), "{page}");
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_page_that_has_begun_is_not_waited_for_without_end(db: PgPool) {
    let house = house(&db, Patience { answer: Duration::from_millis(500), ..HASTY }).await;
    let mut browser = house.visitor().await;
    let holds = held(&db).await;
    let (head, page) = put_together(&answer(look(&house, &mut browser, "1.1").await).await);
    assert_whole(&head, &page);
    assert!(page.contains("oO is not quite awake."), "{page}");
    holds.rollback().await.unwrap();
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn who_was_not_asked_yet_is_led_there_by_the_page(db: PgPool) {
    let house = house(&db, HASTY).await;
    sqlx::query("delete from profile.consent").execute(&db).await.unwrap();
    let mut browser = house.visitor().await;
    let holds = held(&db).await;
    let mut stream = look(&house, &mut browser, "1.1").await;
    let above = until(&mut stream, "</header>").await;
    holds.rollback().await.unwrap();
    let (head, page) = put_together(&(above + &answer(stream).await));
    assert_whole(&head, &page);
    assert!(page.contains("href=\"/consents\""), "{page}");
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_begun_page_has_its_place_until_it_is_whole_or_nobody_waits_for_it(db: PgPool) {
    let house = house(&db, HASTY).await;
    let mut browser = house.visitor().await;
    let mut holds = held(&db).await;
    let mut stream = look(&house, &mut browser, "1.1").await;
    until(&mut stream, "</header>").await;
    assert_eq!(house.browser().get("/").await.status, StatusCode::SERVICE_UNAVAILABLE);

    // The look is still held, and has nobody to tell.
    drop(stream);
    while house.browser().get("/").await.status != StatusCode::OK {
        tokio::task::yield_now().await;
    }
    let mut stream = look(&house, &mut browser, "1.1").await;
    until(&mut stream, "</header>").await;
    run("alter table recommender.tip rename to gone", &mut holds).await;
    holds.commit().await.unwrap();
    assert!(answer(stream).await.ends_with("0\r\n\r\n"));
    assert_eq!(house.browser().get("/").await.status, StatusCode::OK);
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn old_clients_and_those_who_want_no_body_are_served(db: PgPool) {
    let house = house(&db, HASTY).await;
    let mut browser = house.visitor().await;
    let holds = held(&db).await;
    let head = browser.request(Method::HEAD, "/");
    let reply = browser.send(head).await;
    assert_eq!((reply.status, reply.text.as_str()), (StatusCode::OK, ""));

    let mut stream = look(&house, &mut browser, "1.0").await;
    let above = until(&mut stream, "</header>").await;
    holds.rollback().await.unwrap();
    let whole = above + &answer(stream).await;
    let (head, page) = whole.split_once("\r\n\r\n").unwrap();
    assert!(!head.contains("transfer-encoding"), "{head}");
    assert_whole(head, page);
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn while_todoist_takes_its_time_the_page_has_begun(db: PgPool) {
    let house = House::demo(&db).await;
    let mut browser = house.visitor().await;
    let begun = browser.get("/connect/todoist").await;
    let (double, _) = begun.header("location").split_once("/oauth/").unwrap();
    let slow = json!({"fault": "slow", "ms": LONG.as_millis()});
    let request = browser.request(Method::POST, &format!("{double}/_double/faults")).json(&slow);
    assert_eq!(browser.send(request).await.status, StatusCode::NO_CONTENT);

    let mut stream = look(&house, &mut browser, "1.1").await;
    let above = until(&mut stream, "</header>").await;
    let (head, page) = put_together(&(above + &answer(stream).await));
    assert_whole(&head, &page);
    assert!(page.contains("oO is looking through your tasks."), "{page}");
    house.stop().await;
}
