use chrono::TimeDelta;
use serde_json::{Value, json};
use testkit::llm::{EMBEDDER, JUDGE, Seen, TIP_GENERATOR};

use crate::{NOON, chat, context, start};

#[tokio::test]
async fn every_request_is_remembered() {
    let (double, clock, client) = start().await;
    let handle = double.handle();
    client.ask(TIP_GENERATOR, &context()).await.unwrap();
    clock.advance(TimeDelta::minutes(2));
    client.with_key(None).post("/embeddings", &json!({ "model": EMBEDDER, "input": "a" })).await;
    client.get("/health/liveliness").await;

    let noon = NOON.parse().unwrap();
    let first = Seen {
        method: "POST".into(),
        path: "/v1/chat/completions".into(),
        alias: Some(TIP_GENERATOR.into()),
        authorization: true,
        body: chat(TIP_GENERATOR, &context()),
        at: noon,
    };
    let second = Seen {
        path: "/embeddings".into(),
        alias: Some(EMBEDDER.into()),
        authorization: false,
        body: json!({ "model": EMBEDDER, "input": "a" }),
        at: noon + TimeDelta::minutes(2),
        ..first.clone()
    };
    let third = Seen {
        method: "GET".into(),
        path: "/health/liveliness".into(),
        alias: None,
        authorization: true,
        body: Value::Null,
        ..second.clone()
    };
    assert_eq!(handle.requests(), [first, second, third]);
    assert_eq!([TIP_GENERATOR, EMBEDDER, JUDGE].map(|alias| handle.count(alias)), [1, 1, 0]);
    handle.forget_requests();
    assert_eq!((handle.requests(), handle.count(TIP_GENERATOR)), (vec![], 0));
}

#[tokio::test]
async fn the_same_over_http() {
    let (double, _, client) = start().await;
    let fault = json!({ "fault": "too_many_requests", "times": 1, "alias": JUDGE });
    assert_eq!(client.post("/_double/faults", &fault).await.0, 204);
    assert_eq!(client.post("/_double/faults", &json!({ "fault": "unheard of" })).await.0, 422);
    assert_eq!(client.ask(TIP_GENERATOR, &context()).await.unwrap().status.as_u16(), 200);
    let answer = client.ask(JUDGE, &context()).await.unwrap();
    assert_eq!(
        (answer.status.as_u16(), &answer.headers["retry-after"]),
        (429, &"30".parse().unwrap())
    );
    client.post("/_double/faults", &json!({ "fault": "hang" })).await;
    assert_eq!(client.raw("DELETE", "/_double/faults", None).await.unwrap().status.as_u16(), 204);

    client.post("/_double/say", &json!({ "texts": ["one", "two"] })).await;
    assert_eq!((client.content().await, client.content().await), (json!("one"), json!("two")));
    client.post("/_double/embedder", &json!({ "present": false })).await;
    let embedding = json!({ "model": EMBEDDER, "input": "a" });
    assert_eq!(client.post("/embeddings", &embedding).await.0, 400);
    assert_eq!(client.post("/_double/latency", &json!({ "ms": 1 })).await.0, 204);

    let (_, log) = client.get("/_double/requests").await;
    assert_eq!(log["total"], 5);
    assert_eq!(log["requests"], json!(double.handle().requests()));
    assert_eq!(log["requests"][4]["body"], embedding);
    client.raw("DELETE", "/_double/requests", None).await.unwrap();
    assert_eq!(client.get("/_double/requests").await.1, json!({ "total": 0, "requests": [] }));
}
