//! Todoist: connecting it, letting it go, and signing in with it.

use app::{headers::cookie, types::DoorTrouble};
use auth::{
    flow::{self, ReturnPath},
    identity::VerifiedIdentity,
};
use axum::{
    Extension,
    extract::{Query, State},
    http::{HeaderMap, header::SET_COOKIE},
    response::{IntoResponse, Redirect, Response},
};
use integrations::{Access, Account, Callback, Redeemed};
use kernel::UserId;
use secrecy::ExposeSecret;
use serde::Deserialize;
use tower_sessions::Session;
use url::Url;

use super::{error::Failed, settings::came_of, sign_in, visitor::Visitor};
use crate::{AppState, http::client::Client};

/// The purposes of a visit to Todoist. What was asked for has to be known when the browser is back, since
/// Todoist need not say what it granted.
const READ: &str = "todoist-read";
const WRITE: &str = "todoist-write";
/// To sign in and connect in one step, or to link one more way in.
pub(super) const SIGN_IN: &str = "sign-in:todoist";

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
    let purpose = if wanted.access.as_deref() == Some("read") { READ } else { WRITE };
    leave(&state, purpose, Some(user), client, &headers).await
}

/// Sends the browser to Todoist; `user` is nobody for a sign-in.
pub(super) async fn leave(
    state: &AppState,
    purpose: &str,
    user: Option<UserId>,
    client: Client,
    headers: &HeaderMap,
) -> Result<Response, Failed> {
    if !state.can_connect {
        return Err(Failed::NOT_FOUND);
    }
    sign_in::count(state, "connection", client, user).await?;
    let browser = cookie(headers, flow::COOKIE);
    let begun = state.flows.begin(purpose, user, ReturnPath::default(), browser).await?;
    let secret = begun.state.expose_secret();
    let (redirect, access) = (redirect(state)?, access(purpose));
    let url = state.integrations.authorize_url(&redirect, secret, access, &begun.pkce_verifier);
    Ok(([(SET_COOKIE, begun.cookie.set_cookie())], Redirect::to(url.as_str())).into_response())
}

/// The browser comes back from Todoist.
pub(super) async fn finish(
    State(state): State<AppState>,
    visitor: Option<Visitor>,
    session: Session,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
    Query(back): Query<Return>,
) -> Result<Redirect, Failed> {
    let visitor = visitor.map(|Visitor(user)| user);
    sign_in::count(&state, "connection return", client, visitor).await?;
    if back.error.as_deref() == Some("access_denied") {
        return Err(Failed::connect(DoorTrouble::Cancelled));
    }
    let (Some(code), Some(given)) = (back.code, back.state) else {
        return Err(Failed::connect(DoorTrouble::Provider));
    };
    let expired = || Failed::connect(DoorTrouble::Expired);
    let browser = cookie(&headers, flow::COOKIE).ok_or_else(expired)?;
    let flow = state.flows.finish(&[READ, WRITE, SIGN_IN], &given, browser).await?;
    let flow = flow.ok_or_else(expired)?;
    // Whoever has begun it as a person must still be that person.
    let user = visitor.filter(|user| flow.user == Some(*user));
    if flow.user != user {
        return Err(expired());
    }

    let (redirect, access) = (redirect(&state)?, access(&flow.purpose));
    let callback =
        Callback { code: &code, redirect: &redirect, verifier: &flow.pkce_verifier, access };
    let redeemed = state.integrations.redeem(callback).await?;
    match user {
        Some(user) if flow.purpose == SIGN_IN => {
            sign_in::add(&state, user, &identity(redeemed.account.as_ref())?).await
        }
        Some(user) => {
            keep(&state, user, redeemed).await?;
            Ok(Redirect::to(flow.return_path.as_str()))
        }
        None => {
            let identity = identity(redeemed.account.as_ref())?;
            let user = sign_in::enter(&state, &session, &headers, &identity).await?;
            keep(&state, user, redeemed).await?;
            sign_in::first_page(&state, user, flow.return_path.as_str()).await
        }
    }
}

/// Connects what came back.
async fn keep(state: &AppState, user: UserId, redeemed: Redeemed) -> Result<(), Failed> {
    let Redeemed { tokens, account } = redeemed;
    state.integrations.connect_with_tokens(user, tokens).await.map_err(Failed::internal)?;
    state.recommender.connected(user).await.map_err(Failed::internal)?;
    if let Some(zone) = account.and_then(|account| account.time_zone) {
        profile::observe_time_zone(&state.db, user, &zone, state.clock.now())
            .await
            .map_err(Failed::internal)?;
    }
    Ok(())
}

/// Who it is. Whether Todoist has verified the address is not told.
fn identity(account: Option<&Account>) -> Result<VerifiedIdentity, Failed> {
    let account = account.ok_or_else(|| Failed::sign_in(DoorTrouble::Unreachable))?;
    let identity = VerifiedIdentity::new(integrations::ISSUER, &account.id)?;
    Ok(identity.hinted(&account.email))
}

/// Forgets Todoist, and what was open because of it.
pub(super) async fn disconnect(State(state): State<AppState>, Visitor(user): Visitor) -> Redirect {
    if let Err(error) = state.integrations.disconnect(user).await {
        return came_of(Err(error));
    }
    came_of(state.recommender.disconnected(user).await)
}

fn access(purpose: &str) -> Access {
    if purpose == READ { Access::Read } else { Access::ReadWrite }
}

fn redirect(state: &AppState) -> Result<Url, Failed> {
    state.base_url.join("/connect/todoist/return").map_err(Failed::internal)
}
