//! Anthropic's own protocol: where a real LiteLLM may fall back to.

use std::sync::Arc;

use axum::{Extension, Json, Router, extract::State, routing::post};
use serde_json::{Value, json};

use super::{
    chat::tokens,
    judge,
    world::{Asked, Double},
};

/// What the question holds of the judge's, as text.
const QUESTION: &str = "/messages/0/content/0/text";

pub(super) fn routes() -> Router<Arc<Double>> {
    Router::new().route("/v1/messages", post(judge))
}

/// A judge, whoever asks: nobody else falls back.
async fn judge(
    State(double): State<Arc<Double>>,
    Extension(Asked { body, .. }): Extension<Asked>,
) -> Json<Value> {
    let question = body.pointer(QUESTION).and_then(Value::as_str).unwrap_or_default();
    let text = judge::reactions(question);
    Json(json!({
        "id": double.world().next_id(),
        "type": "message",
        "role": "assistant",
        "model": body["model"],
        "content": [{ "type": "text", "text": text }],
        "stop_reason": "end_turn",
        "stop_sequence": null,
        "usage": { "input_tokens": tokens(question), "output_tokens": tokens(&text) },
    }))
}
