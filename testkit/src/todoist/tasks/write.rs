//! The task endpoints that change something.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use jiff::civil::DateTime;
use serde_json::{Map, Value};

use super::{Fields, NO_TASK, written};
use crate::todoist::{
    due::Due,
    errors::ApiError,
    task::{Deadline, Duration, DurationUnit, Task, TaskView},
    world::{Caller, Double},
};

/// The longest title, in characters.
const MAX_CONTENT: usize = 500;

/// Makes a task.
pub(super) async fn create(
    State(double): State<Arc<Double>>,
    caller: Caller,
    fields: Fields,
) -> Result<Response, ApiError> {
    caller.may(&["data:read_write", "task:add"])?;
    let fields = fields.map_err(|_| ApiError::Invalid("body", "a JSON object"))?.0;
    if text(&fields, "content")?.is_none() {
        return Err(ApiError::Missing("content"));
    }
    let now = double.clock.now();
    let mut world = double.world();
    let (account, ids) = world.account_mut(&caller.account).ok_or(ApiError::Unauthorized)?;
    let mut task = account.blank(String::new(), now, ids);
    if let Some(project) = text(&fields, "project_id")? {
        if !account.projects.iter().any(|own| own.id == project) {
            return Err(ApiError::NotFound("Project"));
        }
        task.project_id = project;
    }
    if let Some(parent) = text(&fields, "parent_id")? {
        account.task(&parent).ok_or(ApiError::NotFound("Parent task"))?;
        task.parent_id = Some(parent);
    }
    change(&mut task, &fields, account.zone.local(now))?;
    account.know_labels(&task.labels, ids);
    let answer = written(&TaskView::new(account.id.as_str(), &task));
    account.tasks.push(task);
    Ok(answer)
}

/// Changes the fields that are there, and leaves the others.
pub(super) async fn update(
    State(double): State<Arc<Double>>,
    caller: Caller,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, ApiError> {
    caller.may_write()?;
    let fields = fields.map_err(|_| ApiError::Invalid("body", "a JSON object"))?.0;
    let now = double.clock.now();
    let mut world = double.world();
    let (account, ids) = world.account_mut(&caller.account).ok_or(ApiError::Unauthorized)?;
    let mut task = account.task(&id).ok_or(NO_TASK)?.clone();
    change(&mut task, &fields, account.zone.local(now))?;
    task.updated_at = now;
    account.know_labels(&task.labels, ids);
    let answer = written(&TaskView::new(account.id.as_str(), &task));
    if let Some(kept) = account.task_mut(&id) {
        *kept = task;
    }
    Ok(answer)
}

/// Removes a task and its parts.
pub(super) async fn delete(
    State(double): State<Arc<Double>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    caller.may(&["data:delete"])?;
    let mut world = double.world();
    let (account, _) = world.account_mut(&caller.account).ok_or(ApiError::Unauthorized)?;
    if account.delete(&id) { Ok(StatusCode::NO_CONTENT) } else { Err(NO_TASK) }
}

/// Ends a task, or moves its date on when it repeats.
pub(super) async fn close(
    State(double): State<Arc<Double>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    caller.may_write()?;
    let now = double.clock.now();
    let mut world = double.world();
    let (account, _) = world.account_mut(&caller.account).ok_or(ApiError::Unauthorized)?;
    if account.close(&id, now) { Ok(StatusCode::NO_CONTENT) } else { Err(NO_TASK) }
}

/// Takes a completion back.
pub(super) async fn reopen(
    State(double): State<Arc<Double>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    caller.may_write()?;
    let now = double.clock.now();
    let mut world = double.world();
    let (account, _) = world.account_mut(&caller.account).ok_or(ApiError::Unauthorized)?;
    if account.reopen(&id, now) { Ok(StatusCode::NO_CONTENT) } else { Err(NO_TASK) }
}

fn change(task: &mut Task, fields: &Map<String, Value>, now: DateTime) -> Result<(), ApiError> {
    if let Some(content) = text(fields, "content")? {
        if content.trim().is_empty() || content.chars().count() > MAX_CONTENT {
            return Err(ApiError::Invalid("content", "from 1 to 500 characters"));
        }
        task.content = content;
    }
    if let Some(description) = text(fields, "description")? {
        task.description = description;
    }
    if let Some(labels) = fields.get("labels") {
        task.labels = serde_json::from_value(labels.clone())
            .map_err(|_| ApiError::Invalid("labels", "a list of names"))?;
    }
    if let Some(priority) = fields.get("priority") {
        let priority = priority.as_u64().and_then(|priority| u8::try_from(priority).ok());
        task.priority = priority
            .filter(|priority| (1..=4).contains(priority))
            .ok_or(ApiError::Invalid("priority", "an integer from 1 to 4"))?;
    }
    if let Some(order) = fields.get("child_order").or_else(|| fields.get("order")) {
        task.child_order = order.as_i64().ok_or(ApiError::Invalid("child_order", "an integer"))?;
    }
    change_dates(task, fields, now)
}

fn change_dates(
    task: &mut Task,
    fields: &Map<String, Value>,
    now: DateTime,
) -> Result<(), ApiError> {
    if let Some(words) = text(fields, "due_string")? {
        let words = Due::parse(&words, now);
        task.due = words.map_err(|_| ApiError::Invalid("due_string", "a date in English"))?;
    }
    for name in ["due_date", "due_datetime"] {
        if let Some(date) = text(fields, name)? {
            // Beside a repeating `due_string` it says where the repetition stands.
            match task.due.as_mut().filter(|_| fields.contains_key("due_string")) {
                Some(due) => due.date = date,
                None => task.due = Some(Due::on(date)),
            }
        }
    }
    match (text(fields, "deadline_date")?, fields.get("deadline_date")) {
        (Some(date), _) => task.deadline = Some(Deadline { date, lang: "en".into() }),
        (None, Some(_)) => task.deadline = None,
        (None, None) => {}
    }
    match (fields.get("duration"), text(fields, "duration_unit")?.as_deref()) {
        (Some(Value::Null), _) => task.duration = None,
        (Some(amount), unit) => {
            let amount = amount.as_u64().and_then(|amount| u32::try_from(amount).ok());
            let amount = amount.filter(|amount| *amount > 0);
            let unit = match unit {
                Some("day") => DurationUnit::Day,
                Some("minute") => DurationUnit::Minute,
                _ => return Err(ApiError::Invalid("duration_unit", "minute or day")),
            };
            let amount = amount.ok_or(ApiError::Invalid("duration", "more than zero"))?;
            task.duration = Some(Duration { amount, unit });
        }
        (None, _) => {}
    }
    Ok(())
}

/// A field that is a text; `null` counts as absent.
fn text(fields: &Map<String, Value>, name: &'static str) -> Result<Option<String>, ApiError> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(ApiError::Invalid(name, "a string")),
    }
}
