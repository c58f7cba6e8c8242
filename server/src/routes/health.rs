//! For those who watch over oO.

use std::time::Duration;

use axum::{extract::State, http::StatusCode};

use crate::AppState;

/// The database has this long to answer.
const READY_WITHIN: Duration = Duration::from_secs(1);

/// The process is alive.
pub(super) async fn alive() -> &'static str {
    "ok"
}

/// The database answers.
pub(super) async fn ready(State(state): State<AppState>) -> Result<&'static str, StatusCode> {
    match tokio::time::timeout(READY_WITHIN, kernel::db::ping(&state.db)).await {
        Ok(Ok(())) => Ok("ok"),
        _ => Err(StatusCode::SERVICE_UNAVAILABLE),
    }
}
