//! The control routes that concern all accounts: faults, time, and what was asked.

use std::{sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Shared;
use crate::todoist::{faults::FaultRule, handle::Handle, log::RequestCount, world::Double};

pub(super) fn routes() -> Router<Arc<Double>> {
    Router::new()
        .route("/_double/faults", post(inject).delete(clear))
        .route("/_double/latency", post(latency))
        .route("/_double/tokens", get(granted).post(tokens))
        .route("/_double/requests", get(requests).delete(forget))
}

#[derive(Deserialize)]
struct Latency {
    ms: u64,
}

#[derive(Deserialize)]
struct TokenLife {
    lifetime_s: Option<u64>,
    rotating: Option<bool>,
    #[serde(default)]
    expire: bool,
}

async fn inject(State(double): Shared, Json(rule): Json<FaultRule>) -> StatusCode {
    Handle::new(double).inject(rule);
    StatusCode::NO_CONTENT
}

async fn clear(State(double): Shared) -> StatusCode {
    Handle::new(double).clear_faults();
    StatusCode::NO_CONTENT
}

async fn latency(State(double): Shared, Json(latency): Json<Latency>) -> StatusCode {
    Handle::new(double).set_latency(Duration::from_millis(latency.ms));
    StatusCode::NO_CONTENT
}

async fn granted(State(double): Shared) -> Json<Value> {
    Json(json!(double.world().grants.secrets()))
}

async fn tokens(State(double): Shared, Json(life): Json<TokenLife>) -> StatusCode {
    let handle = Handle::new(double);
    if let Some(seconds) = life.lifetime_s {
        handle.set_token_lifetime(Duration::from_secs(seconds));
    }
    if let Some(rotating) = life.rotating {
        handle.set_refresh_tokens(rotating);
    }
    if life.expire {
        handle.expire_access_tokens();
    }
    StatusCode::NO_CONTENT
}

async fn requests(State(double): Shared) -> Json<Value> {
    let requests: Vec<RequestCount> = double.world().log.all();
    let total: u64 = requests.iter().map(|request| request.count).sum();
    Json(json!({ "total": total, "requests": requests }))
}

async fn forget(State(double): Shared) -> StatusCode {
    Handle::new(double).forget_requests();
    StatusCode::NO_CONTENT
}
