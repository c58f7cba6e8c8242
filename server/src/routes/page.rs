//! `/`: the one page. Where the tip is not there at once, what stands above it is sent meanwhile: the browser paints
//! that, and loads what the page needs.

use std::{future::Future, panic::AssertUnwindSafe, time::Duration};

use app::{
    backend::{self, Person},
    pages::Page,
    types::{Failure, Mishap, Notice, Scene, SignInOptions, Stage},
};
use axum::{
    Extension,
    extract::{Query, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use futures::FutureExt;
use serde::Deserialize;
use tokio::time::timeout;
use tracing::Instrument;

use super::{
    answer::{begin, show},
    error::Failed,
    sign_in,
    visitor::Visitor,
};
use crate::{AppState, http::shed::Place};

/// What a form without scripts comes back with.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Told {
    notice: Option<String>,
}

/// What the page shows, and the time zone that its tip was chosen for.
type Shown = (Stage, Option<String>);

/// The tip, or the way in.
pub(super) async fn tip(
    State(state): State<AppState>,
    visitor: Option<Visitor>,
    Query(told): Query<Told>,
    headers: HeaderMap,
    Extension(place): Extension<Place>,
) -> Result<Response, Failed> {
    let Some(Visitor(user)) = visitor else {
        let options = SignInOptions { demo: state.demo.is_some(), doors: sign_in::doors(&state) };
        return Ok(show(&state, Page::SignedOut(options)));
    };
    state.notifier.note_here(user);
    let told = told.notice.as_deref().and_then(Notice::from_code);
    let keys = app::keys::are_on(&headers);
    let page = move |(shown, zone): Shown| {
        let notice = told.or(shown.notice);
        Page::Stage { stage: Stage { notice, ..shown }, keys, zone, person: user.to_string() }
    };

    let mut look = Box::pin(backend::page(Person { user, house: state.house() }));
    let Ok(shown) = timeout(state.patience.tip, look.as_mut()).await else {
        let rest = async move {
            let shown = at_last(look, state.patience.answer).await;
            drop(place);
            tracing::debug!("the tip has followed");
            page(shown)
        };
        return Ok(begin(&state, Page::Begun { keys }, rest.in_current_span()));
    };
    let shown = shown.map_err(|_logged| Failed::INTERNAL)?;
    if shown.0.scene == Scene::Unasked {
        return Ok(Redirect::to("/consents").into_response());
    }
    Ok(show(&state, page(shown)))
}

/// What a page shows that has begun: it can no longer be another one, and is not to be cut. `look` gets `patience`.
async fn at_last(look: impl Future<Output = Result<Shown, Failure>>, patience: Duration) -> Shown {
    let mishap = match timeout(patience, AssertUnwindSafe(look).catch_unwind()).await {
        Ok(Ok(Ok(shown))) => return shown,
        Ok(_logged) => Mishap::Internal,
        Err(_elapsed) => Mishap::Unavailable,
    };
    (Stage { scene: Scene::Mishap(mishap), just_done: None, notice: None }, None)
}

/// Everything that is not there.
pub(super) async fn not_found() -> Failed {
    Failed::NOT_FOUND
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;

    #[tokio::test]
    async fn a_page_that_has_begun_always_ends() {
        let wait = Duration::from_millis(1);
        let broken = at_last(ready(Err(Failure::Internal)), wait).await.0;
        assert_eq!(broken.scene, Scene::Mishap(Mishap::Internal));
        let panicked = at_last(async { panic!("a bug") }, wait).await.0;
        assert_eq!(panicked.scene, Scene::Mishap(Mishap::Internal));
        let late = at_last(pending(), wait).await.0;
        assert_eq!(late.scene, Scene::Mishap(Mishap::Unavailable));
    }
}
