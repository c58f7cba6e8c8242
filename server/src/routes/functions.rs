//! Leptos' server functions: what the island asks for, and what plain forms post to.

use app::{backend::Person, server_fns::land_on_the_page};
use axum::{
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use leptos::prelude::provide_context;

use super::visitor::Visitor;
use crate::AppState;

/// Calls the function that the path names.
pub(super) async fn call(
    State(state): State<AppState>,
    visitor: Option<Visitor>,
    request: Request,
) -> Response {
    let person = visitor.map(|Visitor(user)| Person { user, house: state.house() });
    let context = move || {
        if let Some(person) = person.clone() {
            provide_context(person);
        }
        land_on_the_page();
    };
    leptos_axum::handle_server_fns_with_context(context, request).await.into_response()
}
