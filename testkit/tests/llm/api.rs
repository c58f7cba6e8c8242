use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde_json::{Value, json};
use testkit::llm::{DIMENSIONS, EMBEDDER, JUDGE, TIP_GENERATOR};

use crate::{chat, context, start, told};

#[tokio::test]
async fn a_completion_is_as_litellm_has_it() {
    let (_double, clock, client) = start().await;
    clock.advance(TimeDelta::seconds(5));
    let mut ids = BTreeSet::new();
    for path in ["/chat/completions", "/v1/chat/completions"] {
        let asked = chat(TIP_GENERATOR, &context());
        let answer = client.raw("POST", path, Some(&asked)).await.unwrap();
        assert_eq!(answer.headers["x-litellm-model-name"], "ollama_chat/llama3.2");
        let (status, told) = told(&answer);
        assert_eq!((status, &told["object"]), (200, &json!("chat.completion")));
        assert_eq!(
            (&told["model"], &told["created"]),
            (&json!(TIP_GENERATOR), &json!(1_795_262_405))
        );
        ids.insert(told["id"].as_str().unwrap().to_owned());

        let choice = &told["choices"][0];
        assert_eq!((&choice["finish_reason"], &choice["index"]), (&json!("stop"), &json!(0)));
        assert_eq!(choice["message"]["role"], "assistant");
        let tokens = |text: &Value| text.as_str().unwrap().chars().count().div_ceil(4);
        let spoken = tokens(&choice["message"]["content"]);
        let heard: usize =
            asked["messages"].as_array().unwrap().iter().map(|said| tokens(&said["content"])).sum();
        let usage = json!({
            "prompt_tokens": heard,
            "completion_tokens": spoken,
            "total_tokens": heard + spoken,
        });
        assert_eq!(told["usage"], usage);
    }
    assert_eq!(ids.len(), 2);
}

#[tokio::test]
async fn who_has_no_key_learns_nothing() {
    let (_double, _, client) = start().await;
    let asked = chat(TIP_GENERATOR, &context());
    let embedding = json!({ "model": EMBEDDER, "input": "a" });
    for (key, status, kind) in
        [(None, 401, "auth_error"), (Some("sk-other"), 400, "no_db_connection")]
    {
        let client = client.with_key(key);
        let answers = [
            client.post("/v1/chat/completions", &asked).await,
            client.post("/embeddings", &embedding).await,
            client.get("/v1/models").await,
        ];
        for (told, body) in answers {
            assert_eq!((told, &body["error"]["type"]), (status, &json!(kind)));
            assert_eq!(body["error"]["code"], status.to_string());
        }
        assert_eq!(client.get("/health/liveliness").await, (200, json!("I'm alive!")));
        assert_eq!(client.get("/health/readiness").await.1["status"], "healthy");
    }
}

#[tokio::test]
async fn wrong_requests_are_told_so() {
    let (_double, _, client) = start().await;
    let messages = json!([{ "role": "user", "content": "Hello" }]);
    let cases = [
        ("/chat/completions", json!({ "model": "nobody", "messages": messages }), "model=nobody"),
        ("/chat/completions", json!({ "model": EMBEDDER, "messages": messages }), "model=embedder"),
        ("/chat/completions", json!({ "messages": messages }), "model=None"),
        ("/chat/completions", json!({ "model": JUDGE }), "'messages'"),
        ("/chat/completions", json!("model"), "Invalid JSON payload"),
        ("/embeddings", json!({ "model": JUDGE, "input": "a" }), "model=judge"),
        ("/embeddings", json!({ "model": EMBEDDER }), "'input'"),
        ("/embeddings", json!({ "model": EMBEDDER, "input": [1, 2] }), "'input'"),
    ];
    for (path, asked, words) in cases {
        let (status, told) = client.post(path, &asked).await;
        assert_eq!(
            (status, &told["error"]["type"]),
            (400, &json!("invalid_request_error")),
            "{asked}"
        );
        assert!(told["error"]["message"].as_str().unwrap().contains(words), "{told}");
    }
    assert_eq!(client.get("/v1/nothing").await, (404, json!({ "detail": "Not Found" })));
    assert_eq!(client.get("/v1/chat/completions").await.0, 405);
}

#[tokio::test]
async fn texts_that_look_alike_are_near() {
    let (_double, _, client) = start().await;
    let texts =
        ["Water the plants", "water the plant", "Send the numbers to Ines", "", "喝一杯温水"];
    let (status, told) =
        client.post("/v1/embeddings", &json!({ "model": EMBEDDER, "input": texts })).await;
    assert_eq!((status, &told["object"]), (200, &json!("list")));
    let vectors: Vec<Vec<f64>> = (told["data"].as_array().unwrap().iter().enumerate())
        .map(|(index, row)| {
            assert_eq!((&row["index"], &row["object"]), (&json!(index), &json!("embedding")));
            serde_json::from_value(row["embedding"].clone()).unwrap()
        })
        .collect();
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    for vector in &vectors {
        assert_eq!(vector.len(), DIMENSIONS);
        assert!((dot(vector, vector) - 1.0).abs() < 1e-9);
    }
    assert!(dot(&vectors[0], &vectors[1]) > 0.8);
    assert!(dot(&vectors[0], &vectors[2]) < 0.5);

    let (_, alone) =
        client.post("/embeddings", &json!({ "model": EMBEDDER, "input": texts[0] })).await;
    assert_eq!(alone["data"][0]["embedding"], told["data"][0]["embedding"]);
    assert_eq!(alone["usage"]["prompt_tokens"], 4);
}

#[tokio::test]
async fn there_may_be_no_embedder() {
    let (double, _, client) = start().await;
    let asked = json!({ "model": EMBEDDER, "input": "a" });
    let models = async || {
        let (_, told) = client.get("/v1/models").await;
        let models = told["data"].as_array().unwrap().iter();
        models.map(|model| model["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(models().await, [TIP_GENERATOR, JUDGE, EMBEDDER]);
    double.handle().set_embedder(false);
    assert_eq!(models().await, [TIP_GENERATOR, JUDGE]);
    assert_eq!(client.post("/embeddings", &asked).await.0, 400);
    double.handle().set_embedder(true);
    assert_eq!(client.post("/embeddings", &asked).await.0, 200);
}
