//! The task endpoints.

mod write;

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, Query as Params, State},
    http::{StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use kernel::Timestamp;
use serde::Serialize;

use super::{
    account::Account,
    errors::ApiError,
    filter::Filter,
    pages::{Paging, Query},
    task::{Task, TaskView},
    world::{Caller, Double},
};

const NO_TASK: ApiError = ApiError::NotFound("Task");

pub(super) fn routes() -> Router<Arc<Double>> {
    Router::new()
        .route("/api/v1/tasks", get(list).post(write::create))
        .route("/api/v1/tasks/filter", get(filter))
        .route("/api/v1/tasks/completed/by_completion_date", get(completed))
        .route("/api/v1/tasks/{id}", get(read).post(write::update).delete(write::delete))
        .route("/api/v1/tasks/{id}/close", post(write::close))
        .route("/api/v1/tasks/{id}/reopen", post(write::reopen))
}

#[derive(Serialize)]
struct Page<'a> {
    results: Vec<TaskView<'a>>,
    next_cursor: Option<String>,
}

#[derive(Serialize)]
struct CompletedPage<'a> {
    items: Vec<TaskView<'a>>,
    next_cursor: Option<String>,
}

/// The open tasks that fit all of the query's fields.
async fn list(
    State(double): State<Arc<Double>>,
    caller: Caller,
    uri: Uri,
    Params(query): Params<Query>,
) -> Result<Response, ApiError> {
    caller.may_read()?;
    let paging = Paging::read(uri.path(), &query)?;
    let asked = |name: &str| query.get(name).filter(|value| !value.is_empty());
    let ids: Option<Vec<&str>> = asked("ids").map(|ids| ids.split(',').map(str::trim).collect());
    let fits = |task: &Task| {
        asked("project_id").is_none_or(|id| *id == task.project_id)
            && asked("section_id").is_none_or(|id| task.section_id.as_ref() == Some(id))
            && asked("parent_id").is_none_or(|id| task.parent_id.as_ref() == Some(id))
            && asked("label").is_none_or(|label| task.labels.contains(label))
            && ids.as_ref().is_none_or(|ids| ids.contains(&task.id.as_str()))
    };
    open_tasks(&double, &caller, &paging, |_, task| fits(task))
}

/// The open tasks that pass a filter in Todoist's language.
async fn filter(
    State(double): State<Arc<Double>>,
    caller: Caller,
    uri: Uri,
    Params(query): Params<Query>,
) -> Result<Response, ApiError> {
    caller.may_read()?;
    let paging = Paging::read(uri.path(), &query)?;
    let text = query.get("query").ok_or(ApiError::Missing("query"))?;
    let filter = Filter::parse(text).ok_or(ApiError::Invalid("query", "a filter"))?;
    let now = double.clock.now();
    open_tasks(&double, &caller, &paging, |account, task| {
        filter.passes(account, task, account.zone.local(now).date())
    })
}

fn open_tasks(
    double: &Double,
    caller: &Caller,
    paging: &Paging,
    fits: impl Fn(&Account, &Task) -> bool,
) -> Result<Response, ApiError> {
    let world = double.world();
    let account = world.account(&caller.account).ok_or(ApiError::Unauthorized)?;
    let open = account.tasks.iter().filter(|task| !task.checked && fits(account, task));
    let (page, next_cursor) = paging.page(open, |task| task.sequence);
    Ok(written(&Page { results: views(account, page), next_cursor }))
}

/// One task, done or not.
async fn read(
    State(double): State<Arc<Double>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    caller.may_read()?;
    let world = double.world();
    let account = world.account(&caller.account).ok_or(ApiError::Unauthorized)?;
    let task = account.task(&id).ok_or(NO_TASK)?;
    Ok(written(&TaskView::new(account.id.as_str(), task)))
}

/// The tasks that were done between `since` and `until`.
async fn completed(
    State(double): State<Arc<Double>>,
    caller: Caller,
    uri: Uri,
    Params(query): Params<Query>,
) -> Result<Response, ApiError> {
    caller.may_read()?;
    let paging = Paging::read(uri.path(), &query)?;
    let moment = |name: &'static str| -> Result<Timestamp, ApiError> {
        let text = query.get(name).ok_or(ApiError::Missing(name))?;
        // A `+` of the offset that came unescaped reads as a space.
        text.replace(' ', "+").parse().map_err(|_| ApiError::Invalid(name, "a moment (RFC 3339)"))
    };
    let (since, until) = (moment("since")?, moment("until")?);

    let world = double.world();
    let account = world.account(&caller.account).ok_or(ApiError::Unauthorized)?;
    let done = |task: &&Task| task.completed_at.is_some_and(|at| since <= at && at <= until);
    let (page, next_cursor) = paging.page(account.tasks.iter().filter(done), |task| task.sequence);
    Ok(written(&CompletedPage { items: views(account, page), next_cursor }))
}

fn views<'a>(account: &'a Account, tasks: Vec<&'a Task>) -> Vec<TaskView<'a>> {
    tasks.into_iter().map(|task| TaskView::new(account.id.as_str(), task)).collect()
}

/// Writes JSON while the world is still locked: a response cannot borrow from it.
fn written(value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(json) => ([(header::CONTENT_TYPE, "application/json")], json).into_response(),
        Err(_) => ApiError::Server(StatusCode::INTERNAL_SERVER_ERROR).into_response(),
    }
}

/// A JSON object, as Todoist takes it: an absent or broken one is the caller's error.
type Fields = Result<
    Json<serde_json::Map<String, serde_json::Value>>,
    axum::extract::rejection::JsonRejection,
>;
