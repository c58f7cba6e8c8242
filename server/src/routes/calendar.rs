//! `/settings/calendar`: the calendar that a person has pasted the address of.

use app::types::{Calendar, CalendarTrouble, Saved};
use axum::{Extension, Form, extract::State, response::Redirect};
use integrations::{CalendarError, CalendarLink};
use kernel::{UserId, log_failure};
use serde::Deserialize;

use super::{
    error::Failed,
    settings::{back, came_of},
    sign_in,
    visitor::Visitor,
};
use crate::{AppState, http::client::Client};

/// What was pasted. It is a secret, and not printed.
#[derive(Deserialize)]
pub(super) struct Pasted {
    address: String,
}

/// What the settings show of it. Without a vault that lasts, nothing can be connected.
pub(super) async fn of(state: &AppState, user: UserId) -> Result<Calendar, Failed> {
    if !state.can_connect {
        return Ok(Calendar::Impossible);
    }
    let link = state.integrations.calendar(user).await.map_err(Failed::internal)?;
    Ok(match link {
        CalendarLink::None => Calendar::None,
        CalendarLink::Active { host } => Calendar::Active(host),
        CalendarLink::Broken { host } => Calendar::Broken(host),
    })
}

/// Reads it once, and connects it if that goes well.
pub(super) async fn connect(
    State(state): State<AppState>,
    Visitor(user): Visitor,
    Extension(client): Extension<Client>,
    Form(Pasted { address }): Form<Pasted>,
) -> Result<Redirect, Failed> {
    if !state.can_connect {
        return Err(Failed::NOT_FOUND);
    }
    // Each asks somebody else for something.
    sign_in::count(&state, "calendar", client, Some(user)).await?;
    Ok(match state.integrations.connect_calendar(user, &address).await {
        Ok(()) => back(Saved::Saved),
        Err(error) => back(told(&error)),
    })
}

/// Forgets it.
pub(super) async fn disconnect(State(state): State<AppState>, Visitor(user): Visitor) -> Redirect {
    came_of(state.integrations.disconnect_calendar(user).await)
}

fn told(error: &CalendarError) -> Saved {
    Saved::NoCalendar(match error {
        CalendarError::NotAnAddress => CalendarTrouble::NotAnAddress,
        CalendarError::NotAllowed => CalendarTrouble::NotAllowed,
        CalendarError::Unreachable => CalendarTrouble::Unreachable,
        CalendarError::NotThere => CalendarTrouble::NotThere,
        CalendarError::NotACalendar => CalendarTrouble::NotACalendar,
        CalendarError::TooLarge => CalendarTrouble::TooLarge,
        CalendarError::Internal(error) => {
            log_failure(error);
            return Saved::Failed;
        }
    })
}
