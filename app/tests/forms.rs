//! What comes back when the page's forms are sent: to a browser without scripts, and to the island.

#![expect(clippy::unwrap_used, reason = "what does not hold fails the test")]

use app::server_fns::land_on_the_page;
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
    routing::post,
};
use tower::ServiceExt;

const BROWSER: &str = "text/html,application/xhtml+xml,*/*;q=0.8";

/// Posts to a server function with nobody signed in: status, `Location`, body.
async fn send(path: &str, body: &'static str, accept: &str) -> (StatusCode, String, String) {
    let call = |request| leptos_axum::handle_server_fns_with_context(land_on_the_page, request);
    let request = Request::post(path)
        .header(header::ACCEPT, accept)
        .header(header::REFERER, "http://localhost/?notice=failed")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body))
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
