//! `/settings/push`: the browsers on which oO speaks up.

use app::types::{Noticed, Notices, Saved, Thought};
use auth::session;
use axum::{
    Form,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Redirect,
};
use kernel::{UserId, log_failure};
use notifier::{Browser, Device, Entry, SubscribeError, Trial};
use profile::{Consent, Profile};
use serde::Deserialize;
use tower_sessions::Session;

use super::{
    access::{Handle, used},
    error::Failed,
    settings::back,
    sign_in::user_agent,
    visitor::Visitor,
};
use crate::AppState;

/// So many thoughts are shown.
const THOUGHTS: u16 = 12;

/// What a browser hands out (Push API, `PushSubscription.toJSON()`).
#[derive(Deserialize)]
pub(super) struct Subscription {
    endpoint: String,
    p256dh: String,
    auth: String,
}

/// Of what a browser hands out, the address.
#[derive(Deserialize)]
pub(super) struct Address {
    endpoint: String,
}

/// What the settings show of it.
pub(super) async fn of(
    state: &AppState,
    user: UserId,
    profile: &Profile,
) -> Result<Notices, Failed> {
    let (now, zone) = (state.clock.now(), &profile.time_zone);
    let notifier = &state.notifier;
    let devices = notifier.devices(user).await.map_err(Failed::internal)?;
    let thoughts = notifier.recent(user, THOUGHTS).await.map_err(Failed::internal)?;
    let noticed = |device: Device| Noticed {
        id: device.id.to_string(),
        name: device.name,
        used: used(device.seen_at, now, zone),
    };
    let thought = |Entry { at, verdict }| Thought {
        at: zone.local(at).strftime("%A, %H:%M").to_string(),
        verdict: verdict.as_str(),
    };
    Ok(Notices {
        public_key: notifier.public_key().map(str::to_owned),
        is_allowed: profile.consents.allow(Consent::Notify),
        devices: devices.into_iter().map(noticed).collect(),
        thoughts: thoughts.into_iter().map(thought).collect(),
    })
}

/// Signs the browser up that asks.
pub(super) async fn subscribe(
    State(state): State<AppState>,
    Visitor(user): Visitor,
    session: Session,
    headers: HeaderMap,
    Form(Subscription { endpoint, p256dh, auth }): Form<Subscription>,
) -> Result<Redirect, Failed> {
    let name = session::device_name(user_agent(&headers));
    let browser = Browser {
        endpoint: &endpoint,
        p256dh: &p256dh,
        auth: &auth,
        name: &name,
        session: state.sessions.current(user, &session).await.map_err(Failed::internal)?,
    };
    Ok(back(match state.notifier.subscribe(user, browser).await {
        Ok(()) => Saved::Saved,
        Err(SubscribeError::TooMany) => Saved::TooManyDevices,
        Err(SubscribeError::Off | SubscribeError::Malformed(_)) => Saved::NoSubscription,
        Err(SubscribeError::Internal(error)) => {
            log_failure(&error);
            Saved::Failed
        }
    }))
}

/// A sign of life of a browser that was signed up; 410 (Gone) where it is not, or no more.
pub(super) async fn still_there(
    State(state): State<AppState>,
    Visitor(user): Visitor,
    session: Session,
    Form(Address { endpoint }): Form<Address>,
) -> Result<StatusCode, Failed> {
    let session = state.sessions.current(user, &session).await.map_err(Failed::internal)?;
    let is_there = state.notifier.still_there(user, &endpoint, session).await;
    let is_there = is_there.map_err(Failed::internal)?;
    Ok(if is_there { StatusCode::NO_CONTENT } else { StatusCode::GONE })
}

/// Ends that a browser is spoken to.
pub(super) async fn remove(
    State(state): State<AppState>,
    Visitor(user): Visitor,
    Form(Handle { id }): Form<Handle>,
) -> Result<Redirect, Failed> {
    let was_there = state.notifier.unsubscribe(user, id).await.map_err(Failed::internal)?;
    if was_there { Ok(back(Saved::Saved)) } else { Err(Failed::NOT_FOUND) }
}

/// Sends a word to a browser at once, to see whether it comes.
pub(super) async fn test(
    State(state): State<AppState>,
    Visitor(user): Visitor,
    Form(Handle { id }): Form<Handle>,
) -> Result<Redirect, Failed> {
    let trial = state.notifier.try_out(user, id).await.map_err(Failed::internal)?;
    Ok(back(match trial {
        Trial::Sent => Saved::PushSent,
        Trial::Unknown => return Err(Failed::NOT_FOUND),
        Trial::Gone => Saved::PushGone,
        Trial::Later => Saved::PushLater,
    }))
}
