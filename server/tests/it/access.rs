//! Ways in and devices, as a person handles them.

use reqwest::{Method, StatusCode, header::USER_AGENT};
use sqlx::PgPool;
use uuid::Uuid;

use crate::house::{Browser, House};

/// The handles of the rows under the heading that ends with `action`.
fn handles(page: &str, action: &str) -> Vec<String> {
    let field = "name=\"id\" value=\"";
    page.split("<form")
        .filter(|form| form.contains(action))
        .filter_map(|form| Some(form.split_once(field)?.1.split_once('"')?.0.to_owned()))
        .collect()
}

async fn sign_in(house: &House, user_agent: &str) -> Browser {
    let mut browser = house.browser();
    let request = browser.request(Method::POST, "/demo").header("sec-fetch-site", "same-origin");
    browser.send(request.header(USER_AGENT, user_agent)).await;
    browser
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn devices_are_shown_and_signed_out(db: PgPool) {
    let house = House::demo(&db).await;
    let mut phone =
        sign_in(&house, "Mozilla/5.0 (iPhone; CPU like Mac OS X) Version/19.0 Safari/604.1").await;
    let mut desk = sign_in(&house, "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0").await;

    let page = desk.get("/settings").await.text;
    assert!(page.contains("Safari on iPhone") && page.contains("Firefox on Linux"), "{page}");
    let devices = handles(&page, "/settings/devices/sign-out\"");
    assert_eq!(devices.len(), 1, "this one signs itself out below: {page}");

    let unknown = Uuid::nil().to_string();
    let reply = desk.post("/settings/devices/sign-out", &[("id", &unknown)]).await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
    let reply = desk.post("/settings/devices/sign-out", &[("id", "mine")]).await;
    assert!(reply.status.is_client_error());
    assert!(phone.is_signed_in().await);

    let reply = desk.post("/settings/devices/sign-out", &[("id", &devices[0])]).await;
    assert_eq!(reply.header("location"), "/settings?notice=signed-out");
    assert!(!phone.is_signed_in().await && desk.is_signed_in().await);

    let mut tablet = house.visitor().await;
    let reply = desk.post("/settings/devices/sign-out-all", &[]).await;
    assert_eq!((reply.status, reply.header("location")), (StatusCode::SEE_OTHER, "/"));
    assert!(!desk.is_signed_in().await && !tablet.is_signed_in().await);
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn the_only_way_in_stays(db: PgPool) {
    let house = House::demo(&db).await;
    let mut browser = house.visitor().await;
    let page = browser.get("/settings").await.text;
    assert!(handles(&page, "/settings/identities/unlink").is_empty(), "{page}");

    let id: Uuid =
        sqlx::query_scalar("select identity_id from auth.identity").fetch_one(&db).await.unwrap();
    let form = [("id", &*id.to_string())];
    let reply = browser.post("/settings/identities/unlink", &form).await;
    assert_eq!(reply.header("location"), "/settings?notice=last-way-in");
    let unknown = Uuid::nil().to_string();
    let reply = browser.post("/settings/identities/unlink", &[("id", &unknown)]).await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/auth/nobody/link").await.status, StatusCode::NOT_FOUND);
    assert_eq!(house.browser().get("/auth/nobody/link").await.header("location"), "/");
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_apple_posts_is_turned_into_a_return_and_nothing_else(db: PgPool) {
    let house = House::demo(&db).await;
    let mut browser = house.browser();
    let form = [
        ("state", "s&t"),
        ("code", "c=d"),
        ("iss", "https://a.test"),
        ("user", r#"{"name":{"firstName":"Ana"}}"#),
        ("id_token", "unasked"),
        ("next", "https://evil.test"),
    ];
    let request = browser.request(Method::POST, "/auth/apple/return").form(&form);
    let reply = browser.send(request.header("sec-fetch-site", "cross-site")).await;
    let told = (reply.status, reply.header("location"));
    let back = "/auth/apple/return?state=s%26t&code=c%3Dd&iss=https%3A%2F%2Fa.test";
    assert_eq!(told, (StatusCode::SEE_OTHER, back));
    assert_eq!(reply.header("set-cookie"), "");

    let request = browser.request(Method::POST, "/auth/apple/return").form(&[("user", "{]")]);
    assert_eq!(browser.send(request).await.header("location"), "/auth/apple/return?");
    for key in ["%2F%2Fevil.test", "a%0d%0aset-cookie:b"] {
        let path = format!("/auth/{key}/return");
        let request = browser.request(Method::POST, &path).form(&[("state", "s")]);
        assert_eq!(browser.send(request).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    house.stop().await;
}
