//! The tip: the one that is open, and the one that is to be.

use auth::token::Scope;
use axum::{Json, extract::State};
use recommender::{Scene, TipKind, Trouble};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{caller::Caller, problem::Problem};
use crate::AppState;

/// A tip, or none.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Recommendation {
    /// Null when there is none at the moment.
    #[schema(required)]
    tip: Option<Tip>,
}

/// One tip.
#[derive(Debug, Serialize, ToSchema)]
struct Tip {
    /// What an answer names it by.
    id: Uuid,
    /// Where it comes from.
    kind: Kind,
    /// The sentence.
    text: String,
    /// The quiet line below it, such as "due yesterday · 10 min"; may be empty.
    context: String,
    /// Why this one, in sentences.
    reasons: Vec<String>,
}

/// Where a tip comes from.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TipKind)]
enum Kind {
    /// A task of the person's own.
    Todo,
    /// A piece of advice.
    Advice,
}

impl From<Scene> for Recommendation {
    fn from(scene: Scene) -> Self {
        let Scene::Tip(tip) = scene else { return Self { tip: None } };
        let kind = match tip.kind {
            TipKind::Todo => Kind::Todo,
            TipKind::Advice => Kind::Advice,
        };
        let recommender::Tip { id, text, context, reasons, .. } = tip;
        Self { tip: Some(Tip { id, kind, text, context, reasons }) }
    }
}

/// The tip that is open.
///
/// Nothing is decided: without an open tip, the answer is null.
#[utoipa::path(
    get,
    path = "/api/v1/tip",
    operation_id = "tip",
    security(("token" = ["tip:read"])),
    responses((status = 200, description = "The open tip, or null.", body = Recommendation)),
)]
pub(crate) async fn open(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<Json<Recommendation>, Problem> {
    let user = caller.with(Scope::TipRead)?;
    match state.recommender.peek(user).await.map_err(Problem::internal)? {
        // Asking again does not help before its person has connected again.
        Scene::Trouble(Trouble::Reconnect) => Ok(Json(Recommendation { tip: None })),
        Scene::Loading | Scene::Trouble(_) => Err(Problem::unreadable()),
        scene => Ok(Json(scene.into())),
    }
}

/// The tip that the page shows.
///
/// An open tip stays; without one, the next is decided and opened. The answer is null when there is nothing to say,
/// when nothing is connected, and while the tasks cannot be read.
#[utoipa::path(
    post,
    path = "/api/v1/recommend",
    operation_id = "recommend",
    security(("token" = ["tip:write"])),
    responses((status = 200, description = "The tip, or null.", body = Recommendation)),
)]
pub(crate) async fn recommend(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<Json<Recommendation>, Problem> {
    let user = caller.with(Scope::TipWrite)?;
    let look = state.recommender.look(user).await.map_err(Problem::internal)?;
    Ok(Json(look.scene.into()))
}
