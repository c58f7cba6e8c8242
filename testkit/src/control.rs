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
pub trait Controlled: Send + Sync + 'static {
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

/// Arranges what a double answers, and tells what it was asked. Cheap to clone.
#[derive(Debug)]
pub struct Handle<D> {
    pub(crate) double: Arc<D>,
}

impl<D> Clone for Handle<D> {
    fn clone(&self) -> Self {
        Self::new(Arc::clone(&self.double))
    }
}

impl<D> Handle<D> {
    pub(crate) fn new(double: Arc<D>) -> Self {
        Self { double }
    }
}

impl<D: Controlled> Handle<D> {
    /// Makes answers go wrong, after those that were asked for before.
    pub fn inject(&self, rule: D::Rule) {
        self.double.faults(|faults| faults.inject(rule));
    }

    /// Lets all go well again, and at once.
    pub fn clear_faults(&self) {
        self.double.faults(|faults| *faults = Faults::default());
    }

    /// How long every answer takes from now on.
    pub fn set_latency(&self, latency: Duration) {
        self.double.faults(|faults| faults.latency = latency);
    }
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
    Handle::new(double).inject(rule);
    StatusCode::NO_CONTENT
}

async fn clear<D: Controlled>(State(double): State<Arc<D>>) -> StatusCode {
    Handle::new(double).clear_faults();
    StatusCode::NO_CONTENT
}

async fn latency<D: Controlled>(
    State(double): State<Arc<D>>,
    Json(latency): Json<Latency>,
) -> StatusCode {
    Handle::new(double).set_latency(Duration::from_millis(latency.ms));
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
