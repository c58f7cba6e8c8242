//! Projects, labels, sections and the person themselves.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Query as Params, State},
    http::Uri,
    routing::get,
};
use serde_json::{Value, json};

use super::{
    account::{Account, Label, Project},
    errors::ApiError,
    pages::{Paging, Query},
    world::{Caller, Double, offset_minutes},
};

pub(super) fn routes() -> Router<Arc<Double>> {
    Router::new()
        .route("/api/v1/projects", get(projects))
        .route("/api/v1/labels", get(labels))
        .route("/api/v1/sections", get(sections))
        .route("/api/v1/user", get(user))
}

async fn projects(
    State(double): State<Arc<Double>>,
    caller: Caller,
    uri: Uri,
    Params(query): Params<Query>,
) -> Result<Json<Value>, ApiError> {
    caller.may_read()?;
    let paging = Paging::read(uri.path(), &query)?;
    let world = double.world();
    let account = world.account(&caller.account).ok_or(ApiError::Unauthorized)?;
    let (page, next_cursor) = paging.page(account.projects.iter(), |project| project.sequence);
    let results: Vec<_> = page.into_iter().map(|project| project_view(account, project)).collect();
    Ok(Json(json!({ "results": results, "next_cursor": next_cursor })))
}

async fn labels(
    State(double): State<Arc<Double>>,
    caller: Caller,
    uri: Uri,
    Params(query): Params<Query>,
) -> Result<Json<Value>, ApiError> {
    caller.may_read()?;
    let paging = Paging::read(uri.path(), &query)?;
    let world = double.world();
    let account = world.account(&caller.account).ok_or(ApiError::Unauthorized)?;
    let (page, next_cursor) = paging.page(account.labels.iter(), |label| label.sequence);
    let results: Vec<_> = page.into_iter().map(label_view).collect();
    Ok(Json(json!({ "results": results, "next_cursor": next_cursor })))
}

/// The double's accounts have no sections.
async fn sections(
    caller: Caller,
    uri: Uri,
    Params(query): Params<Query>,
) -> Result<Json<Value>, ApiError> {
    caller.may_read()?;
    Paging::read(uri.path(), &query)?;
    Ok(Json(json!({ "results": [], "next_cursor": null })))
}

async fn user(State(double): State<Arc<Double>>, caller: Caller) -> Result<Json<Value>, ApiError> {
    caller.may_read()?;
    let world = double.world();
    let account = world.account(&caller.account).ok_or(ApiError::Unauthorized)?;
    let offset = offset_minutes(&account.zone, double.clock.now());
    let sign = if offset < 0 { '-' } else { '+' };
    let (hours, minutes) = (offset.abs() / 60, offset.abs() % 60);
    Ok(Json(json!({
        "id": account.id,
        "email": account.email,
        "full_name": account.name,
        "business_account_id": null,
        "is_premium": false,
        "premium_status": "not_premium",
        "date_format": 0,
        "time_format": 0,
        "weekly_goal": 25,
        "daily_goal": 5,
        "completed_count": account.completed_count,
        "completed_today": 0,
        "karma": 0,
        "karma_trend": "-",
        "lang": "en",
        "next_week": 1,
        "start_day": 1,
        "start_page": "today",
        "tz_info": {
            "timezone": account.zone.name(),
            "gmt_string": format!("{sign}{hours:02}:{minutes:02}"),
            "hours": offset / 60,
            "minutes": offset % 60,
            "is_dst": 0,
        },
        "inbox_project_id": account.inbox(),
        "days_off": [6, 7],
        "weekend_start_day": 6,
    })))
}

fn project_view(account: &Account, project: &Project) -> Value {
    json!({
        "id": project.id,
        "name": project.name,
        "description": "",
        "parent_id": null,
        "child_order": project.sequence,
        "default_order": 0,
        "color": "charcoal",
        "view_style": "list",
        "created_at": project.created_at,
        "updated_at": project.created_at,
        "inbox_project": project.id == account.inbox(),
        "can_assign_tasks": false,
        "is_archived": false,
        "is_collapsed": false,
        "is_deleted": false,
        "is_favorite": false,
        "is_frozen": false,
        "is_shared": false,
    })
}

fn label_view(label: &Label) -> Value {
    json!({
        "id": label.id,
        "name": label.name,
        "color": "charcoal",
        "order": label.sequence,
        "is_favorite": false,
    })
}
