//! There and back: Todoist's consent, and a provider that does not answer.

use reqwest::{Method, StatusCode};
use server::config::Mode;
use sqlx::PgPool;
use url::Url;

use crate::house::{Browser, House};

/// Presses a button on the double's page, and tells where it sends the browser.
async fn decide(browser: &mut Browser, at: &str, decision: &str) -> String {
    let url = Url::parse(at).unwrap();
    let page = browser.send(browser.request(Method::GET, at)).await;
    let account = page.text.split_once("<option value=\"").unwrap().1.split_once('"').unwrap().0;
    let mut form: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    form.push(("account".to_owned(), account.to_owned()));
    form.push(("decision".to_owned(), decision.to_owned()));
    let to = url.join("/oauth/authorize").unwrap();
    let request = browser.request(Method::POST, to.as_str()).form(&form);
    browser.send(request).await.header("location").to_owned()
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn todoist_is_let_go_and_connected_again(db: PgPool) {
    let house = House::demo(&db).await;
    let mut browser = house.visitor().await;
    let reply = browser.post("/settings/todoist/disconnect", &[]).await;
    assert_eq!(reply.header("location"), "/settings?notice=saved");
    assert!(!browser.get("/").await.text.contains("tip_id"));

    let begun = browser.get("/connect/todoist?access=read").await;
    assert!(begun.header("location").contains("scope=data%3Aread&"), "{:?}", begun.headers);
    let back = decide(&mut browser, begun.header("location"), "allow").await;

    // In another browser, it is not taken.
    let mut other = house.visitor().await;
    let reply = other.get(&back).await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);

    let reply = browser.get(&back).await;
    assert_eq!((reply.status, reply.header("location")), (StatusCode::SEE_OTHER, "/"));
    assert!(browser.get("/").await.text.contains("tip_id"));
    // Nor twice.
    assert_eq!(browser.get(&back).await.status, StatusCode::BAD_REQUEST);
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_no_is_taken_as_one(db: PgPool) {
    let house = House::demo(&db).await;
    let mut browser = house.visitor().await;
    let begun = browser.get("/connect/todoist").await;
    let back = decide(&mut browser, begun.header("location"), "deny").await;
    let reply = browser.get(&back).await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    assert!(reply.text.contains("You changed your mind"), "{}", reply.text);
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_provider_that_does_not_answer_is_told_so(db: PgPool) {
    let variables = [
        ("OO_OIDC_ISSUER", "http://127.0.0.1:1"),
        ("OO_OIDC_CLIENT_ID", "oo"),
        ("OO_OIDC_CLIENT_SECRET", "not-a-word-of-an-example"),
        ("OO_OIDC_LABEL", "the well"),
    ];
    let house = House::start(Mode::Serve, &db, &variables).await;
    let mut browser = house.browser();
    assert!(browser.get("/").await.text.contains("the well"));
    let reply = browser.get("/auth/oidc").await;
    assert_eq!(reply.status, StatusCode::BAD_GATEWAY);
    assert!(reply.text.contains("does not answer"), "{}", reply.text);
    assert_eq!(browser.get("/connect/todoist").await.header("location"), "/");
    house.stop().await;
}
