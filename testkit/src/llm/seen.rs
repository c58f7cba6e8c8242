//! What the double was asked.

use axum::http::{header, request::Parts};
use kernel::Timestamp;
use serde::Serialize;
use serde_json::Value;

/// A request; those of the control routes are left out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Seen {
    /// The HTTP method.
    pub method: String,
    /// The path, without its query.
    pub path: String,
    /// The alias that was asked for.
    pub alias: Option<String>,
    /// Whether there was a header `Authorization`, whatever its key.
    pub authorization: bool,
    /// The whole body; null when there was none, or it was no JSON.
    pub body: Value,
    /// When it came.
    pub at: Timestamp,
}

impl Seen {
    pub(super) fn new(parts: &Parts, body: Value, at: Timestamp) -> Self {
        Self {
            method: parts.method.as_str().into(),
            path: parts.uri.path().into(),
            alias: body["model"].as_str().map(Into::into),
            authorization: parts.headers.contains_key(header::AUTHORIZATION),
            body,
            at,
        }
    }
}
