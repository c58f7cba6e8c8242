//! The routes: a file a noun, a handler of a few lines each.

mod access;
mod answer;
mod api;
mod calendar;
mod connect;
mod consents;
mod error;
mod files;
mod functions;
mod health;
mod hours;
mod mail;
mod notices;
mod page;
mod privacy;
mod settings;
mod sign_in;
mod tokens;
mod visitor;

use std::path::Path;

use auth::session;
use axum::{
    Router,
    handler::Handler,
    http::{Method, StatusCode},
    middleware::{from_fn, from_fn_with_state},
    routing::{self, MethodRouter},
};
use leptos::server_fn::axum::server_fn_paths;
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer, limit::RequestBodyLimitLayer, timeout::TimeoutLayer,
};

use crate::{
    AppState,
    http::{client, guard, limit, shed, trace},
};

pub(crate) use api::is_api;
pub(crate) use error::Failed;

/// No form of ours comes near it.
const MAX_BODY: usize = 64 * 1024;

/// The path that stands for all server functions.
const FUNCTIONS: &str = "/api/{function}";

/// Where a browser comes back from a provider to sign in with. Apple's page posts it from its own site; that
/// changes nothing, and is the one exception from the same-site rule.
pub(crate) const RETURN: &str = "/auth/{provider}/return";

/// Where the links in letters lead. A mail program posts there, and has no site; what a link may do, it may from
/// anywhere, and without a cookie.
pub(crate) const LETTER: &str = "/mail/{link}";

/// One route. The router is made of these, so that whoever walks through them forgets none.
struct Route {
    method: Method,
    path: &'static str,
    handler: MethodRouter<AppState>,
}

/// What a person, or their browser, asks for.
fn personal() -> Vec<Route> {
    vec![
        get("/", page::tip),
        get("/settings", settings::page),
        get("/consents", consents::page),
        post("/consents/answer", consents::decide),
        post("/settings/consents", consents::change),
        post("/settings/keys", settings::keys),
        post("/settings/time-zone", settings::time_zone),
        post("/settings/push", notices::subscribe),
        post("/settings/push/here", notices::still_there),
        post("/settings/push/test", notices::test),
        post("/settings/push/remove", notices::remove),
        post("/settings/mail", mail::name),
        post("/settings/mail/often", mail::often),
        post("/settings/mail/test", mail::test),
        post("/settings/mail/remove", mail::remove),
        get(LETTER, mail::ask),
        post(LETTER, mail::follow),
        post("/settings/hours", hours::speak),
        post("/settings/snooze", hours::snooze),
        post("/settings/todoist/disconnect", connect::disconnect),
        post("/settings/calendar", calendar::connect),
        post("/settings/calendar/disconnect", calendar::disconnect),
        post("/settings/history", privacy::keep_history),
        get("/settings/export", privacy::export),
        get("/settings/erase", privacy::ask),
        post("/settings/erase/now", privacy::erase),
        get("/connect/todoist", connect::begin),
        get("/connect/todoist/return", connect::finish),
        post("/settings/identities/unlink", access::unlink),
        post("/settings/devices/sign-out", access::sign_out_device),
        post("/settings/devices/sign-out-all", access::sign_out_everywhere),
        post("/settings/tokens", tokens::make),
        post("/settings/tokens/revoke", tokens::revoke),
        get("/auth/{provider}", sign_in::begin),
        get("/auth/{provider}/link", sign_in::link),
        get(RETURN, sign_in::finish),
        post(RETURN, sign_in::posted),
        post("/demo", sign_in::look_around),
        post("/sign-out", sign_in::out),
        get(api::document::PATH, api::document::show),
        get("/api/v1/tip", api::tip::open),
        post("/api/v1/recommend", api::tip::recommend),
        post("/api/v1/feedback", api::feedback::feedback),
        get("/api/v1/me", api::me::me),
        post(FUNCTIONS, functions::call),
    ]
}

/// What is answered however much there is to do.
fn watched() -> Vec<Route> {
    vec![get("/health", health::alive), get("/ready", health::ready)]
}

/// Every route, with each server function under its own path. Beside them there are only files.
pub fn all() -> Vec<(Method, &'static str)> {
    let routes = personal().into_iter().chain(watched()).map(|it| (it.method, it.path));
    let functions = server_fn_paths().map(|(path, method)| (method, path));
    routes.filter(|(_, path)| *path != FUNCTIONS).chain(functions).collect()
}

/// All routes, with what stands before them.
pub(crate) fn router(state: &AppState, site: &Path) -> Router {
    let sessions = session::layer(state.sessions.clone());
    Router::new()
        .merge(router_of(personal()).layer(sessions))
        .nest_service("/pkg", files::hashed(site))
        .fallback_service(files::others(site))
        .layer(
            // The first one is the outermost.
            ServiceBuilder::new()
                .layer(from_fn_with_state(state.clone(), client::find))
                .layer(from_fn_with_state(state.clone(), limit::addresses))
                .layer(from_fn_with_state(state.clone(), shed::load)),
        )
        .merge(router_of(watched()))
        .layer(
            ServiceBuilder::new()
                .layer(from_fn_with_state(state.clone(), trace::log))
                .layer(from_fn_with_state(state.clone(), guard::headers))
                .layer(from_fn_with_state(state.clone(), error::draw))
                .layer(from_fn(shed::long_addresses))
                .layer(from_fn_with_state(state.clone(), guard::same_site))
                .layer(TimeoutLayer::with_status_code(
                    StatusCode::SERVICE_UNAVAILABLE,
                    state.patience.answer,
                ))
                .layer(CatchPanicLayer::custom(error::panicked))
                .layer(RequestBodyLimitLayer::new(MAX_BODY)),
        )
        .with_state(state.clone())
}

fn router_of(routes: Vec<Route>) -> Router<AppState> {
    let add = |router: Router<AppState>, route: Route| router.route(route.path, route.handler);
    routes.into_iter().fold(Router::new(), add)
}

fn get<T: 'static>(path: &'static str, handler: impl Handler<T, AppState>) -> Route {
    Route { method: Method::GET, path, handler: routing::get(handler) }
}

fn post<T: 'static>(path: &'static str, handler: impl Handler<T, AppState>) -> Route {
    Route { method: Method::POST, path, handler: routing::post(handler) }
}
