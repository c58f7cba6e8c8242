//! Connecting Todoist, and letting it go.

use app::{headers::cookie, types::DoorTrouble};
use auth::{
    attempts::Who,
    flow::{self, ReturnPath},
};
use axum::{
    Extension,
    extract::{Query, State},
    http::{HeaderMap, header::SET_COOKIE},
    response::{IntoResponse, Redirect, Response},
};
use integrations::{Access, Callback};
use kernel::UserId;
use secrecy::ExposeSecret;
use serde::Deserialize;
use url::Url;

use super::{error::Failed, settings::came_of, visitor::Visitor};
use crate::{AppState, http::client::Client};

/// The purposes of a visit to Todoist: what was asked for has to be known when the browser is back, since
/// Todoist need not say what it granted.
const PURPOSES: [(&str, Access); 2] =
    [("todoist-read", Access::Read), ("todoist-write", Access::ReadWrite)];

/// What a person wants to allow.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    access: Option<String>,
}

/// What Todoist sends the browser back with (RFC 6749, section 4.1.2).
#[derive(Deserialize)]
pub(super) struct Return {
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
}

/// Sends the browser to Todoist.
pub(super) async fn begin(
    State(state): State<AppState>,
    Visitor(user): Visitor,
    Extension(client): Extension<Client>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    if !state.can_connect {
        return Err(Failed::NOT_FOUND);
    }
    count(&state, "connection", client, user).await?;
    let (purpose, access) = PURPOSES[usize::from(wanted.access.as_deref() != Some("read"))];
    let begun = state
        .flows
        .begin(purpose, Some(user), ReturnPath::default(), cookie(&headers, flow::COOKIE))
        .await
        .map_err(Failed::internal)?;
    let redirect = redirect(&state)?;
    let secret = begun.state.expose_secret();
    let url = state.integrations.authorize_url(&redirect, secret, access, &begun.pkce_verifier);
    Ok(([(SET_COOKIE, begun.cookie.set_cookie())], Redirect::to(url.as_str())).into_response())
}

/// The browser comes back from Todoist.
pub(super) async fn finish(
    State(state): State<AppState>,
    Visitor(user): Visitor,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
    Query(back): Query<Return>,
) -> Result<Redirect, Failed> {
    count(&state, "connection return", client, user).await?;
    if back.error.as_deref() == Some("access_denied") {
        return Err(Failed::connect(DoorTrouble::Cancelled));
    }
    let (Some(code), Some(given)) = (back.code, back.state) else {
        return Err(Failed::connect(DoorTrouble::Provider));
    };
    let browser =
        cookie(&headers, flow::COOKIE).ok_or_else(|| Failed::connect(DoorTrouble::Expired))?;
    let mut begun = None;
    for (purpose, access) in PURPOSES {
        let flow = state.flows.finish(purpose, &given, browser).await.map_err(Failed::internal)?;
        begun = begun.or(flow.map(|flow| (flow, access)));
    }
    let begun = begun.filter(|(flow, _)| flow.user == Some(user));
    let (flow, access) = begun.ok_or_else(|| Failed::connect(DoorTrouble::Expired))?;

    let redirect = redirect(&state)?;
    let verifier = &flow.pkce_verifier;
    let callback = Callback { code: &code, redirect: &redirect, verifier, access };
    let connected = state.integrations.connect(user, callback).await?;
    if let Some(zone) = connected.time_zone {
        profile::observe_time_zone(&state.db, user, &zone, state.clock.now())
            .await
            .map_err(Failed::internal)?;
    }
    Ok(Redirect::to(flow.return_path.as_str()))
}

/// Forgets Todoist, and what was open because of it.
pub(super) async fn disconnect(State(state): State<AppState>, Visitor(user): Visitor) -> Redirect {
    if let Err(error) = state.integrations.disconnect(user).await {
        return came_of(Err(error));
    }
    came_of(state.recommender.disconnected(user).await)
}

/// Counts a try, of whoever is at the address, and of the person.
async fn count(state: &AppState, what: &str, client: Client, user: UserId) -> Result<(), Failed> {
    for who in [Who::Address(client.network()), Who::Person(user)] {
        state.attempts.count(what, who).await?;
    }
    Ok(())
}

fn redirect(state: &AppState) -> Result<Url, Failed> {
    state.base_url.join("/connect/todoist/return").map_err(Failed::internal)
}
