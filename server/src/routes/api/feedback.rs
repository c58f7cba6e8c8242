//! The answer to a tip.

use auth::token::Scope;
use axum::{
    Json,
    extract::{State, rejection::JsonRejection},
};
use recommender::Answer;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    caller::Caller,
    problem::{MEDIA_TYPE, Problem, Told},
    tip::Recommendation,
};
use crate::AppState;

/// An answer to a tip.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Feedback {
    /// The tip that is answered.
    tip_id: Uuid,
    /// The answer.
    reaction: Reaction,
    /// How long it sleeps, when it is snoozed: `later`, unless it is said. Else it does not count.
    #[serde(default)]
    snooze: Option<Snooze>,
    /// Made anew for each answer, and kept when the same one is sent again: the same key counts once.
    idempotency_key: Uuid,
}

/// How a tip is answered.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Reaction {
    /// It is done. A task is closed in Todoist too, where the person wants that.
    Done,
    /// Not now.
    Snooze,
    /// Not this.
    Dismiss,
}

/// How long a tip sleeps.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Snooze {
    /// Three hours.
    #[default]
    Later,
    /// Until the evening.
    Evening,
    /// Until tomorrow morning.
    Tomorrow,
    /// Until the morning of next Monday.
    NextWeek,
}

/// Answers a tip, and shows what comes next.
///
/// The same answer under the same key changes nothing the second time.
#[utoipa::path(
    post,
    path = "/api/v1/feedback",
    operation_id = "feedback",
    security(("token" = ["tip:write"])),
    request_body = Feedback,
    responses(
        (status = 200, description = "It counts. The next tip, or null.", body = Recommendation),
        (
            status = 409,
            description = "`answered-elsewhere`, `key-reused`.",
            body = Told<'_>,
            content_type = MEDIA_TYPE,
        ),
        (
            status = 410,
            description = "`gone`: it has expired, or its task is gone.",
            body = Told<'_>,
            content_type = MEDIA_TYPE,
        ),
        (
            status = 404,
            description = "`unknown`: this person has no such tip.",
            body = Told<'_>,
            content_type = MEDIA_TYPE,
        ),
    ),
)]
pub(crate) async fn feedback(
    State(state): State<AppState>,
    caller: Caller,
    body: Result<Json<Feedback>, JsonRejection>,
) -> Result<Json<Recommendation>, Problem> {
    let user = caller.with(Scope::TipWrite)?;
    let Json(feedback) = body?;
    let look = state.recommender.react(user, feedback.into()).await?;
    Ok(Json(look.scene.into()))
}

impl From<Feedback> for Answer {
    fn from(feedback: Feedback) -> Self {
        let Feedback { tip_id, reaction, snooze, idempotency_key } = feedback;
        let reaction = match reaction {
            Reaction::Done => recommender::Reaction::Done,
            Reaction::Snooze => recommender::Reaction::Snooze(snooze.unwrap_or_default().into()),
            Reaction::Dismiss => recommender::Reaction::Dismiss,
        };
        Self { tip: tip_id, key: idempotency_key, reaction }
    }
}

impl From<Snooze> for recommender::Snooze {
    fn from(snooze: Snooze) -> Self {
        match snooze {
            Snooze::Later => Self::Later,
            Snooze::Evening => Self::Evening,
            Snooze::Tomorrow => Self::Tomorrow,
            Snooze::NextWeek => Self::NextWeek,
        }
    }
}
