//! `/settings`: each form saves one thing, at once, and comes back.

use app::{
    pages::Page,
    types::{Connection, Saved, Settings},
};
use axum::{
    Form,
    extract::{Query, State},
    http::{HeaderMap, header::SET_COOKIE},
    response::{IntoResponse, Redirect, Response},
};
use integrations::Access;
use kernel::{TimeZone, log_failure};
use serde::Deserialize;
use tower_sessions::Session;

use super::{
    access, answer::show, calendar, consents, error::Failed, hours, mail, notices, tokens,
    visitor::Visitor,
};
use crate::AppState;

/// What the last form came back with.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Told {
    notice: Option<String>,
}

/// A switch, turned.
#[derive(Debug, Deserialize)]
pub(super) struct Switch {
    on: bool,
}

/// A time zone, written.
#[derive(Debug, Deserialize)]
pub(super) struct Zone {
    zone: String,
}

/// The page.
pub(super) async fn page(
    State(state): State<AppState>,
    Visitor(user): Visitor,
    session: Session,
    Query(told): Query<Told>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let profile = profile::profile(&state.db, user).await.map_err(Failed::internal)?;
    let connection = state.integrations.connection(user).await.map_err(Failed::internal)?;
    let settings = Settings {
        todoist: match connection {
            integrations::Connection::None if !state.can_connect => Connection::Impossible,
            integrations::Connection::None => Connection::None,
            integrations::Connection::Active(Access::Read) => Connection::Read,
            integrations::Connection::Active(Access::ReadWrite) => Connection::ReadWrite,
            integrations::Connection::Broken => Connection::Broken,
        },
        calendar: calendar::of(&state, user).await?,
        consents: consents::of(&profile),
        hours: hours::spoken(profile.hours),
        snooze_times: hours::snoozed(profile.snooze_times),
        notices: notices::of(&state, user, &profile).await?,
        letters: mail::of(&state, user, &profile).await?,
        keys: app::keys::are_on(&headers),
        time_zone: profile.time_zone.name().to_owned(),
        time_zone_chosen: profile.time_zone_chosen,
        history_days: profile.keep_history.days(),
        access: access::of(&state, user, &session, &profile.time_zone).await?,
        tokens: tokens::of(&state, user, &profile.time_zone).await?,
        token_form: tokens::form(),
    };
    let saved = told.notice.as_deref().and_then(Saved::from_code);
    Ok(show(&state, Page::Settings { settings: Box::new(settings), saved }))
}

/// Whether single keys act on this device.
pub(super) async fn keys(Visitor(_): Visitor, Form(Switch { on }): Form<Switch>) -> Response {
    ([(SET_COOKIE, app::keys::cookie(on))], back(Saved::Saved)).into_response()
}

/// The person's time zone; an empty one leaves it to their devices.
pub(super) async fn time_zone(
    State(state): State<AppState>,
    Visitor(user): Visitor,
    Form(Zone { zone }): Form<Zone>,
) -> Redirect {
    let zone = match zone.trim() {
        "" => None,
        name => match name.parse::<TimeZone>() {
            Ok(zone) => Some(zone),
            Err(_) => return back(Saved::UnknownZone),
        },
    };
    came_of(state.choose_time_zone(user, zone.as_ref()).await)
}

/// Back to the settings, with what came of it.
pub(super) fn came_of<E: std::error::Error>(result: Result<(), E>) -> Redirect {
    match result {
        Ok(()) => back(Saved::Saved),
        Err(error) => {
            log_failure(&error);
            back(Saved::Failed)
        }
    }
}

pub(super) fn back(saved: Saved) -> Redirect {
    Redirect::to(&format!("/settings?notice={}", saved.code()))
}
