//! The same as [`Handle`], in JSON, without a key: it is for loopback only.
//!
//! | route | what it does |
//! | --- | --- |
//! | `POST /_double/say` `{texts}` | what the next right answers of a chat say, in this order |
//! | `POST /_double/embedder` `{present}` | whether there is a model that makes vectors |
//! | `POST /_double/faults` `{fault, times?, alias?, …}`, `DELETE` | see [`FaultRule`](super::FaultRule) |
//! | `POST /_double/latency` `{ms}` | how long every answer takes |
//! | `GET /_double/requests`, `DELETE` | `{total, requests: [{method, path, alias, authorization, body, at}]}`, or anew |

use std::sync::Arc;

use axum::{Json, Router, extract::State, http::StatusCode, routing::post};
use serde::Deserialize;

use super::{handle::Handle, world::Double};
use crate::control;

pub(super) fn routes() -> Router<Arc<Double>> {
    Router::new()
        .route("/_double/say", post(say))
        .route("/_double/embedder", post(embedder))
        .merge(control::routes())
}

#[derive(Deserialize)]
struct Say {
    texts: Vec<String>,
}

#[derive(Deserialize)]
struct Embedder {
    present: bool,
}

async fn say(State(double): State<Arc<Double>>, Json(say): Json<Say>) -> StatusCode {
    Handle::new(double).say_all(say.texts);
    StatusCode::NO_CONTENT
}

async fn embedder(State(double): State<Arc<Double>>, Json(embedder): Json<Embedder>) -> StatusCode {
    Handle::new(double).set_embedder(embedder.present);
    StatusCode::NO_CONTENT
}
