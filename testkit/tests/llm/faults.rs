use std::{io::ErrorKind, sync::Arc, time::Duration};

use kernel::{SystemClock, http::HttpError};
use serde_json::{Value, json};
use testkit::llm::{API_KEY, EMBEDDER, Fault, FaultRule, JUDGE, LlmDouble, TIP_GENERATOR};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{CAP, chat, context, start, told, until_asked};

#[tokio::test]
async fn answers_go_wrong_as_often_as_told() {
    let (double, _, client) = start().await;
    let handle = double.handle();
    let status = async || client.ask(TIP_GENERATOR, &context()).await.unwrap().status.as_u16();
    handle.inject(FaultRule::next(2, Fault::Unavailable));
    handle.inject(FaultRule::next(1, Fault::Timeout));
    assert_eq!(
        [status().await, status().await, status().await, status().await],
        [503, 503, 408, 200]
    );
    handle.inject(FaultRule::always(Fault::ServerError));
    assert_eq!([status().await, status().await, status().await], [500, 500, 500]);
    handle.clear_faults();
    assert_eq!(status().await, 200);
}

#[tokio::test]
async fn a_fault_can_be_for_one_alias() {
    let (double, _, client) = start().await;
    double.handle().inject(FaultRule::next(1, Fault::Unavailable).on(JUDGE));
    let embedding = json!({ "model": EMBEDDER, "input": "a" });
    assert_eq!(client.post("/embeddings", &embedding).await.0, 200);
    assert_eq!(client.ask(TIP_GENERATOR, &context()).await.unwrap().status.as_u16(), 200);
    assert_eq!(client.get("/v1/models").await.0, 200);
    assert_eq!(client.ask(JUDGE, &context()).await.unwrap().status.as_u16(), 503);
    assert_eq!(client.ask(JUDGE, &context()).await.unwrap().status.as_u16(), 200);

    double.handle().inject(FaultRule::next(1, Fault::Unauthorized));
    assert_eq!(client.post("/embeddings", &embedding).await.0, 401);
    // Vectors have no content that could be empty.
    double.handle().inject(FaultRule::next(1, Fault::Empty));
    assert_eq!(client.post("/embeddings", &embedding).await.0, 200);
    assert_eq!(client.content().await, "");
}

#[tokio::test]
async fn too_many_is_told_in_three_ways() {
    let (double, _, client) = start().await;
    let cases = [
        (Fault::TooManyRequests { retry_after: 7 }, Some("7"), None),
        (Fault::TooManyUpstream { retry_after: 8 }, None, Some("8")),
        (Fault::TooMany, None, None),
    ];
    for (fault, own, upstream) in cases {
        double.handle().inject(FaultRule::next(1, fault));
        let answer = client.ask(TIP_GENERATOR, &context()).await.unwrap();
        let header = |name| answer.headers.get(name).map(|value| value.to_str().unwrap());
        assert_eq!((header("retry-after"), header("llm_provider-retry-after")), (own, upstream));
        let (status, told) = told(&answer);
        assert_eq!((status, &told["error"]["code"]), (429, &json!("429")));
        assert_eq!(told["error"]["type"], "throttling_error");
    }
}

#[tokio::test]
async fn a_model_may_say_nothing_of_use() {
    let (double, _, client) = start().await;
    let choices = async |fault| {
        double.handle().inject(FaultRule::next(1, fault));
        let (status, told) = told(&client.ask(TIP_GENERATOR, &context()).await.unwrap());
        assert_eq!(status, 200);
        told["choices"].clone()
    };
    let malformed = choices(Fault::Malformed).await[0]["message"]["content"].clone();
    assert!(serde_json::from_str::<Value>(malformed.as_str().unwrap()).is_err());
    assert_eq!(choices(Fault::Empty).await[0]["message"]["content"], "");
    assert_eq!(choices(Fault::NoChoices).await, json!([]));
    let refused = choices(Fault::Refuse).await[0]["message"].clone();
    assert!(refused["content"].is_null() && refused["refusal"].is_string(), "{refused}");

    double.handle().say(r#"{"candidates":[]}"#);
    let cut = choices(Fault::Length).await[0].clone();
    assert_eq!(
        (&cut["finish_reason"], &cut["message"]["content"]),
        (&json!("length"), &json!(r#"{"candid"#))
    );
}

#[tokio::test]
async fn strange_bodies() {
    let (double, _, client) = start().await;
    let body = async |fault, status: u16| {
        double.handle().inject(FaultRule::next(1, fault));
        let answer = client.ask(TIP_GENERATOR, &context()).await?;
        assert_eq!(answer.status.as_u16(), status);
        Ok::<_, HttpError>(answer.body)
    };
    let garbage = body(Fault::Garbage, 200).await.unwrap();
    assert!(serde_json::from_slice::<Value>(&garbage).is_err());
    assert!(body(Fault::Html, 200).await.unwrap().starts_with(b"<!doctype html>"));
    assert!(body(Fault::BadGateway, 502).await.unwrap().starts_with(b"<!doctype html>"));
    let long = body(Fault::Long { bytes: 2 << 20 }, 200).await.unwrap();
    assert!(long.len() > 2 << 20);
    let huge = body(Fault::Huge { bytes: 64 << 20 }, 200).await;
    assert!(matches!(huge, Err(HttpError::TooLarge { cap: CAP })));
    let fits = body(Fault::Huge { bytes: 128 << 10 }, 200).await.unwrap();
    for answer in [long, fits] {
        let told: Value = serde_json::from_slice(&answer).unwrap();
        let content = told["choices"][0]["message"]["content"].as_str().unwrap();
        let content: Value = serde_json::from_str(content).unwrap();
        assert!(content["candidates"][0]["text"].as_str().unwrap().len() >= 128 << 10);
    }
    let cut = body(Fault::Cut, 200).await;
    assert!(matches!(cut, Err(HttpError::Unreachable)), "{cut:?}");
}

#[tokio::test]
async fn a_drip_is_byte_by_byte_and_ends_with_the_double() {
    let (double, _, _) = start().await;
    double.handle().inject(FaultRule::next(1, Fault::Drip { ms: 60_000 }));
    let body = chat(TIP_GENERATOR, &context()).to_string();
    let head = format!(
        "POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {API_KEY}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let mut stream = TcpStream::connect(double.addr()).await.unwrap();
    stream.write_all((head + &body).as_bytes()).await.unwrap();

    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n1\r\n{\r\n") {
        let read = tokio::time::timeout(Duration::from_secs(5), stream.read_buf(&mut answer)).await;
        assert_ne!(read.unwrap().unwrap(), 0);
    }
    double.stop().await;
    stream.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8(answer).unwrap();
    let (_, chunks) = answer.split_once("\r\n\r\n").unwrap();
    let bytes: String = chunks.split("\r\n").skip(1).step_by(2).collect();
    let told: Value = serde_json::from_str(&bytes).unwrap();
    assert_eq!(told["choices"][0]["finish_reason"], "stop");
}

#[tokio::test]
async fn slow_answers_do_not_outlive_the_double() {
    for (fault, latency) in [(Some(Fault::Slow { ms: 60_000 }), 0), (None, 60_000)] {
        let (double, _, client) = start().await;
        if let Some(fault) = fault {
            double.handle().inject(FaultRule::next(1, fault));
        }
        double.handle().set_latency(Duration::from_millis(latency));
        let asked = tokio::spawn(async move { client.ask(TIP_GENERATOR, &context()).await });
        until_asked(double.handle(), 1).await;
        tokio::time::timeout(Duration::from_secs(5), double.stop()).await.unwrap();
        assert_eq!(asked.await.unwrap().unwrap().status.as_u16(), 200);
    }
}

#[tokio::test]
async fn what_hangs_is_never_answered_and_ends_with_the_double() {
    let (double, _, client) = start().await;
    double.handle().inject(FaultRule::always(Fault::Hang));
    let patient = client.clone();
    let asked = tokio::spawn(async move { patient.ask(TIP_GENERATOR, &context()).await });
    until_asked(double.handle(), 1).await;
    // Who leaves is not waited for, and who waits does not keep others from being answered.
    let leaving = client.clone();
    let left = tokio::spawn(async move { leaving.ask(JUDGE, &context()).await });
    until_asked(double.handle(), 2).await;
    left.abort();
    assert_eq!(client.get("/health/liveliness").await.0, 200);
    assert!(!asked.is_finished());

    tokio::time::timeout(Duration::from_secs(5), double.stop()).await.unwrap();
    let asked = tokio::time::timeout(Duration::from_secs(5), asked).await.unwrap().unwrap();
    assert!(matches!(asked, Err(HttpError::Unreachable)), "{asked:?}");
}

#[tokio::test]
async fn nobody_else_on_the_network_reaches_it() {
    let addr = "0.0.0.0:0".parse().unwrap();
    let refused = LlmDouble::start(addr, Arc::new(SystemClock)).await;
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::InvalidInput);
}
