use std::{io::ErrorKind, sync::Arc, time::Duration};

use kernel::{SystemClock, http::HttpError};
use serde_json::json;
use testkit::todoist::{Fault, FaultRule, NewTask, TodoistDouble};

use crate::{CAP, start};

#[tokio::test]
async fn answers_go_wrong_as_often_as_told() {
    let (double, _, client) = start().await;
    let handle = double.handle();
    handle.inject(FaultRule::next(1, Fault::Unauthorized));
    handle.inject(FaultRule::next(2, Fault::TooManyRequests { retry_after: 7 }));
    assert_eq!(client.get("/api/v1/tasks").await.0, 401);
    for _ in 0..2 {
        let answer = client.raw("GET", "/api/v1/tasks", None).await.unwrap();
        assert_eq!(answer.status.as_u16(), 429);
        assert_eq!(answer.headers["retry-after"], "7");
        let error: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(
            (&error["error_code"], &error["error_extra"]["retry_after"]),
            (&json!(35), &json!(7))
        );
    }
    assert_eq!(client.get("/api/v1/tasks").await.0, 200);

    handle.inject(FaultRule::always(Fault::Unavailable));
    for _ in 0..3 {
        assert_eq!(client.get("/api/v1/user").await.0, 503);
    }
    handle.clear_faults();
    assert_eq!(client.get("/api/v1/user").await.0, 200);
}

#[tokio::test]
async fn a_fault_can_be_for_one_kind_of_request() {
    let (double, _, client) = start().await;
    let handle = double.handle();
    handle.inject(FaultRule::always(Fault::ServerError).on("/oauth/access_token"));
    handle.inject(FaultRule::next(1, Fault::ServerError).on("/tasks").method("POST"));
    let refresh_token = handle.grant(&handle.account()).refresh_token.unwrap();
    assert_eq!(client.refresh(&refresh_token).await.0, 500);
    assert_eq!(client.get("/api/v1/tasks").await.0, 200);
    assert_eq!(client.post("/api/v1/tasks", &json!({ "content": "a" })).await.0, 500);
    assert_eq!(handle.tasks(&handle.account()), []);
    assert_eq!(client.post("/api/v1/tasks", &json!({ "content": "a" })).await.0, 200);
}

#[tokio::test]
async fn a_cut_answer_belongs_to_a_request_that_took_effect() {
    let (double, _, client) = start().await;
    let (handle, account) = (double.handle(), double.handle().account());
    let ids = handle.set_tasks(&account, vec![NewTask::titled("a"), NewTask::titled("b")]);
    handle.inject(FaultRule::next(2, Fault::Cut));
    let list = client.raw("GET", "/api/v1/tasks", None).await;
    assert!(matches!(list, Err(HttpError::Unreachable)), "{list:?}");
    let close = client.raw("POST", &format!("/api/v1/tasks/{}/close", ids[0]), None).await;
    assert!(matches!(close, Err(HttpError::Unreachable)), "{close:?}");
    assert!(handle.task(&account, &ids[0]).unwrap().checked);
}

#[tokio::test]
async fn strange_bodies() {
    let (double, _, client) = start().await;
    let handle = double.handle();
    let body = async |fault| {
        handle.inject(FaultRule::next(1, fault));
        let answer = client.raw("GET", "/api/v1/tasks", None).await?;
        assert_eq!(answer.status.as_u16(), 200);
        Ok::<_, HttpError>(answer.body)
    };
    let garbage = body(Fault::Garbage).await.unwrap();
    assert!(serde_json::from_slice::<serde_json::Value>(&garbage).is_err());
    assert!(body(Fault::Html).await.unwrap().starts_with(b"<!doctype html>"));
    assert_eq!(body(Fault::Deep { depth: 1000 }).await.unwrap().len(), 2000);
    assert!(body(Fault::WrongTypes).await.unwrap().starts_with(b"{\"results\""));
    let huge = body(Fault::Huge { bytes: 64 << 20 }).await;
    assert!(matches!(huge, Err(HttpError::TooLarge { cap: CAP })));
    let fits = body(Fault::Huge { bytes: 128 << 10 }).await.unwrap();
    assert!(serde_json::from_slice::<serde_json::Value>(&fits).is_ok() && fits.len() > 128 << 10);
}

#[tokio::test]
async fn slow_answers_do_not_outlive_the_double() {
    let (double, _, client) = start().await;
    double.handle().inject(FaultRule::next(1, Fault::Slow { ms: 60_000 }));
    let asked = tokio::spawn(async move { client.raw("GET", "/api/v1/tasks", None).await });
    while double.handle().count("GET", "/api/v1/tasks") == 0 {
        tokio::task::yield_now().await;
    }
    tokio::time::timeout(Duration::from_secs(5), double.stop()).await.unwrap();
    assert_eq!(asked.await.unwrap().unwrap().status.as_u16(), 200);
}

#[tokio::test]
async fn nobody_else_on_the_network_reaches_it() {
    let addr = "0.0.0.0:0".parse().unwrap();
    let refused = TodoistDouble::start(addr, Arc::new(SystemClock)).await;
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::InvalidInput);
}

#[tokio::test]
async fn the_same_over_http() {
    let (_double, _, client) = start().await;
    let fault =
        json!({ "fault": "too_many_requests", "retry_after": 3, "times": 1, "path": "/user" });
    assert_eq!(client.post("/_double/faults", &fault).await.0, 204);
    assert_eq!(client.get("/api/v1/tasks").await.0, 200);
    assert_eq!(client.get("/api/v1/user").await.0, 429);
    assert_eq!(client.post("/_double/faults", &json!({ "fault": "unheard of" })).await.0, 422);

    let (_, log) = client.get("/_double/requests").await;
    let user = json!({ "method": "GET", "path": "/api/v1/user", "count": 1 });
    assert_eq!(log["total"], 2);
    assert!(log["requests"].as_array().unwrap().contains(&user));
    client.raw("DELETE", "/_double/requests", None).await.unwrap();
    assert_eq!(client.get("/_double/requests").await.1["total"], 0);

    let (_, opened) =
        client.post("/_double/accounts", &json!({ "tasks": 7, "timezone": "Europe/Rome" })).await;
    let caller = client.with_token(opened["tokens"]["access_token"].as_str().unwrap());
    assert_eq!(caller.get("/api/v1/tasks").await.1["results"].as_array().unwrap().len(), 7);
    assert_eq!(caller.get("/api/v1/user").await.1["id"], opened["id"]);
    let (_, tokens) = client.get("/_double/tokens").await;
    assert!(tokens.as_array().unwrap().contains(&opened["tokens"]["refresh_token"]));
    client.post("/_double/tokens", &json!({ "expire": true })).await;
    assert_eq!(caller.get("/api/v1/tasks").await.0, 401);

    let base = format!("/_double/accounts/{}", opened["id"].as_str().unwrap());
    let (_, granted) =
        client.post(&format!("{base}/grant"), &json!({ "scope": "data:read" })).await;
    assert_eq!(granted["scope"], "data:read");
    let (_, ids) =
        client.post(&format!("{base}/synthetic"), &json!({ "count": 2, "word": "wren" })).await;
    assert_eq!(ids["ids"].as_array().unwrap().len(), 2);
    let tasks = json!([{ "content": "only", "due": { "date": "2026-11-21" } }]);
    client.raw("PUT", &format!("{base}/tasks"), Some(&tasks)).await.unwrap();
    assert_eq!(client.get(&format!("{base}/tasks")).await.1[0]["content"], "only");
    assert_eq!(client.get("/_double/accounts/nobody/tasks").await.0, 404);
}
