//! The control routes that every double has: they are for loopback only, and ask for nothing.
//!
//! | route | what it does |
//! | --- | --- |
//! | `POST /_double/faults` `{fault, times?, …}`, `DELETE` | makes answers go wrong, or lets all go well again, and at once |
//! | `POST /_double/latency` `{ms}` | how long every answer takes |
//! | `GET /_double/requests`, `DELETE` | `{total, requests: […]}`, or anew |

use std::{sync::Arc, time::Duration};

use axum::{Json, Router, extract::State, http::StatusCode, routing::post};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::faults::{Faults, Rule};

/// Where all of them are. What is asked here never goes wrong, and is not counted.
pub(crate) const CONTROL: &str = "/_double/";

/// What all doubles have in common.
pub(crate) trait Controlled: Send + Sync + 'static {
    /// What makes its answers go wrong.
    type Rule: Rule + DeserializeOwned + Send;
    /// What it remembers of requests.
    type Request: Serialize;

    /// Looks at what is to go wrong, or changes it.
    fn faults<T>(&self, act: impl FnOnce(&mut Faults<Self::Rule>) -> T) -> T;

    /// How many requests there were, and which.
    fn requests(&self) -> (u64, Vec<Self::Request>);

    /// Starts counting anew.
    fn forget_requests(&self);
}

#[derive(Deserialize)]
struct Latency {
    ms: u64,
}

pub(crate) fn routes<D: Controlled>() -> Router<Arc<D>> {
    Router::new()
        .route("/_double/faults", post(inject::<D>).delete(clear::<D>))
        .route("/_double/latency", post(latency::<D>))
        .route("/_double/requests", axum::routing::get(requests::<D>).delete(forget::<D>))
}

async fn inject<D: Controlled>(
    State(double): State<Arc<D>>,
    Json(rule): Json<D::Rule>,
) -> StatusCode {
    double.faults(|faults| faults.inject(rule));
    StatusCode::NO_CONTENT
}

async fn clear<D: Controlled>(State(double): State<Arc<D>>) -> StatusCode {
    double.faults(|faults| *faults = Faults::default());
    StatusCode::NO_CONTENT
}

async fn latency<D: Controlled>(
    State(double): State<Arc<D>>,
    Json(latency): Json<Latency>,
) -> StatusCode {
    double.faults(|faults| faults.latency = Duration::from_millis(latency.ms));
    StatusCode::NO_CONTENT
}

async fn requests<D: Controlled>(State(double): State<Arc<D>>) -> Json<Value> {
    let (total, requests) = double.requests();
    Json(json!({ "total": total, "requests": requests }))
}

async fn forget<D: Controlled>(State(double): State<Arc<D>>) -> StatusCode {
    double.forget_requests();
    StatusCode::NO_CONTENT
}
