//! A copy of everything, the end of it, and history that is not kept.

use reqwest::{Method, StatusCode};
use serde_json::Value;
use server::config::Mode;
use sqlx::PgPool;
use uuid::Uuid;

use crate::{
    house::{Browser, House},
    serving::{answer, ask},
};

/// Where the session is.
const COOKIE: &str = "__Host-oo";

async fn person(db: &PgPool) -> Uuid {
    sqlx::query_scalar("select user_id from auth.user").fetch_one(db).await.unwrap()
}

async fn erase(browser: &mut Browser, word: &str) -> crate::house::Reply {
    browser.post("/settings/erase/now", &[("word", word)]).await
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn everything_is_handed_out_as_a_file(db: PgPool) {
    let house = House::demo(&db).await;
    assert_eq!(house.browser().get("/settings/export").await.header("location"), "/");
    let mut browser = house.visitor().await;
    let tip = browser.get("/").await.field("tip_id");

    for site in ["cross-site", "same-site"].repeat(4) {
        let request = browser.request(Method::GET, "/settings/export");
        let reply = browser.send(request.header("sec-fetch-site", site)).await;
        assert_eq!(reply.status, StatusCode::FORBIDDEN, "a link elsewhere uses up no turn");
    }
    for _ in 0..6 {
        let reply = browser.get("/settings/export").await;
        assert_eq!(reply.status, StatusCode::OK);
        assert_eq!(reply.header("content-type"), "application/json");
        assert_eq!(reply.header("cache-control"), "no-store");
        let name = reply.header("content-disposition");
        assert!(name.starts_with("attachment; filename=\"oo-export-20"), "{name}");
        let export: Value = serde_json::from_str(&reply.text).unwrap();
        assert_eq!(export["person"], person(&db).await.to_string());
        assert_eq!(export["sections"]["tips"]["rows"][0]["tip_id"], tip);
    }
    let reply = browser.get("/settings/export").await;
    assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(reply.text.contains("<h1") && !reply.header("retry-after").is_empty());
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn an_export_that_fails_does_not_look_whole(db: PgPool) {
    let house = House::demo(&db).await;
    let mut browser = house.visitor().await;
    browser.get("/").await;
    let session = browser.cookies()[COOKIE].clone();
    sqlx::query(
        "insert into events.event (user_id, event_id, kind, version, payload, occurred_at)
         select $1, gen_random_uuid(), 'task_closed', 1, '\\x0a0161', now()
         from generate_series(1, 3000)",
    )
    .bind(person(&db).await)
    .execute(&db)
    .await
    .unwrap();
    let get = format!(
        "GET /settings/export HTTP/1.1\r\nhost: oo\r\ncookie: {COOKIE}={session}\r\nconnection: close\r\n\r\n"
    );
    let whole = answer(ask(house.addr(), &get).await).await;
    assert!(whole.ends_with("\r\n0\r\n\r\n"), "it ends as it should");

    // Of what comes after the events.
    sqlx::query("alter table recommender.tip rename column arm to branch")
        .execute(&db)
        .await
        .unwrap();
    let cut = answer(ask(house.addr(), &get).await).await;
    assert!(cut.starts_with("HTTP/1.1 200 OK") && cut.contains("task_closed"), "{cut}");
    assert!(!cut.ends_with("\r\n0\r\n\r\n"), "it breaks off");
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn who_leaves_is_gone_everywhere_at_once(db: PgPool) {
    let house = House::demo(&db).await;
    let replica = House::demo(&db).await;
    let (mut browser, mut phone) = (house.visitor().await, replica.visitor().await);
    assert_eq!(house.browser().get("/settings/erase").await.header("location"), "/");
    let page = browser.get("/settings/erase").await.text;
    assert!(page.contains("What goes") && page.contains("/settings/export"), "{page}");
    let session = browser.cookies()[COOKIE].clone();
    let before = person(&db).await;

    for word in ["", "delete", "eras"] {
        let reply = erase(&mut browser, word).await;
        assert_eq!(reply.header("location"), "/settings/erase?notice=word", "{word}");
    }
    let page = browser.get("/settings/erase?notice=word").await.text;
    assert!(page.contains("That was not the word. Nothing was changed."), "{page}");
    assert!(phone.is_signed_in().await);

    let reply = erase(&mut browser, " Erase ").await;
    assert_eq!(reply.status, StatusCode::OK);
    assert!(reply.text.contains("It is done."), "{}", reply.text);
    assert!(!browser.cookies().contains_key(COOKIE), "the browser forgets it");
    browser.cookies().insert(COOKIE.to_owned(), session);
    assert!(!browser.is_signed_in().await && !phone.is_signed_in().await);
    assert_eq!(erase(&mut browser, "erase").await.header("location"), "/");
    let left: i64 =
        sqlx::query_scalar("select count(*) from auth.user").fetch_one(&db).await.unwrap();
    assert_eq!(left, 0);

    // Whoever comes again is somebody new, with tasks to look at.
    let mut again = house.visitor().await;
    assert_ne!(person(&db).await, before);
    assert_ne!(again.get("/").await.field("tip_id"), "");
    house.stop().await;
    replica.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_backup_brings_nobody_back(db: PgPool) {
    let data = std::env::temp_dir().join(format!("{}-kept", crate::house::name(&db)));
    let path = data.to_string_lossy().into_owned();
    let variables = [("OO_DATA_DIR", path.as_str())];
    let house = House::start(Mode::Demo, &db, &variables).await;
    let mut browser = house.visitor().await;
    let before = person(&db).await;
    assert_eq!(erase(&mut browser, "erase").await.status, StatusCode::OK);
    house.stop().await;

    // As it was before, and without the ledger.
    for restore in [
        "insert into auth.user (user_id, created_at, is_owner) values ($1, now(), true)",
        "insert into profile.preference (user_id, updated_at) values ($1, now())",
        "with forgotten as (delete from privacy.erasure) select $1::uuid",
    ] {
        sqlx::query(restore).bind(before).execute(&db).await.unwrap();
    }
    let house = House::start(Mode::Demo, &db, &variables).await;
    assert_ne!(person(&db).await, before, "there is one, of the demo");
    house.stop().await;
    std::fs::remove_dir_all(data).unwrap();
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_person_says_for_how_long_history_is_kept(db: PgPool) {
    let house = House::demo(&db).await;
    let mut browser = house.visitor().await;
    let pressed = |page: &str| {
        let (_, rest) = page.split_once("aria-pressed=\"true\">").unwrap();
        rest.split_once('<').unwrap().0.to_owned()
    };
    assert_eq!(pressed(&browser.get("/settings").await.text), "a year");
    for (days, shown) in [("30", "30 days"), ("90", "90 days"), ("365", "a year"), ("", "no end")] {
        let reply = browser.post("/settings/history", &[("days", days)]).await;
        assert_eq!(reply.header("location"), "/settings?notice=saved");
        assert_eq!(pressed(&browser.get("/settings").await.text), shown);
    }
    for days in ["7", "-1", "99999999", "a year"] {
        let reply = browser.post("/settings/history", &[("days", days)]).await;
        assert_eq!(reply.header("location"), "/settings?notice=failed", "{days}");
    }
    assert_eq!(pressed(&browser.get("/settings").await.text), "no end");
    let request = browser.request(Method::GET, "/settings/history");
    assert_eq!(browser.send(request).await.status, StatusCode::METHOD_NOT_ALLOWED);
    house.stop().await;
}
