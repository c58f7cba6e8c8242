//! Signing in, and out: with a provider of OpenID Connect, or with Todoist (see [`super::connect`]).

use app::{
    headers::cookie,
    types::{Door, DoorTrouble, Saved},
};
use auth::{
    attempts::Who,
    flow::{self, ReturnPath},
    identity::{self, Linking, VerifiedIdentity},
    oidc::{Begin, Callback, Provider},
    session,
};
use axum::{
    Extension, Form,
    extract::{Path, Query, State, rejection::FormRejection},
    http::{
        HeaderMap,
        header::{SET_COOKIE, USER_AGENT},
    },
    response::{IntoResponse, Redirect, Response},
};
use integrations::Connection;
use kernel::UserId;
use serde::Deserialize;
use tower_sessions::Session;
use url::form_urlencoded::Serializer;

use super::{connect, error::Failed, settings::back, visitor::Visitor};
use crate::{AppState, demo, http::client::Client};

/// The name of Todoist among the ways in.
pub(super) const TODOIST: &str = "todoist";

/// What Apple posts (<https://developer.apple.com/documentation/signinwithapplerestapi>), as far as it is of
/// use: the person's name, which comes the first time only, is not kept.
#[derive(Deserialize)]
pub(super) struct Posted {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
    iss: Option<String>,
}

/// Sends the browser to a provider.
pub(super) async fn begin(
    State(state): State<AppState>,
    Path(key): Path<String>,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    leave(&state, &key, None, client, &headers).await
}

/// Sends the browser of a person to a provider, for one more way in. A link and no form: the page's policy keeps
/// forms on our own site, and their redirects too.
pub(super) async fn link(
    State(state): State<AppState>,
    Path(key): Path<String>,
    Visitor(user): Visitor,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    leave(&state, &key, Some(user), client, &headers).await
}

async fn leave(
    state: &AppState,
    key: &str,
    linking: Option<UserId>,
    client: Client,
    headers: &HeaderMap,
) -> Result<Response, Failed> {
    if key == TODOIST {
        return connect::leave(state, connect::SIGN_IN, linking, client, headers).await;
    }
    let provider = provider(state, key)?;
    count(state, "sign-in", client, linking).await?;
    let browser = cookie(headers, flow::COOKIE);
    let Begin { url, cookie } = provider.begin(ReturnPath::default(), linking, browser).await?;
    Ok(([(SET_COOKIE, cookie.set_cookie())], Redirect::to(url.as_str())).into_response())
}

/// The browser comes back from a provider.
pub(super) async fn finish(
    State(state): State<AppState>,
    Path(key): Path<String>,
    visitor: Option<Visitor>,
    session: Session,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
    Query(callback): Query<Callback>,
) -> Result<Redirect, Failed> {
    let provider = provider(&state, &key)?;
    count(&state, "sign-in return", client, None).await?;
    let done = provider.finish(callback, cookie(&headers, flow::COOKIE)).await?;
    let Some(linking) = done.linking else {
        let user = enter(&state, &session, &headers, &done.identity).await?;
        return first_page(&state, user, done.return_path.as_str()).await;
    };
    let user = visitor.filter(|Visitor(user)| *user == linking);
    let Visitor(user) = user.ok_or(Failed::sign_in(DoorTrouble::Expired))?;
    add(&state, user, &done.identity).await
}

/// The browser comes back from Apple, by a form that Apple's page posts. That is another site's doing: our own
/// cookies are not with it, and it changes nothing. They are with the redirect that it is turned into.
pub(super) async fn posted(
    Path(key): Path<String>,
    Form(Posted { state, code, error, iss }): Form<Posted>,
) -> Result<Redirect, Failed> {
    // No other names are given, and dots would lead a browser up, however they are encoded.
    if !key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return Err(Failed::NOT_FOUND);
    }
    let mut query = Serializer::new(String::new());
    for (name, value) in [("state", state), ("code", code), ("error", error), ("iss", iss)] {
        if let Some(value) = value {
            query.append_pair(name, &value);
        }
    }
    Ok(Redirect::to(&format!("/auth/{key}/return?{}", query.finish())))
}

/// Signs a browser in as the person of this identity.
pub(super) async fn enter(
    state: &AppState,
    session: &Session,
    headers: &HeaderMap,
    identity: &VerifiedIdentity,
) -> Result<UserId, Failed> {
    let AppState { db, clock, entropy, registration, .. } = state;
    let user = identity::sign_in_with(db, &**clock, entropy, registration, identity).await?;
    remember(state, session, headers, user).await?;
    Ok(user)
}

/// Where whoever has come in goes first: the questions stand before the tip, and a page that has begun could lead
/// nobody to them.
pub(super) async fn first_page(
    state: &AppState,
    user: UserId,
    path: &str,
) -> Result<Redirect, Failed> {
    let profile = profile::profile(&state.db, user).await.map_err(Failed::internal)?;
    let is_asked = path != "/" || profile.consents.are_decided();
    Ok(Redirect::to(if is_asked { path } else { "/consents" }))
}

async fn remember(
    state: &AppState,
    session: &Session,
    headers: &HeaderMap,
    user: UserId,
) -> Result<(), Failed> {
    Ok(session::sign_in(session, user, state.clock.now(), user_agent(headers)).await?)
}

/// What a browser calls itself; nothing, where it does not say.
pub(super) fn user_agent(headers: &HeaderMap) -> &str {
    headers.get(USER_AGENT).and_then(|it| it.to_str().ok()).unwrap_or_default()
}

/// Adds a way in, and tells what came of it.
pub(super) async fn add(
    state: &AppState,
    user: UserId,
    identity: &VerifiedIdentity,
) -> Result<Redirect, Failed> {
    let AppState { db, clock, entropy, .. } = state;
    Ok(back(match identity::link(db, &**clock, entropy, user, identity).await? {
        Linking::Linked => Saved::Linked,
        Linking::Taken => Saved::Taken,
    }))
}

/// Into the demo's account.
pub(super) async fn look_around(
    State(state): State<AppState>,
    session: Session,
    headers: HeaderMap,
) -> Result<Redirect, Failed> {
    let todoist = state.demo.as_ref().ok_or(Failed::NOT_FOUND)?;
    let user = identity::demo_user(&state.db, &*state.clock, &state.entropy).await?;
    // After somebody has left for good, it is a new one.
    let connection = state.integrations.connection(user).await.map_err(Failed::internal)?;
    if connection == Connection::None {
        demo::connect(&state, todoist, user).await.map_err(Failed::internal)?;
    }
    remember(&state, &session, &headers, user).await?;
    Ok(Redirect::to("/"))
}

/// What a browser leaves with: where it takes pushes, if it does.
#[derive(Default, Deserialize)]
pub(super) struct Leaving {
    #[serde(default)]
    endpoint: String,
}

/// Out; and nobody is spoken to on this browser any more.
pub(super) async fn out(
    State(state): State<AppState>,
    visitor: Option<Visitor>,
    session: Session,
    leaving: Result<Form<Leaving>, FormRejection>,
) -> Result<Redirect, Failed> {
    if let Some(Visitor(user)) = visitor {
        let here = state.sessions.current(user, &session).await.map_err(Failed::internal)?;
        if let Some(here) = here {
            state.notifier.leave_session(user, here).await.map_err(Failed::internal)?;
        }
    }
    session::sign_out(&session).await?;
    let endpoint = leaving.map(|Form(Leaving { endpoint })| endpoint).unwrap_or_default();
    if let Some(Visitor(user)) = visitor.filter(|_| !endpoint.is_empty()) {
        state.notifier.leave(user, &endpoint).await.map_err(Failed::internal)?;
    }
    Ok(Redirect::to("/"))
}

/// Counts a try at `what`, of whoever is at the address, and of the person where there is one.
pub(super) async fn count(
    state: &AppState,
    what: &str,
    client: Client,
    user: Option<UserId>,
) -> Result<(), Failed> {
    state.attempts.count(what, Who::Address(client.network())).await?;
    if let Some(user) = user {
        state.attempts.count(what, Who::Person(user)).await?;
    }
    Ok(())
}

/// The ways in, in the order of their buttons.
pub(super) fn doors(state: &AppState) -> Vec<Door> {
    let door = |key: &str, label: &str| Door { key: key.to_owned(), label: label.to_owned() };
    let providers = state.providers.iter().map(|it| door(it.key(), it.label()));
    // In the demo, Todoist is a double in which nobody has an account.
    let with_todoist = state.can_connect && state.demo.is_none();
    providers.chain(with_todoist.then(|| door(TODOIST, "Todoist"))).collect()
}

fn provider<'s>(state: &'s AppState, key: &str) -> Result<&'s Provider, Failed> {
    state.providers.iter().find(|provider| provider.key() == key).ok_or(Failed::NOT_FOUND)
}

#[cfg(test)]
mod tests;
