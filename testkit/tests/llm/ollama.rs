//! What stands behind a real LiteLLM.

use serde_json::{Value, json};
use testkit::llm::{DIMENSIONS, EMBEDDER, Fault, FaultRule};

use crate::{chat, context, start, told};

const MODEL: &str = "llama3.2";

/// What LiteLLM asks.
fn asked(user: &Value) -> Value {
    let mut asked = chat(MODEL, user);
    asked["stream"] = json!(false);
    asked
}

#[tokio::test]
async fn a_chat_is_as_ollama_has_it() {
    let (double, _, client) = start().await;
    let client = client.with_key(None);
    let (status, answer) = client.post("/api/chat", &asked(&context())).await;
    assert_eq!((status, &answer["model"]), (200, &json!(MODEL)));
    assert_eq!((&answer["done"], &answer["done_reason"]), (&json!(true), &json!("stop")));
    assert_eq!(answer["created_at"], "2026-11-21T12:00:00+00:00");
    let tokens = |name: &str| answer[name].as_u64().unwrap();
    assert!(tokens("prompt_eval_count") > 0 && tokens("eval_count") > 0);

    let content = answer["message"]["content"].as_str().unwrap();
    let content: Value = serde_json::from_str(content).unwrap();
    assert_eq!(content["candidates"].as_array().unwrap().len(), 3);

    let question = json!({ "profile": "calm", "candidates": [{ "id": "c1", "text": "Rest" }] });
    let (_, answer) = client.post("/api/chat", &asked(&question)).await;
    assert!(answer["message"]["content"].as_str().unwrap().contains("c1"), "{answer}");

    double.handle().say("As you wish.");
    let (_, answer) = client.post("/api/chat", &asked(&context())).await;
    assert_eq!(answer["message"]["content"], "As you wish.");
    assert_eq!(double.handle().count(MODEL), 3);
    assert_eq!(client.post("/api/chat", &json!({})).await.0, 400);
}

#[tokio::test]
async fn the_same_vectors_as_litellm_passes_on() {
    let (double, _, client) = start().await;
    let texts = json!(["Water the plants", "Rest"]);
    let (status, answer) =
        client.post("/api/embed", &json!({ "model": "nomic-embed-text", "input": texts })).await;
    assert_eq!(status, 200, "{answer}");
    let (_, passed) =
        client.post("/embeddings", &json!({ "model": EMBEDDER, "input": texts })).await;
    for (index, vector) in answer["embeddings"].as_array().unwrap().iter().enumerate() {
        assert_eq!(vector.as_array().unwrap().len(), DIMENSIONS);
        assert_eq!(*vector, passed["data"][index]["embedding"]);
    }

    double.handle().set_embedder(false);
    let (status, answer) = client.post("/api/embed", &json!({ "model": "m", "input": "a" })).await;
    assert_eq!(
        (status, answer),
        (404, json!({ "error": "model \"m\" not found, try pulling it first" }))
    );
}

#[tokio::test]
async fn it_goes_wrong_in_ollamas_words() {
    let (double, _, client) = start().await;
    let handle = double.handle();
    let ask = async || client.raw("POST", "/api/chat", Some(&asked(&context()))).await.unwrap();

    handle.inject(FaultRule::next(1, Fault::TooManyRequests { retry_after: 7 }).on(MODEL));
    let answer = ask().await;
    assert_eq!(answer.headers["retry-after"], "7");
    assert_eq!(told(&answer), (429, json!({ "error": "not now" })));

    handle.inject(FaultRule::next(1, Fault::Length));
    assert_eq!(told(&ask().await).1["done_reason"], "length");
    handle.inject(FaultRule::next(1, Fault::NoChoices));
    assert_eq!(told(&ask().await).1["message"], Value::Null);
    handle.inject(FaultRule::next(1, Fault::Refuse));
    let refusal = told(&ask().await).1["message"]["content"].clone();
    assert!(refusal.as_str().unwrap().contains("I can't help"), "{refusal}");
}

#[tokio::test]
async fn a_judge_may_stand_at_anthropics_address() {
    let (_double, _, client) = start().await;
    let question = json!({ "profile": "calm", "candidates": [{ "id": "c1", "text": "Rest" }] });
    let asked = json!({ "model": "claude", "max_tokens": 9, "messages": [
        { "role": "user", "content": [{ "type": "text", "text": question.to_string() }] },
    ] });
    let (status, answer) = client.post("/v1/messages", &asked).await;
    assert_eq!((status, &answer["model"]), (200, &json!("claude")));
    assert!(answer["content"][0]["text"].as_str().unwrap().contains("c1"), "{answer}");
}
