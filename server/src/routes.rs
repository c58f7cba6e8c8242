//! The routes: a file a noun, a handler of a few lines each.

mod answer;
mod api;
mod connect;
mod error;
mod files;
mod functions;
mod health;
mod page;
mod settings;
mod sign_in;
mod visitor;

use std::{path::Path, time::Duration};

use auth::session;
use axum::{
    Router,
    http::StatusCode,
    middleware::{from_fn, from_fn_with_state},
    routing::{get, post},
};
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer, limit::RequestBodyLimitLayer, timeout::TimeoutLayer,
};

use crate::{
    AppState,
    http::{guard, trace},
};

pub(crate) use error::Failed;

/// No form of ours comes near it.
const MAX_BODY: usize = 64 * 1024;

/// The longest that any answer may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// All routes, with what stands before them.
pub(crate) fn router(state: &AppState, sessions: session::Store, site: &Path) -> Router {
    let personal = Router::new()
        .route("/", get(page::tip))
        .route("/settings", get(settings::page))
        .route("/settings/close-tasks", post(settings::close_tasks))
        .route("/settings/keys", post(settings::keys))
        .route("/settings/time-zone", post(settings::time_zone))
        .route("/settings/todoist/disconnect", post(connect::disconnect))
        .route("/connect/todoist", get(connect::begin))
        .route("/connect/todoist/return", get(connect::finish))
        .route("/auth/oidc", get(sign_in::begin))
        .route("/auth/oidc/return", get(sign_in::finish))
        .route("/demo", post(sign_in::demo))
        .route("/sign-out", post(sign_in::out))
        .route("/api/v1/recommend", post(api::recommend))
        .route("/api/{function}", post(functions::call))
        .layer(session::layer(sessions))
        .layer(from_fn_with_state(state.clone(), guard::same_site));

    Router::new()
        .merge(personal)
        .route("/health", get(health::alive))
        .route("/ready", get(health::ready))
        .nest_service("/pkg", files::hashed(site))
        .fallback_service(files::others(site))
        .layer(
            // The first one is the outermost.
            ServiceBuilder::new()
                .layer(from_fn_with_state(state.clone(), trace::log))
                .layer(from_fn(guard::headers))
                .layer(from_fn_with_state(state.clone(), error::draw))
                .layer(TimeoutLayer::with_status_code(
                    StatusCode::SERVICE_UNAVAILABLE,
                    ANSWER_WITHIN,
                ))
                .layer(CatchPanicLayer::custom(error::panicked))
                .layer(RequestBodyLimitLayer::new(MAX_BODY)),
        )
        .with_state(state.clone())
}
