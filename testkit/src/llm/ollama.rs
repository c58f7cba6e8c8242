//! Ollama's own protocol: what stands behind a real LiteLLM.

use std::sync::Arc;

use axum::{
    Extension, Json, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::post,
};
use serde_json::{Value, json};

use super::{
    chat::{self, Prompt, tokens},
    embeddings::{texts, vector},
    faults::Fault,
    judge,
    reply::{self, Reply},
    world::{Asked, Double},
};

/// Where a chat is.
pub(super) const CHAT: &str = "/api/chat";

/// Where vectors are made.
pub(super) const EMBED: &str = "/api/embed";

/// What every phase of an answer takes, in nanoseconds.
const DURATION: u64 = 1_000_000;

pub(super) fn routes() -> Router<Arc<Double>> {
    Router::new().route(CHAT, post(complete)).route(EMBED, post(embed))
}

/// Whether Ollama is asked, and not LiteLLM.
pub(super) fn is_at(path: &str) -> bool {
    path == CHAT || path == EMBED
}

/// An error in the form in which Ollama writes them.
pub(super) fn error(status: StatusCode) -> Response {
    told(status, "not now")
}

fn told(status: StatusCode, words: &str) -> Response {
    (status, Json(json!({ "error": words }))).into_response()
}

async fn complete(
    State(double): State<Arc<Double>>,
    Extension(Asked { body, fault }): Extension<Asked>,
) -> Response {
    let (Some(model), Some(messages)) = (body["model"].as_str(), body["messages"].as_array())
    else {
        return told(StatusCode::BAD_REQUEST, "model is required");
    };
    let prompt = Prompt::read(messages);
    let right = || chat::said(&double).unwrap_or_else(|| answer(&double, prompt.user));
    let reply = match fault {
        None => Reply::whole(right()),
        Some(fault) => reply::gone_wrong(fault, prompt.system, right),
    };
    let completion = completion(&double, model, &prompt, &reply);
    match fault {
        Some(Fault::Huge { bytes }) => chat::huge(&completion, bytes),
        _ => Json(completion).into_response(),
    }
}

/// Whoever is shown a profile is to react; all others propose. The names of models are LiteLLM's to choose.
fn answer(double: &Double, user: &str) -> String {
    let question: Value = serde_json::from_str(user).unwrap_or_default();
    if question["profile"].is_null() { chat::propose(double, user) } else { judge::reactions(user) }
}

/// A model that refuses does so in plain words here, and one without a choice says nothing.
fn completion(double: &Double, model: &str, prompt: &Prompt<'_>, reply: &Reply) -> Value {
    let content = reply.refusal.or(reply.content.as_deref()).unwrap_or_default();
    let mut answer = json!({
        "model": model,
        "created_at": double.clock.now().to_rfc3339(),
        "message": { "role": "assistant", "content": content },
        "done": true,
        "done_reason": reply.finish_reason,
        "total_duration": 4 * DURATION,
        "load_duration": DURATION,
        "prompt_eval_count": prompt.tokens,
        "prompt_eval_duration": DURATION,
        "eval_count": tokens(content),
        "eval_duration": DURATION,
    });
    if !reply.is_there {
        answer["message"] = Value::Null;
    }
    answer
}

async fn embed(
    State(double): State<Arc<Double>>,
    Extension(Asked { body, .. }): Extension<Asked>,
) -> Response {
    let model = body["model"].as_str().unwrap_or_default();
    if !double.world().embedder {
        let words = format!("model \"{model}\" not found, try pulling it first");
        return told(StatusCode::NOT_FOUND, &words);
    }
    let Some(texts) = texts(&body["input"]) else {
        return told(StatusCode::BAD_REQUEST, "invalid input type");
    };
    let vectors: Vec<_> = texts.iter().map(|text| vector(text).to_vec()).collect();
    let read: usize = texts.iter().map(|text| tokens(text)).sum();
    Json(json!({
        "model": model,
        "embeddings": vectors,
        "total_duration": 2 * DURATION,
        "load_duration": DURATION,
        "prompt_eval_count": read,
    }))
    .into_response()
}
