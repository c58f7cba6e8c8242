//! What oO keeps of a person: for how long, a copy of it, and the end of it.

use std::time::Duration;

use ::privacy::ExportError;
use app::{
    pages::{Page, erase::WORD},
    types::Saved,
};
use auth::{
    attempts::{Limit, Who},
    session,
};
use axum::{
    Form,
    body::Body,
    extract::{Query, State},
    http::{
        HeaderMap,
        header::{CONTENT_DISPOSITION, CONTENT_TYPE, SET_COOKIE},
    },
    response::{IntoResponse, Redirect, Response},
};
use chrono::TimeDelta;
use futures::TryStreamExt;
use kernel::log_failure;
use profile::KeepHistory;
use serde::Deserialize;
use tower_sessions::Session;

use super::{
    answer::show,
    error::Failed,
    settings::{back, came_of},
    visitor::Visitor,
};
use crate::{AppState, http::guard};

/// How many exports a person gets: each reads all that is theirs.
const EXPORTS: Limit = Limit { most: 6, within: TimeDelta::hours(1) };

/// When to ask for an export again while there are too many at once.
const BUSY: Duration = Duration::from_secs(30);

/// A length of time, in days; none: no end.
#[derive(Debug, Deserialize)]
pub(super) struct Length {
    days: String,
}

/// A word, written.
#[derive(Debug, Deserialize)]
pub(super) struct Written {
    word: String,
}

/// What the last form came back with.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Told {
    notice: Option<String>,
}

/// For how long history is kept.
pub(super) async fn keep_history(
    State(state): State<AppState>,
    Visitor(user): Visitor,
    Form(Length { days }): Form<Length>,
) -> Redirect {
    let keep = match days.as_str() {
        "" => Some(KeepHistory::NoEnd),
        days => days.parse().ok().and_then(|days| KeepHistory::from_days(Some(days))),
    };
    let Some(keep) = keep else { return back(Saved::Failed) };
    came_of(profile::keep_history(&state.db, user, keep, state.clock.now()).await)
}

/// Everything, as a file that is written while it is read. What goes wrong in its middle cuts it off.
pub(super) async fn export(
    State(state): State<AppState>,
    Visitor(user): Visitor,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    // A link elsewhere is not to use up a person's turns.
    if guard::by_fetch_metadata(&headers) == Some(false) {
        return Err(Failed::REFUSED);
    }
    let export = state.privacy.export(user).await.map_err(|error| match error {
        ExportError::Busy => Failed::too_often(BUSY),
        error => Failed::internal(error),
    })?;
    state.attempts.count_to("export", Who::Person(user), EXPORTS).await?;
    let name = format!("oo-export-{}.json", state.clock.now().date_naive());
    let headers = [
        (CONTENT_TYPE, "application/json".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    let body = Body::from_stream(export.inspect_err(|error| log_failure(error)));
    Ok((headers, body).into_response())
}

/// What an erasure means.
pub(super) async fn ask(
    State(state): State<AppState>,
    Visitor(_): Visitor,
    Query(told): Query<Told>,
) -> Response {
    let again = told.notice.as_deref() == Some("word");
    show(&state, Page::Erase { again })
}

/// Everything goes, if that was the word.
pub(super) async fn erase(
    State(state): State<AppState>,
    Visitor(user): Visitor,
    session: Session,
    Form(Written { word }): Form<Written>,
) -> Result<Response, Failed> {
    if !word.trim().eq_ignore_ascii_case(WORD) {
        return Ok(Redirect::to("/settings/erase?notice=word").into_response());
    }
    state.privacy.erase(user).await.map_err(Failed::internal)?;
    // It has ended already; the browser forgets its cookies.
    session::sign_out(&session).await?;
    Ok(([(SET_COOKIE, app::keys::cookie(true))], show(&state, Page::Erased)).into_response())
}
