//! What oO may do: asked for before the first tip, and obeyed at once.

use reqwest::StatusCode;
use sqlx::PgPool;

use crate::house::{Browser, House};

/// As if the demo's person had never been asked.
async fn newcomer(db: &PgPool, house: &House) -> Browser {
    sqlx::query("delete from profile.consent").execute(db).await.unwrap();
    house.visitor().await
}

/// What the page of questions shows as given.
async fn given(browser: &mut Browser) -> Vec<String> {
    let page = browser.get("/consents").await.text;
    let boxes = page.split("<input").skip(1).filter(|it| {
        let (input, _) = it.split_once('>').unwrap();
        input.contains(" checked")
    });
    boxes.map(|it| it.split_once(" name=\"").unwrap().1.split_once('"').unwrap().0.into()).collect()
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn the_first_visit_leads_to_the_questions_and_all_are_off(db: PgPool) {
    let house = House::demo(&db).await;
    let mut browser = newcomer(&db, &house).await;
    let reply = browser.get("/").await;
    assert_eq!((reply.status, reply.header("location")), (StatusCode::SEE_OTHER, "/consents"));
    assert_eq!(given(&mut browser).await, Vec::<String>::new());

    let answers = [("read_tasks", "true"), ("keep_history", "true"), ("rob_banks", "true")];
    let reply = browser.post("/consents/answer", &answers).await;
    assert_eq!((reply.status, reply.header("location")), (StatusCode::SEE_OTHER, "/"));
    assert_ne!(browser.get("/").await.field("tip_id"), "");
    assert_eq!(given(&mut browser).await, ["read_tasks", "keep_history"]);
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn who_allows_nothing_is_shown_nothing_and_may_think_again(db: PgPool) {
    let house = House::demo(&db).await;
    let mut browser = newcomer(&db, &house).await;
    browser.post("/consents/answer", &[]).await;
    let page = browser.get("/").await;
    assert!(page.text.contains("oO may not read your tasks."), "{}", page.text);

    let change = [("consent", "read_tasks"), ("on", "true")];
    let reply = browser.post("/settings/consents", &change).await;
    assert_eq!(reply.header("location"), "/settings?notice=saved");
    assert_ne!(browser.get("/").await.field("tip_id"), "");
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_withdrawal_takes_effect_at_once_and_is_dated(db: PgPool) {
    let house = House::demo(&db).await;
    let mut browser = house.visitor().await;
    let tip = browser.get("/").await.field("tip_id");
    for (consent, on, saved) in [
        ("keep_history", "false", "saved"),
        ("read_tasks", "false", "saved"),
        ("all", "true", "failed"),
    ] {
        let change = [("consent", consent), ("on", on)];
        let reply = browser.post("/settings/consents", &change).await;
        assert_eq!(reply.header("location"), format!("/settings?notice={saved}"));
    }
    assert_eq!(given(&mut browser).await, ["write_tasks"]);
    assert!(!browser.get("/").await.text.contains(&tip) || is_advice(&db, &tip).await);
    let events: i64 =
        sqlx::query_scalar("select count(*) from events.event").fetch_one(&db).await.unwrap();
    assert_eq!(events, 0);
    assert!(browser.get("/settings").await.text.contains("Not allowed since "));
    house.stop().await;
}

/// Advice is not of their tasks, and stays.
async fn is_advice(db: &PgPool, tip: &str) -> bool {
    let source = "select candidate like 'library:%' from recommender.tip where tip_id::text = $1";
    sqlx::query_scalar(source).bind(tip).fetch_one(db).await.unwrap()
}
