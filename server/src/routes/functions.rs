//! Leptos' server functions: what the island asks for, and what plain forms post to.

use app::{backend::Person, server_fns::land_on_the_page};
use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderName, StatusCode},
    response::{IntoResponse, Response},
};
use leptos::{prelude::provide_context, server_fn::axum::get_server_fn_service};

use super::{MAX_BODY, error::Failed, visitor::Visitor};
use crate::AppState;

/// Whose an answer is that a device has kept for a while: it is not taken as somebody else's.
const PERSON: HeaderName = HeaderName::from_static("oo-person");

/// Calls the function that the path names.
pub(super) async fn call(
    State(state): State<AppState>,
    visitor: Option<Visitor>,
    request: Request,
) -> Response {
    let path = request.uri().path();
    if get_server_fn_service(path, request.method().clone()).is_none() {
        return Failed::NOT_FOUND.into_response();
    }
    if let Some(Visitor(user)) = visitor {
        match request.headers().get(PERSON) {
            Some(person) if person.as_bytes() != user.to_string().as_bytes() => {
                return StatusCode::CONFLICT.into_response();
            }
            Some(_) => {}
            // What a device has kept says nothing of who looks at it now.
            None => state.notifier.note_here(user),
        }
    }
    // Leptos would read it without a bound, and answer a body that breaks off with a 500.
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_BODY).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let request = Request::from_parts(head, Body::from(body));
    let person = visitor.map(|Visitor(user)| Person { user, house: state.house() });
    let context = move || {
        if let Some(person) = person.clone() {
            provide_context(person);
        }
        land_on_the_page();
    };
    leptos_axum::handle_server_fns_with_context(context, request).await.into_response()
}
