//! Tokens for scripts, as their person handles them in the settings.

use reqwest::StatusCode;
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

use crate::{
    api::{SCOPES, Script, answer, json, make, problem, script, shown},
    house::House,
};

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_token_is_shown_once_and_revoked_at_once(db: PgPool) {
    let house = House::demo(&db).await;
    let mut browser = house.visitor().await;
    let reply = make(&mut browser, &["tip:read", "me:read"]).await;
    assert_eq!((reply.status, reply.header("location")), (StatusCode::OK, ""));
    assert_eq!(reply.header("cache-control"), "no-store");
    let mut script = Script { client: house.browser(), token: shown(&reply) };
    json(&script.get("/api/v1/me").await);

    let page = browser.get("/settings").await.text;
    assert!(page.contains("the kitchen") && page.contains("used today"), "{page}");
    assert!(page.contains("see the tip, see who you are") && page.contains("ends in 30 days"));
    assert!(!page.contains(&script.token) && !page.contains("oo_"), "{page}");

    let id: Uuid =
        sqlx::query_scalar("select token_id from auth.api_token").fetch_one(&db).await.unwrap();
    assert!(page.contains(&id.to_string()), "{page}");
    for (other, status) in [(Uuid::nil().to_string(), 404), ("mine".to_owned(), 422)] {
        let reply = browser.post("/settings/tokens/revoke", &[("id", &other)]).await;
        assert_eq!(reply.status.as_u16(), status);
    }
    json(&script.get("/api/v1/me").await);

    // Another replica made nothing of its own.
    let replica = House::demo(&db).await;
    let mut there = Script { client: replica.browser(), token: script.token.clone() };
    json(&there.get("/api/v1/me").await);
    let reply = browser.post("/settings/tokens/revoke", &[("id", &id.to_string())]).await;
    assert_eq!(reply.header("location"), "/settings?notice=revoked");
    for script in [&mut script, &mut there] {
        assert_eq!(problem(&script.get("/api/v1/me").await, 401), "invalid-token");
    }
    let reply = browser.post("/settings/tokens/revoke", &[("id", &id.to_string())]).await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
    replica.stop().await;
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_token_of_somebody_else_stays_theirs(db: PgPool) {
    let house = House::demo(&db).await;
    let mut browser = house.visitor().await;
    let mut script = script(&house, &mut browser, &SCOPES).await;
    let tip = json(&script.post("/api/v1/recommend", &json!({})).await)["tip"].clone();
    // From now on it is of another person, who has no session here.
    let other = Uuid::from_u128(7);
    for statement in [
        "insert into auth.user (user_id, created_at) values ($1, now())",
        "update auth.api_token set user_id = $1",
    ] {
        sqlx::query(statement).bind(other).execute(&db).await.unwrap();
    }
    let id: Uuid =
        sqlx::query_scalar("select token_id from auth.api_token").fetch_one(&db).await.unwrap();
    assert!(!browser.get("/settings").await.text.contains(&id.to_string()));
    let reply = browser.post("/settings/tokens/revoke", &[("id", &id.to_string())]).await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
    assert_eq!(json(&script.get("/api/v1/me").await)["id"], json!(other));
    let theirs = script.post("/api/v1/feedback", &answer(&tip, "done", 1)).await;
    assert_eq!(problem(&theirs, 404), "unknown");
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_token_without_a_name_a_scope_or_an_end_is_not_made(db: PgPool) {
    let house = House::demo(&db).await;
    let mut browser = house.visitor().await;
    let (name, scope, days) = (("name", "x"), ("scope", "tip:read"), ("days", "30"));
    let long = "x".repeat(65);
    for form in [
        vec![],
        vec![scope, days],
        vec![("name", " "), scope, days],
        vec![("name", &*long), scope, days],
        vec![("name", "a\0b"), scope, days],
        vec![name, days],
        vec![name, ("scope", "tip:*"), days],
        vec![name, scope, ("scope", "all"), days],
        vec![name, scope],
        vec![name, scope, ("days", "36500")],
    ] {
        let reply = browser.post("/settings/tokens", &form).await;
        assert_eq!(reply.header("location"), "/settings?notice=no-token", "{form:?}");
    }
    for _ in 0..20 {
        shown(&make(&mut browser, &["tip:read"]).await);
    }
    let reply = make(&mut browser, &["tip:read"]).await;
    assert_eq!(reply.header("location"), "/settings?notice=too-many-tokens");
    let tokens: i64 =
        sqlx::query_scalar("select count(*) from auth.api_token").fetch_one(&db).await.unwrap();
    assert_eq!(tokens, 20);

    let nobody = make(&mut house.browser(), &["tip:read"]).await;
    assert_eq!((nobody.status, nobody.header("location")), (StatusCode::SEE_OTHER, "/"));
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn the_tokens_of_who_has_left_are_nobodys(db: PgPool) {
    let house = House::demo(&db).await;
    let mut browser = house.visitor().await;
    let mut script = script(&house, &mut browser, &SCOPES).await;
    json(&script.get("/api/v1/me").await);
    browser.post("/settings/erase/now", &[("word", "erase")]).await;
    for path in ["/api/v1/me", "/api/v1/tip"] {
        assert_eq!(problem(&script.get(path).await, 401), "invalid-token");
    }
    house.stop().await;
}
