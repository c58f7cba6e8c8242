//! What comes back when the page's forms are sent: to a browser without scripts, and to the island.

#![expect(clippy::unwrap_used, reason = "what does not hold fails the test")]

use app::server_fns::land_on_the_page;
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
    routing::post,
};
use proptest::{collection::vec, prelude::*};
use tower::ServiceExt;

const BROWSER: &str = "text/html,application/xhtml+xml,*/*;q=0.8";

/// Posts to a server function with nobody signed in: status, `Location`, body.
async fn send(path: &str, body: impl Into<Body>, accept: &str) -> (StatusCode, String, String) {
    let call = |request| leptos_axum::handle_server_fns_with_context(land_on_the_page, request);
    let request = Request::post(path)
        .header(header::ACCEPT, accept)
        .header(header::REFERER, "http://localhost/?notice=failed")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(body.into())
        .unwrap();
    let response = Router::new().route("/api/{name}", post(call)).oneshot(request).await.unwrap();

    let status = response.status();
    let location = response.headers().get(header::LOCATION).map(|it| it.to_str().unwrap().into());
    let body = to_bytes(response.into_body(), 10_000).await.unwrap();
    (status, location.unwrap_or_default(), String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn a_plain_form_lands_on_the_page() {
    let answer = "tip_id=1&key=2&reaction=snooze&snooze=next_week";
    let (status, location, _) = send("/api/react", answer, BROWSER).await;

    assert_eq!((status, location.as_str()), (StatusCode::SEE_OTHER, "/"));
}

#[tokio::test]
async fn a_form_that_cannot_be_read_lands_there_too_and_is_told_so() {
    let (status, location, _) = send("/api/react", "reaction=eat", BROWSER).await;

    let told = (status, location.as_str());
    assert_eq!(told, (StatusCode::SEE_OTHER, "/?notice=failed"));
}

#[tokio::test]
async fn the_island_is_told_that_nobody_is_signed_in() {
    for (path, body) in [
        ("/api/stage", ""),
        ("/api/undo", "tip_id=1"),
        ("/api/react", "tip_id=1&key=2&reaction=done"),
    ] {
        let (status, location, body) = send(path, body, "*/*").await;

        assert_eq!((status, location.as_str()), (StatusCode::UNAUTHORIZED, ""), "{path}");
        assert_eq!(body, "\"signed-out\"", "{path}");
    }
}

/// Fields of about the right names, values of any kind, and forms that are none.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let name = "tip_id|key|reaction|snooze|zone|tip_id\\[\\]|reaction\\[a\\]\\[b\\]|[a-z]{0,3}";
    let value = prop_oneof![
        "done|snooze|dismiss|later|next_week|Europe/Berlin",
        "[a-f0-9-]{36}",
        "(%[0-9a-fA-F]{0,2}|\\PC){0,8}",
    ];
    let field = (name, value).prop_map(|(name, value)| format!("{name}={value}"));
    let form = vec(field, 0..6).prop_map(|fields| fields.join("&").into_bytes());
    prop_oneof![8 => form, 1 => vec(any::<u8>(), 0..64)]
}

proptest! {
    /// Whatever is posted by whoever has not signed in: it is told that it is nobody's or no form, never that
    /// we have failed, and a browser comes back to the page and nowhere else.
    #[test]
    fn fuzz_server_functions(function in "react|undo|set_time_zone|stage", body in body()) {
        let path = format!("/api/{function}");
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();

        let (status, location, text) = runtime.block_on(send(&path, body.clone(), "*/*"));
        let told = (status.as_u16(), location.as_str(), text.as_str());
        prop_assert!(matches!(told, (401, "", r#""signed-out""#) | (400, "", r#""malformed""#)), "{told:?}");

        let (again, location, _) = runtime.block_on(send(&path, body, BROWSER));
        let back = if status == StatusCode::UNAUTHORIZED { "/" } else { "/?notice=failed" };
        prop_assert_eq!((again, location.as_str()), (StatusCode::SEE_OTHER, back));
    }
}
