//! What leads to a person's account: their ways in, and the devices on which they are signed in.

use app::types::{Access, Device, Saved, WayIn};
use auth::identity::{self, Unlinking};
use axum::{Form, extract::State, response::Redirect};
use kernel::{TimeZone, Timestamp, UserId};
use serde::Deserialize;
use tower_sessions::Session;
use uuid::Uuid;

use super::{error::Failed, settings::back, sign_in::doors, visitor::Visitor};
use crate::AppState;

/// Something of the person's own, by its handle.
#[derive(Deserialize)]
pub(super) struct Handle {
    pub(super) id: Uuid,
}

/// What the settings show of it.
pub(super) async fn of(
    state: &AppState,
    user: UserId,
    session: &Session,
    zone: &TimeZone,
) -> Result<Access, Failed> {
    Ok(Access {
        ways_in: ways_in(state, user).await?,
        doors: doors(state),
        devices: devices(state, user, session, zone).await?,
        is_owner: identity::is_owner(&state.db, user).await?,
    })
}

/// The ways in that `user` has.
async fn ways_in(state: &AppState, user: UserId) -> Result<Vec<WayIn>, Failed> {
    let linked = identity::linked(&state.db, user).await?;
    let of = |linked: identity::Linked| WayIn {
        id: linked.id.to_string(),
        name: name(state, &linked.issuer),
        hint: linked.hint,
    };
    Ok(linked.into_iter().map(of).collect())
}

/// What an issuer is called; one that is configured no more, by its address.
fn name(state: &AppState, issuer: &str) -> String {
    let provider = state.providers.iter().find(|provider| provider.issuer() == issuer);
    match provider {
        Some(provider) => provider.label().to_owned(),
        None if issuer == integrations::ISSUER => "Todoist".to_owned(),
        None => issuer.trim_start_matches("https://").to_owned(),
    }
}

/// The devices on which `user` is signed in.
async fn devices(
    state: &AppState,
    user: UserId,
    session: &Session,
    zone: &TimeZone,
) -> Result<Vec<Device>, Failed> {
    let now = state.clock.now();
    let devices = state.sessions.devices(user, session).await.map_err(Failed::internal)?;
    let of = |device: auth::session::Device| Device {
        id: device.id.to_string(),
        name: device.name,
        used: used(device.last_seen_at, now, zone),
        is_current: device.is_current,
    };
    Ok(devices.into_iter().map(of).collect())
}

/// When something was used last, in the days of its person.
pub(super) fn used(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    match zone.days_between(at, now) {
        ..=0 => "used today".to_owned(),
        1 => "used yesterday".to_owned(),
        days => format!("used {days} days ago"),
    }
}

/// Takes a way in away.
pub(super) async fn unlink(
    State(state): State<AppState>,
    Visitor(user): Visitor,
    Form(Handle { id }): Form<Handle>,
) -> Result<Redirect, Failed> {
    match identity::unlink(&state.db, user, id).await? {
        Unlinking::Unlinked => Ok(back(Saved::Saved)),
        Unlinking::Last => Ok(back(Saved::LastWayIn)),
        Unlinking::Unknown => Err(Failed::NOT_FOUND),
    }
}

/// Signs one device out.
pub(super) async fn sign_out_device(
    State(state): State<AppState>,
    Visitor(user): Visitor,
    Form(Handle { id }): Form<Handle>,
) -> Result<Redirect, Failed> {
    let ended = state.sessions.end(user, id).await.map_err(Failed::internal)?;
    state.notifier.leave_session(user, id).await.map_err(Failed::internal)?;
    if ended { Ok(back(Saved::SignedOut)) } else { Err(Failed::NOT_FOUND) }
}

/// Signs the person out everywhere, here too.
pub(super) async fn sign_out_everywhere(
    State(state): State<AppState>,
    Visitor(user): Visitor,
) -> Result<Redirect, Failed> {
    state.sessions.end_all(user).await.map_err(Failed::internal)?;
    state.notifier.leave_all(user).await.map_err(Failed::internal)?;
    Ok(Redirect::to("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_the_persons_own() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a moment");
        let zone: TimeZone = "Pacific/Auckland".parse().expect("a zone");
        let now = at("2026-11-23T12:00:00Z"); // one in the night of the 24th there
        for (last, expected) in [
            ("2026-11-23T12:00:00Z", "used today"),
            ("2026-11-23T11:00:00Z", "used today"),
            ("2026-11-23T10:59:59Z", "used yesterday"),
            ("2026-11-13T12:00:00Z", "used 10 days ago"),
        ] {
            assert_eq!(used(at(last), now, &zone), expected);
        }
    }
}
