//! The HTTP API.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use kernel::log_failure;
use recommender::{Scene, TipKind};
use serde::Serialize;

use super::visitor::Visitor;
use crate::AppState;

/// The answer to a request for a tip; `tip` is null when there is none at the moment.
#[derive(Debug, Serialize)]
struct Recommendation {
    tip: Option<Tip>,
}

/// One tip.
#[derive(Debug, Serialize)]
struct Tip {
    id: String,
    kind: &'static str,
    text: String,
    context: String,
    reasons: Vec<String>,
}

/// `POST /api/v1/recommend`: the tip that the page shows, through the same path.
pub(super) async fn recommend(
    State(state): State<AppState>,
    visitor: Option<Visitor>,
) -> Result<Response, StatusCode> {
    let Visitor(user) = visitor.ok_or(StatusCode::UNAUTHORIZED)?;
    let look = state.recommender.look(user).await.map_err(|error| {
        log_failure(&error);
        StatusCode::INTERNAL_SERVER_ERROR
    })?;
    let tip = match look.scene {
        Scene::Tip(tip) => Some(Tip {
            id: tip.id.to_string(),
            kind: match tip.kind {
                TipKind::Todo => "todo",
                TipKind::Advice => "advice",
            },
            text: tip.text,
            context: tip.context,
            reasons: tip.reasons,
        }),
        Scene::NotConnected | Scene::Loading | Scene::Nothing | Scene::Trouble(_) => None,
    };
    Ok(Json(Recommendation { tip }).into_response())
}
