//! The same as [`Handle`], in JSON, without a token: it is for loopback only.
//!
//! An account is named by its id, or `first`.
//!
//! | route | what it does |
//! | --- | --- |
//! | `GET /_double/accounts` | `[{id, email, timezone, api_token, tasks}]` |
//! | `POST /_double/accounts` `{email?, name?, timezone?, api_token?, tasks?}` | opens one; `tasks` is `"demo"`, `"empty"` or a number; answers with `{id, email, api_token, tokens}` |
//! | `POST /_double/accounts/{id}/grant` `{scope?}` | tokens, without a browser |
//! | `POST /_double/accounts/{id}/revoke` | ends all of the person's grants |
//! | `GET /_double/accounts/{id}/tasks` | every task, done or not |
//! | `PUT` and `POST /_double/accounts/{id}/tasks` `[task…]` | replaces all, or adds; answers with `{ids}` |
//! | `POST /_double/accounts/{id}/synthetic` `{count, word?}` | adds many |
//! | `POST /_double/accounts/{id}/tasks/{task}/complete`, `…/reopen` | as the person does in Todoist |
//! | `PATCH /_double/accounts/{id}/tasks/{task}` `{content?, priority?, due?}` | edits |
//! | `DELETE /_double/accounts/{id}/tasks/{task}` | deletes |
//! | `POST /_double/faults` `{fault, times?, path?, method?, …}`, `DELETE` | see [`FaultRule`](super::FaultRule) |
//! | `POST /_double/latency` `{ms}` | how long every answer takes |
//! | `GET /_double/tokens` | every access token and refresh token that has not been revoked |
//! | `POST /_double/tokens` `{lifetime_s?, rotating?, expire?}` | how tokens live; `expire: true` ends the access tokens now |
//! | `GET /_double/requests`, `DELETE` | `{total, requests: [{method, path, count}]}`, or anew |

use std::{sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    account::{AccountId, NewAccount},
    handle::Handle,
    task::{Edit, NewTask},
    world::Double,
};
use crate::control;

type Shared = State<Arc<Double>>;
type Answer = Result<Json<Value>, StatusCode>;

pub(super) fn routes() -> Router<Arc<Double>> {
    Router::new()
        .route("/_double/accounts", get(accounts).post(open))
        .route("/_double/accounts/{id}/grant", post(grant))
        .route("/_double/accounts/{id}/revoke", post(revoke))
        .route("/_double/accounts/{id}/tasks", get(tasks).put(replace).post(add))
        .route("/_double/accounts/{id}/synthetic", post(synthetic))
        .route("/_double/accounts/{id}/tasks/{task}", axum::routing::patch(edit).delete(delete))
        .route("/_double/accounts/{id}/tasks/{task}/complete", post(complete))
        .route("/_double/accounts/{id}/tasks/{task}/reopen", post(reopen))
        .route("/_double/tokens", get(granted).post(tokens))
        .merge(control::routes())
}

#[derive(Deserialize)]
struct Open {
    #[serde(flatten)]
    account: NewAccount,
    tasks: Option<Value>,
}

#[derive(Deserialize)]
struct Grant {
    scope: Option<String>,
}

#[derive(Deserialize)]
struct Synthetic {
    count: usize,
    #[serde(default)]
    word: String,
}

#[derive(Deserialize)]
struct TokenLife {
    lifetime_s: Option<u64>,
    rotating: Option<bool>,
    #[serde(default)]
    expire: bool,
}

async fn accounts(State(double): Shared) -> Json<Value> {
    let world = double.world();
    let accounts = world.accounts.iter().map(|account| {
        json!({
            "id": account.id,
            "email": account.email,
            "timezone": account.zone.name(),
            "api_token": account.api_token,
            "tasks": account.tasks.len(),
        })
    });
    Json(accounts.collect())
}

async fn open(State(double): Shared, Json(open): Json<Open>) -> Answer {
    let handle = Handle::new(Arc::clone(&double));
    let id = handle.create_account(open.account);
    match open.tasks {
        None => {}
        Some(Value::String(kind)) if kind == "demo" => drop(handle.set_demo_tasks(&id)),
        Some(Value::String(kind)) if kind == "empty" => {}
        Some(count) => {
            let count = count.as_u64().and_then(|count| usize::try_from(count).ok());
            handle.add_synthetic(&id, count.ok_or(StatusCode::UNPROCESSABLE_ENTITY)?, "Task");
        }
    }
    let tokens = handle.grant(&id);
    let world = double.world();
    let account = world.account(&id).ok_or(StatusCode::NOT_FOUND)?;
    Ok(Json(json!({
        "id": id,
        "email": account.email,
        "api_token": account.api_token,
        "tokens": tokens,
    })))
}

async fn grant(State(double): Shared, Path(id): Path<String>, body: Option<Json<Grant>>) -> Answer {
    let (handle, id) = known(double, id)?;
    let scope = body.and_then(|Json(grant)| grant.scope);
    let tokens = match scope {
        None => handle.grant(&id),
        Some(scope) => handle.grant_scopes(&id, &scope).ok_or(StatusCode::UNPROCESSABLE_ENTITY)?,
    };
    Ok(Json(json!(tokens)))
}

async fn revoke(State(double): Shared, Path(id): Path<String>) -> Result<StatusCode, StatusCode> {
    let (handle, id) = known(double, id)?;
    handle.revoke(&id);
    Ok(StatusCode::NO_CONTENT)
}

async fn tasks(State(double): Shared, Path(id): Path<String>) -> Answer {
    let (handle, id) = known(double, id)?;
    Ok(Json(json!(handle.tasks(&id))))
}

async fn replace(
    State(double): Shared,
    Path(id): Path<String>,
    Json(tasks): Json<Vec<NewTask>>,
) -> Answer {
    let (handle, id) = known(double, id)?;
    Ok(Json(json!({ "ids": handle.set_tasks(&id, tasks) })))
}

async fn add(
    State(double): Shared,
    Path(id): Path<String>,
    Json(tasks): Json<Vec<NewTask>>,
) -> Answer {
    let (handle, id) = known(double, id)?;
    Ok(Json(json!({ "ids": handle.add_tasks(&id, tasks) })))
}

async fn synthetic(
    State(double): Shared,
    Path(id): Path<String>,
    Json(many): Json<Synthetic>,
) -> Answer {
    let (handle, id) = known(double, id)?;
    Ok(Json(json!({ "ids": handle.add_synthetic(&id, many.count, &many.word) })))
}

async fn complete(
    State(double): Shared,
    Path((id, task)): Path<(String, String)>,
) -> Result<StatusCode, StatusCode> {
    let (handle, id) = known(double, id)?;
    done(handle.complete(&id, &task))
}

async fn reopen(
    State(double): Shared,
    Path((id, task)): Path<(String, String)>,
) -> Result<StatusCode, StatusCode> {
    let (handle, id) = known(double, id)?;
    done(handle.reopen(&id, &task))
}

async fn edit(
    State(double): Shared,
    Path((id, task)): Path<(String, String)>,
    Json(edit): Json<Edit>,
) -> Result<StatusCode, StatusCode> {
    let (handle, id) = known(double, id)?;
    done(handle.edit(&id, &task, edit))
}

async fn delete(
    State(double): Shared,
    Path((id, task)): Path<(String, String)>,
) -> Result<StatusCode, StatusCode> {
    let (handle, id) = known(double, id)?;
    done(handle.delete(&id, &task))
}

async fn granted(State(double): Shared) -> Json<Value> {
    Json(json!(double.world().grants.secrets()))
}

async fn tokens(State(double): Shared, Json(life): Json<TokenLife>) -> StatusCode {
    let handle = Handle::new(double);
    if let Some(seconds) = life.lifetime_s {
        handle.set_token_lifetime(Duration::from_secs(seconds));
    }
    if let Some(rotating) = life.rotating {
        handle.set_refresh_tokens(rotating);
    }
    if life.expire {
        handle.expire_access_tokens();
    }
    StatusCode::NO_CONTENT
}

fn known(double: Arc<Double>, id: String) -> Result<(Handle, AccountId), StatusCode> {
    let handle = Handle::new(double);
    let id = if id == "first" { handle.account() } else { AccountId(id) };
    if handle.accounts().contains(&id) { Ok((handle, id)) } else { Err(StatusCode::NOT_FOUND) }
}

fn done(was_there: bool) -> Result<StatusCode, StatusCode> {
    if was_there { Ok(StatusCode::NO_CONTENT) } else { Err(StatusCode::NOT_FOUND) }
}
