//! Vectors for texts: those that look alike are near to one another.

use std::sync::Arc;

use axum::{
    Extension, Json, Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::post,
};
use serde_json::{Value, json};

use super::{
    EMBEDDER,
    chat::{MODEL_NAME, tokens},
    errors::ApiError,
    hash::hash,
    world::{Asked, Caller, Double},
};

/// How long a vector is.
pub const DIMENSIONS: usize = 64;

const ROUTE: &str = "/embeddings";

const MODEL: &str = "ollama/nomic-embed-text";

pub(super) fn routes() -> Router<Arc<Double>> {
    Router::new().route(ROUTE, post(embed)).route("/v1/embeddings", post(embed))
}

async fn embed(
    _: Caller,
    State(double): State<Arc<Double>>,
    Extension(Asked { body, .. }): Extension<Asked>,
) -> Result<Response, ApiError> {
    if !body.is_object() {
        return Err(ApiError::no_json());
    }
    let alias = body["model"].as_str();
    if alias != Some(EMBEDDER) || !double.world().embedder {
        return Err(ApiError::unknown_model(ROUTE, alias));
    }
    let texts = texts(&body["input"]).ok_or(ApiError::missing(ROUTE, "input"))?;

    let vectors = texts.iter().enumerate().map(|(index, text)| {
        let embedding = vector(text).to_vec();
        json!({ "embedding": embedding, "index": index, "object": "embedding" })
    });
    let tokens: usize = texts.iter().map(|text| tokens(text)).sum();
    let answer = json!({
        "model": EMBEDDER,
        "data": vectors.collect::<Value>(),
        "object": "list",
        "usage": { "completion_tokens": 0, "prompt_tokens": tokens, "total_tokens": tokens },
    });
    Ok(([(MODEL_NAME, MODEL)], Json(answer)).into_response())
}

/// A text, or several; nothing when it is neither.
pub(super) fn texts(input: &Value) -> Option<Vec<&str>> {
    match input {
        Value::String(text) => Some(vec![text]),
        Value::Array(texts) => texts.iter().map(Value::as_str).collect(),
        _ => None,
    }
}

/// A vector of length 1: each three characters that follow one another, whatever their case, push it in a
/// direction of their own.
pub(super) fn vector(text: &str) -> [f64; DIMENSIONS] {
    let characters: Vec<char> = format!("  {}  ", text.to_lowercase()).chars().collect();
    let mut vector = [0.0; DIMENSIONS];
    for three in characters.windows(3) {
        let bits = hash(&[&three.iter().collect::<String>()]);
        let index = usize::try_from(bits % DIMENSIONS as u64).unwrap_or_default();
        vector[index] += if bits >> 63 == 0 { 1.0 } else { -1.0 };
    }
    let length = vector.iter().map(|value| value * value).sum::<f64>().sqrt();
    if length == 0.0 {
        // All pushes have cancelled each other out.
        vector[0] = 1.0;
        return vector;
    }
    vector.map(|value| value / length)
}
