//! Jobs that change tasks at Todoist, enqueued in the transaction of what they follow from.
//!
//! A job is retried until it succeeds, with growing pauses of at most six hours. Jobs of one person
//! run one after the other. There is one job a task at the most: the last wish is the one that counts. A
//! job holds the person's id, the task's opaque id and a time.

use chrono::TimeDelta;
use graphile_worker::{
    IntoTaskHandlerResult, JobKeyMode, JobSpec, TaskHandler, WorkerContext, WorkerOptions,
    WorkerRecoveryConfig, WorkerUtils,
};
use kernel::{Timestamp, UserId, db::Tx};
use serde::{Deserialize, Serialize};
use sqlx::PgPool;

use crate::{
    error::{InternalError, TaskError},
    front::Integrations,
    leave::Revoke,
    store::{self, Removed},
    write::Wish,
};

/// The schema that `graphile_worker` keeps its tables in.
const SCHEMA: &str = "graphile_worker";

/// How often a job is tried; with pauses of e^n seconds, at most six hours, most of a year goes by.
pub(crate) const MAX_ATTEMPTS: i16 = 1_000;

/// What [`cancel_close`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undone {
    /// The job had not run, and never will.
    Cancelled,
    /// It has run, or may have: the task is reopened.
    Reopening,
}

/// Closes a task.
#[derive(Debug, Serialize, Deserialize)]
struct CloseTask(Payload);

/// Reopens a task.
#[derive(Debug, Serialize, Deserialize)]
struct ReopenTask(Payload);

#[derive(Debug, Serialize, Deserialize)]
struct Payload {
    user_id: UserId,
    task_id: String,
    not_before: Timestamp,
}

/// Lets the task be closed after this time, by the database's clock as the worker's: not before the person
/// can no longer take it back. Without write access it is dropped when its time comes.
///
/// # Errors
/// When the database fails.
pub async fn enqueue_close(
    tx: &mut Tx<'_>,
    user: UserId,
    task_id: &str,
    after: TimeDelta,
) -> Result<(), InternalError> {
    let not_before = store::now(tx).await? + after;
    let payload = Payload { user_id: user, task_id: task_id.to_owned(), not_before };
    enqueue(tx, CloseTask::IDENTIFIER, payload).await
}

/// Takes an [`enqueue_close`] back: removes the job when it has not run, else enqueues a reopening. A
/// repeating task that was closed keeps its new date.
///
/// # Errors
/// When the database fails.
pub async fn cancel_close(
    tx: &mut Tx<'_>,
    user: UserId,
    task_id: &str,
) -> Result<Undone, InternalError> {
    if store::remove_job(tx, &key(user, task_id)).await? == Removed::Untouched {
        return Ok(Undone::Cancelled);
    }
    let not_before = store::now(tx).await?;
    let payload = Payload { user_id: user, task_id: task_id.to_owned(), not_before };
    enqueue(tx, ReopenTask::IDENTIFIER, payload).await?;
    Ok(Undone::Reopening)
}

/// Lets the worker that is built from `options` run these jobs, and those of workers that died: without
/// that, a killed process would lock a person's jobs for good.
#[must_use]
pub fn register(options: WorkerOptions, integrations: &Integrations) -> WorkerOptions {
    options
        .define_job::<CloseTask>()
        .define_job::<ReopenTask>()
        .define_job::<Revoke>()
        .add_extension(integrations.clone())
        .worker_recovery(WorkerRecoveryConfig::default().enabled(true))
}

/// Makes or updates the tables of the queue: at start, after our own migrations.
///
/// # Errors
/// When the database fails.
pub async fn migrate_jobs(db: &PgPool) -> Result<(), InternalError> {
    let utils = WorkerUtils::new(db.clone(), SCHEMA);
    utils.migrate().await.map_err(|error| {
        tracing::error!(%error, "the tables of the queue cannot be made");
        InternalError::JobTables
    })
}

async fn enqueue(tx: &mut Tx<'_>, identifier: &str, payload: Payload) -> Result<(), InternalError> {
    let spec = JobSpec {
        queue_name: Some(format!("todoist:{}", payload.user_id)),
        run_at: Some(payload.not_before),
        max_attempts: Some(MAX_ATTEMPTS),
        job_key: Some(key(payload.user_id, &payload.task_id)),
        job_key_mode: Some(JobKeyMode::Replace),
        ..JobSpec::default()
    };
    add(tx, identifier, &payload, spec).await
}

/// Adds a job, which runs when the transaction is committed, and not before its time.
pub(crate) async fn add(
    tx: &mut Tx<'_>,
    identifier: &str,
    payload: &impl Serialize,
    spec: JobSpec,
) -> Result<(), InternalError> {
    let payload = serde_json::to_value(payload).map_err(|_| InternalError::Row)?;
    graphile_worker::sql::add_job::single::add_job(tx, SCHEMA, identifier, payload, spec, false)
        .await?;
    Ok(())
}

fn key(user: UserId, task_id: &str) -> String {
    format!("todoist:{user}:{task_id}")
}

impl Payload {
    fn wish(&self, context: &WorkerContext) -> Wish<'_> {
        Wish {
            user: self.user_id,
            task: &self.task_id,
            not_before: self.not_before,
            // An attempt that died with its worker is counted back, but leaves an error.
            again: *context.job().attempts() > 1 || context.job().last_error().is_some(),
        }
    }
}

/// What the queue keeps of a failure is the error's `Debug` text, which holds no word and no token.
fn settled(result: Result<(), TaskError>) -> Result<(), TaskError> {
    match result {
        // There is nothing left to change.
        Err(TaskError::NotConnected | TaskError::NotAllowed) => Ok(()),
        result => result,
    }
}

/// The extension of [`register`].
pub(crate) fn integrations(context: &WorkerContext) -> Result<Integrations, TaskError> {
    context.get_ext::<Integrations>().cloned().ok_or_else(|| InternalError::Lost.into())
}

impl TaskHandler for CloseTask {
    const IDENTIFIER: &'static str = "todoist_close_task";

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        settled(integrations(&context)?.close_task(&self.0.wish(&context)).await)
    }
}

impl TaskHandler for ReopenTask {
    const IDENTIFIER: &'static str = "todoist_reopen_task";

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        settled(integrations(&context)?.reopen_task(&self.0.wish(&context)).await)
    }
}
