//! A visit to the demo, without scripts, and what the API says of it.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::house::{Browser, House};

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_person_comes_answers_a_tip_and_leaves(db: PgPool) {
    let house = House::demo(&db).await;
    let mut browser = house.browser();
    let reply = browser.get("/").await;
    assert!(reply.text.contains("Look around"), "{}", reply.text);
    assert_eq!(reply.header("set-cookie"), "");
    assert_eq!(browser.get("/settings").await.header("location"), "/");

    let reply = browser.post("/demo", &[]).await;
    assert_eq!((reply.status, reply.header("location")), (StatusCode::SEE_OTHER, "/"));
    let cookie = reply.header("set-cookie");
    for attribute in ["__Host-oo=", "HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }

    let page = browser.get("/").await;
    let (tip, key) = (page.field("tip_id"), page.field("key"));
    assert_eq!(browser.get("/").await.field("tip_id"), tip);
    let reply = browser
        .post(
            "/api/react",
            &[("tip_id", &tip), ("key", &key), ("reaction", "done"), ("snooze", "later")],
        )
        .await;
    assert_eq!((reply.status, reply.header("location")), (StatusCode::SEE_OTHER, "/"));
    assert_ne!(browser.get("/").await.field("tip_id"), "");

    let reply = browser.post("/sign-out", &[]).await;
    assert_eq!((reply.status, reply.header("location")), (StatusCode::SEE_OTHER, "/"));
    assert!(!browser.is_signed_in().await);
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn settings_are_kept(db: PgPool) {
    let house = House::demo(&db).await;
    let mut browser = house.visitor().await;
    let back = async |browser: &mut Browser, path: &str, form: &[(&str, &str)]| {
        browser.post(path, form).await.header("location").to_owned()
    };

    let saved = "/settings?notice=saved";
    assert_eq!(
        back(&mut browser, "/settings/time-zone", &[("zone", "Europe/Lisbon")]).await,
        saved
    );
    assert_eq!(back(&mut browser, "/settings/keys", &[("on", "false")]).await, saved);
    let unknown = "/settings?notice=unknown-zone";
    assert_eq!(back(&mut browser, "/settings/time-zone", &[("zone", "Mars")]).await, unknown);

    assert_eq!(back(&mut browser, "/api/set_time_zone", &[("zone", "Asia/Tokyo")]).await, "/");
    assert_eq!(browser.get("/settings").await.field("zone"), "Europe/Lisbon");
    assert!(!browser.get("/").await.text.contains("aria-keyshortcuts"));
    assert_eq!(back(&mut browser, "/settings/keys", &[("on", "true")]).await, saved);
    assert!(browser.get("/").await.text.contains("aria-keyshortcuts"));
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_the_page_never_sends_is_refused_and_changes_nothing(db: PgPool) {
    let house = House::demo(&db).await;
    let mut browser = house.visitor().await;
    let tip = browser.get("/").await.field("tip_id");
    let bad: [(&str, &[(&str, &str)]); 6] = [
        ("/api/react", &[]),
        ("/api/react", &[("tip_id", &tip), ("key", &tip), ("reaction", "shout")]),
        ("/api/react", &[("tip_id", "1"), ("key", "2"), ("reaction", "done")]),
        ("/api/undo", &[]),
        ("/api/undo", &[("tip_id", "\u{0}")]),
        ("/api/set_time_zone", &[("zone", "Europe/Atlantis")]),
    ];
    for (path, form) in bad {
        let request = browser.request(Method::POST, path).form(form);
        let reply = browser.send(request.header("sec-fetch-site", "same-origin")).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{path} {form:?}: {}", reply.text);
        if path != "/api/set_time_zone" {
            let reply = browser.post(path, form).await;
            let told = (reply.status, reply.header("location"));
            assert_eq!(told, (StatusCode::SEE_OTHER, "/?notice=failed"), "{path} {form:?}");
        }
    }
    assert_eq!(browser.get("/").await.field("tip_id"), tip);
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn the_api_recommends_what_the_page_shows(db: PgPool) {
    let house = House::demo(&db).await;
    let mut browser = house.browser();
    let recommend = async |browser: &mut Browser| {
        let request = browser.request(Method::POST, "/api/v1/recommend");
        browser.send(request.header("sec-fetch-site", "same-origin")).await
    };
    assert_eq!(recommend(&mut browser).await.status, StatusCode::UNAUTHORIZED);

    let mut browser = house.visitor().await;
    let page = browser.get("/").await;
    let mut answer: Value = serde_json::from_str(&recommend(&mut browser).await.text).unwrap();
    let tip = answer["tip"].as_object_mut().unwrap();
    assert_eq!(tip.remove("id").unwrap(), page.field("tip_id"));
    assert!(matches!(tip.remove("kind").unwrap().as_str(), Some("todo" | "advice")));
    assert_ne!(tip.remove("text").unwrap().as_str().unwrap(), "");
    assert!(tip.remove("context").unwrap().is_string());
    assert!(tip.remove("reasons").unwrap()[0].is_string());
    assert_eq!(answer, json!({"tip": {}}), "the contract has no more than that");

    browser.post("/settings/todoist/disconnect", &[]).await;
    assert_eq!(recommend(&mut browser).await.text, r#"{"tip":null}"#);
    house.stop().await;
}
