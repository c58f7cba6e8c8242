//! What oO may do: asked once before the first tip, and changed in the settings.

use std::collections::HashMap;

use app::{
    pages::Page,
    types::{Consent as Shown, Saved},
};
use axum::{
    Form,
    extract::State,
    response::{Redirect, Response},
};
use kernel::{TimeZone, Timestamp};
use profile::{Consent, Profile};
use serde::Deserialize;

use super::{
    answer::show,
    error::Failed,
    settings::{back, came_of},
    visitor::Visitor,
};
use crate::AppState;

/// A consent, given or withdrawn.
#[derive(Debug, Deserialize)]
pub(super) struct Answer {
    consent: String,
    on: bool,
}

/// What a page shows of it.
pub(super) fn of(profile: &Profile) -> Vec<Shown> {
    let of = |consent: Consent| {
        let decision = profile.consents.current(consent);
        Shown {
            name: consent.name().to_owned(),
            given: decision.is_some_and(|decision| decision.given),
            since: decision.map_or_else(String::new, |it| day(&profile.time_zone, it.at)),
        }
    };
    Consent::ALL.map(of).into()
}

fn day(zone: &TimeZone, at: Timestamp) -> String {
    zone.local(at).strftime("%-d %B %Y").to_string()
}

/// All questions at once.
pub(super) async fn page(
    State(state): State<AppState>,
    Visitor(user): Visitor,
) -> Result<Response, Failed> {
    let profile = profile::profile(&state.db, user).await.map_err(Failed::internal)?;
    Ok(show(&state, Page::Consents(of(&profile))))
}

/// All answers at once: what was not allowed is not.
pub(super) async fn decide(
    State(state): State<AppState>,
    Visitor(user): Visitor,
    Form(given): Form<HashMap<String, String>>,
) -> Result<Redirect, Failed> {
    let answers = Consent::ALL.map(|consent| (consent, given.contains_key(consent.name())));
    state.consent(user, &answers).await.map_err(Failed::internal)?;
    Ok(Redirect::to("/"))
}

/// One answer, changed.
pub(super) async fn change(
    State(state): State<AppState>,
    Visitor(user): Visitor,
    Form(Answer { consent, on }): Form<Answer>,
) -> Redirect {
    match Consent::named(&consent) {
        Some(consent) => came_of(state.consent(user, &[(consent, on)]).await),
        None => back(Saved::Failed),
    }
}
