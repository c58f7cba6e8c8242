//! The calls that oO makes, each one request and one answer.

use std::time::Duration;

use kernel::http::{Answer, Http, HttpError};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, de::DeserializeOwned};
use url::Url;
use uuid::Uuid;

use super::{TodoistConfig, wire, wire::is_id};
use crate::{connect::Account, task::Task};

/// How many tasks a page holds: the most that Todoist gives, and fewer where descriptions are so long
/// (16,383 characters are allowed) that such a page is too large.
const PAGE_SIZES: [&str; 2] = ["200", "20"];

/// The longest page, in bytes.
const PAGE_CAP: usize = 4 * 1024 * 1024;

/// A title and a description have 16,383 characters each at most, and some are escaped as twelve bytes.
const TASK_CAP: usize = 512 * 1024;

/// The longest answer to anything else, in bytes.
pub(super) const SMALL_CAP: usize = 64 * 1024;

/// How long to wait after a 429 that does not say.
const DEFAULT_WAIT: Duration = Duration::from_mins(1);

/// The longest wait that is believed: Todoist counts calls in windows of 15 minutes.
const MAX_WAIT: Duration = Duration::from_mins(15);

/// Todoist, as one person's token sees it.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub(super) http: Http,
    pub(super) config: TodoistConfig,
}

/// Why a call failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CallError {
    /// The token is not, or no longer, good.
    #[error("the token is not taken")]
    Unauthorized,
    /// Too many calls.
    #[error("too many calls")]
    Throttled(Duration),
    /// No answer, or one that says it cannot.
    #[error("no answer")]
    Unavailable,
    /// An answer that is not to be understood.
    #[error("not an answer")]
    Garbled,
    /// An answer without end.
    #[error("too large an answer")]
    TooLarge,
}

/// Some open tasks.
pub(crate) struct Page {
    /// Those that can become a tip.
    pub(crate) tasks: Vec<Task>,
    /// Where the next page begins.
    pub(crate) next: Option<String>,
}

impl Client {
    pub(crate) fn new(http: Http, config: TodoistConfig) -> Self {
        Self { http, config }
    }

    /// One page of open tasks, from `cursor` on.
    pub(crate) async fn page(
        &self,
        token: &SecretString,
        cursor: Option<&str>,
    ) -> Result<Page, CallError> {
        for size in PAGE_SIZES {
            let mut url = self.endpoint(&["tasks"]);
            url.query_pairs_mut().append_pair("limit", size);
            if let Some(cursor) = cursor {
                url.query_pairs_mut().append_pair("cursor", cursor);
            }
            match self.get::<wire::Page>(token, url, PAGE_CAP).await {
                Err(CallError::TooLarge) => {}
                page => return page?.and_then(wire::Page::read).ok_or(CallError::Garbled),
            }
        }
        Err(CallError::TooLarge)
    }

    /// One task; `None` when it is closed or gone, or cannot become a tip.
    pub(crate) async fn task(
        &self,
        token: &SecretString,
        id: &str,
    ) -> Result<Option<Task>, CallError> {
        let task: Option<wire::Task> =
            self.get(token, self.endpoint(&["tasks", id]), TASK_CAP).await?;
        Ok(task.and_then(wire::Task::read))
    }

    /// Closes a task; one that is gone counts as closed. `request` names this wish, so that a repeated
    /// request is known for one: Todoist documented that for REST v2, and is silent for v1.
    pub(crate) async fn close(
        &self,
        token: &SecretString,
        id: &str,
        request: Uuid,
    ) -> Result<(), CallError> {
        self.post(token, self.endpoint(&["tasks", id, "close"]), request).await
    }

    /// Takes a completion back; nothing is to be done for a task that is gone.
    pub(crate) async fn reopen(
        &self,
        token: &SecretString,
        id: &str,
        request: Uuid,
    ) -> Result<(), CallError> {
        self.post(token, self.endpoint(&["tasks", id, "reopen"]), request).await
    }

    /// Who has the token.
    pub(crate) async fn account(&self, token: &SecretString) -> Result<Option<Account>, CallError> {
        #[derive(Deserialize)]
        struct User {
            id: String,
            email: Option<String>,
            tz_info: Option<TzInfo>,
        }
        #[derive(Deserialize)]
        struct TzInfo {
            timezone: Option<String>,
        }
        let user: Option<User> = self.get(token, self.endpoint(&["user"]), SMALL_CAP).await?;
        Ok(user.filter(|user| is_id(&user.id)).map(|user| Account {
            id: user.id,
            email: user.email.unwrap_or_default(),
            time_zone: user
                .tz_info
                .and_then(|zone| zone.timezone)
                .and_then(|name| name.parse().ok()),
        }))
    }

    /// `None` is a 404.
    async fn get<T: DeserializeOwned>(
        &self,
        token: &SecretString,
        url: Url,
        cap: usize,
    ) -> Result<Option<T>, CallError> {
        let request = self.http.client().get(url).bearer_auth(token.expose_secret());
        let answer = self.http.send(request, cap).await?;
        if answer.status.as_u16() == 404 {
            return Ok(None);
        }
        check(&answer)?;
        // What the parser complains about may quote what it read.
        serde_json::from_slice(&answer.body).map(Some).map_err(|_| CallError::Garbled)
    }

    async fn post(&self, token: &SecretString, url: Url, request: Uuid) -> Result<(), CallError> {
        let request = self
            .http
            .client()
            .post(url)
            .bearer_auth(token.expose_secret())
            .header("X-Request-Id", request.to_string());
        let answer = self.http.send(request, SMALL_CAP).await?;
        if answer.status.as_u16() == 404 { Ok(()) } else { check(&answer) }
    }

    fn endpoint(&self, path: &[&str]) -> Url {
        let mut url = self.config.api_base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        url
    }
}

/// What the status says. A 401 says how long to wait as well, and means no throttling by it.
pub(super) fn check(answer: &Answer) -> Result<(), CallError> {
    match answer.status.as_u16() {
        200..=299 => Ok(()),
        401 => Err(CallError::Unauthorized),
        429 => Err(CallError::Throttled(wait(answer))),
        408 | 500..=599 => Err(CallError::Unavailable),
        _ => Err(CallError::Garbled),
    }
}

/// How long a 429 asks to wait: in the body, else in the header, in seconds.
fn wait(answer: &Answer) -> Duration {
    #[derive(Deserialize)]
    struct Body {
        error_extra: Extra,
    }
    #[derive(Deserialize)]
    struct Extra {
        retry_after: f64,
    }
    let body = serde_json::from_slice::<Body>(&answer.body).ok();
    let header = || answer.headers.get("retry-after")?.to_str().ok()?.trim().parse().ok();
    let seconds = body.map(|body| body.error_extra.retry_after).or_else(header);
    let wait = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds.max(1.0)).ok());
    wait.unwrap_or(DEFAULT_WAIT).min(MAX_WAIT)
}

impl From<HttpError> for CallError {
    fn from(error: HttpError) -> Self {
        match error {
            HttpError::TooLarge { .. } => Self::TooLarge,
            HttpError::Timeout
            | HttpError::Unreachable
            | HttpError::Refused
            | HttpError::Astray
            | HttpError::Invalid => Self::Unavailable,
        }
    }
}
