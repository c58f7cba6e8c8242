//! The same as [`Handle`], in JSON, without a key: it is for loopback only.
//!
//! | route | what it does |
//! | --- | --- |
//! | `POST /_double/subscriptions` `{key?}` | a browser subscribes; answers as its `PushSubscription.toJSON()`, and with its `id` |
//! | `DELETE /_double/subscriptions/{id}` | the browser ends it: 410 from then on |
//! | `GET /_double/messages`, `DELETE` | every message, oldest first (see [`Message`](super::Message)), or anew |
//! | `POST /_double/faults` `{fault, times?, id?, …}`, `DELETE` | see [`FaultRule`](super::FaultRule) |
//! | `POST /_double/latency` `{ms}` | how long every answer takes |
//! | `GET /_double/requests`, `DELETE` | `{total, requests: [{method, path}]}`, or anew |

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{delete, get, post},
};
use serde::Deserialize;

use super::{handle::Handle, message::Message, subscriber::Subscribed, world::Double};
use crate::control;

pub(super) fn routes() -> Router<Arc<Double>> {
    Router::new()
        .route("/_double/subscriptions", post(subscribe))
        .route("/_double/subscriptions/{id}", delete(unsubscribe))
        .route("/_double/messages", get(messages).delete(forget))
        .merge(control::routes())
}

#[derive(Deserialize)]
struct Subscribe {
    key: Option<String>,
}

async fn subscribe(
    State(double): State<Arc<Double>>,
    Json(subscribe): Json<Subscribe>,
) -> Json<Subscribed> {
    Json(Handle::new(double).subscribe(subscribe.key.as_deref()))
}

async fn unsubscribe(State(double): State<Arc<Double>>, Path(id): Path<String>) -> StatusCode {
    let is_there = Handle::new(double).unsubscribe(&id);
    if is_there { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND }
}

async fn messages(State(double): State<Arc<Double>>) -> Json<Vec<Message>> {
    Json(Handle::new(double).messages())
}

async fn forget(State(double): State<Arc<Double>>) -> StatusCode {
    Handle::new(double).forget_messages();
    StatusCode::NO_CONTENT
}
