//! Which models there are, and whether the proxy is well.

use std::sync::Arc;

use axum::{Json, Router, extract::State, routing::get};
use serde_json::{Value, json};

use super::{
    EMBEDDER, JUDGE, TIP_GENERATOR,
    world::{Caller, Double},
};

/// LiteLLM tells this date of every model.
const CREATED: u64 = 1_677_610_602;

pub(super) fn routes() -> Router<Arc<Double>> {
    Router::new()
        .route("/models", get(models))
        .route("/v1/models", get(models))
        .route("/health/liveliness", get(liveliness))
        .route("/health/readiness", get(readiness))
}

async fn models(_: Caller, State(double): State<Arc<Double>>) -> Json<Value> {
    let embedder = double.world().embedder.then_some(EMBEDDER);
    let models = [TIP_GENERATOR, JUDGE].into_iter().chain(embedder).map(
        |alias| json!({ "id": alias, "object": "model", "created": CREATED, "owned_by": "openai" }),
    );
    Json(json!({ "data": models.collect::<Value>(), "object": "list" }))
}

async fn liveliness() -> Json<&'static str> {
    Json("I'm alive!")
}

async fn readiness() -> Json<Value> {
    Json(json!({ "status": "healthy", "db": "Not connected" }))
}
