//! Whose token it is.

use auth::token::Scope;
use axum::{Json, extract::State};
use integrations::Connection;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{caller::Caller, problem::Problem};
use crate::AppState;

/// Who asks. There is neither a name nor an address: oO keeps none.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Me {
    /// The person.
    id: Uuid,
    /// The IANA time zone that their mornings and evenings go by.
    time_zone: String,
    /// Whether their Todoist can be read, as far as known.
    todoist_connected: bool,
    /// What the token may do.
    scopes: Vec<ScopeName>,
}

/// What a token may do.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = Scope)]
enum ScopeName {
    /// See the tip that is open.
    #[serde(rename = "tip:read")]
    TipRead,
    /// Ask for a tip, and answer it.
    #[serde(rename = "tip:write")]
    TipWrite,
    /// See whose token it is.
    #[serde(rename = "me:read")]
    MeRead,
}

/// Whose token it is, and what it may do.
#[utoipa::path(
    get,
    path = "/api/v1/me",
    operation_id = "me",
    security(("token" = ["me:read"])),
    responses((status = 200, description = "Who asks.", body = Me)),
)]
pub(crate) async fn me(State(state): State<AppState>, caller: Caller) -> Result<Json<Me>, Problem> {
    let user = caller.with(Scope::MeRead)?;
    let profile = profile::profile(&state.db, user).await.map_err(Problem::internal)?;
    let connection = state.integrations.connection(user).await.map_err(Problem::internal)?;
    Ok(Json(Me {
        id: user.uuid(),
        time_zone: profile.time_zone.name().to_owned(),
        todoist_connected: matches!(connection, Connection::Active(_)),
        scopes: caller.scopes.iter().map(ScopeName::from).collect(),
    }))
}

impl From<Scope> for ScopeName {
    fn from(scope: Scope) -> Self {
        match scope {
            Scope::TipRead => Self::TipRead,
            Scope::TipWrite => Self::TipWrite,
            Scope::MeRead => Self::MeRead,
        }
    }
}
