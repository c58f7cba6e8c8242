//! How the double misbehaves, on request.

pub(super) mod answer;

use serde::{Deserialize, Serialize};

use crate::faults::Rule;

/// A way to answer that a connector must withstand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum Fault {
    /// 401 with Todoist's body, whatever the token.
    Unauthorized,
    /// 429, with the seconds to wait in header and body.
    TooManyRequests {
        /// In seconds.
        #[serde(default = "defaults::retry_after")]
        retry_after: u64,
    },
    /// 500 with Todoist's body.
    ServerError,
    /// 503 with Todoist's body.
    Unavailable,
    /// The right answer, late.
    Slow {
        /// In milliseconds.
        #[serde(default = "defaults::ms")]
        ms: u64,
    },
    /// The request takes effect; its answer breaks off in the middle of the body.
    Cut,
    /// 200 with bytes that are no JSON.
    Garbage,
    /// 200 with a page for people.
    Html,
    /// 200 with arrays in arrays.
    Deep {
        /// How many.
        #[serde(default = "defaults::depth")]
        depth: usize,
    },
    /// 200 with JSON whose one title is this long, streamed.
    Huge {
        /// In bytes.
        #[serde(default = "defaults::bytes")]
        bytes: usize,
    },
    /// 200 with JSON of the right names and the wrong types.
    WrongTypes,
}

/// The values of a control request that names none.
mod defaults {
    pub(super) const fn retry_after() -> u64 {
        30
    }
    pub(super) const fn ms() -> u64 {
        60_000
    }
    pub(super) const fn depth() -> usize {
        100_000
    }
    pub(super) const fn bytes() -> usize {
        64 * 1024 * 1024
    }
    pub(super) fn path() -> String {
        "/api/v1/".into()
    }
}

/// Which answers a fault is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultRule {
    /// What goes wrong.
    #[serde(flatten)]
    pub fault: Fault,
    /// How many answers; all when absent.
    #[serde(default)]
    pub times: Option<u32>,
    /// Only requests with this in their path: `/api/v1/` when absent.
    #[serde(default = "defaults::path")]
    pub path: String,
    /// Only requests of this method.
    #[serde(default)]
    pub method: Option<String>,
}

impl FaultRule {
    /// Every answer of the API, until the faults are cleared.
    pub fn always(fault: Fault) -> Self {
        Self { fault, times: None, path: defaults::path(), method: None }
    }

    /// The next `times` answers of the API.
    pub fn next(times: u32, fault: Fault) -> Self {
        Self { times: Some(times), ..Self::always(fault) }
    }

    /// Only requests with `path` in their path, such as `/close` or `/oauth/access_token`.
    #[must_use]
    pub fn on(self, path: impl Into<String>) -> Self {
        Self { path: path.into(), ..self }
    }

    /// Only requests of this method.
    #[must_use]
    pub fn method(self, method: impl Into<String>) -> Self {
        Self { method: Some(method.into()), ..self }
    }

    fn fits(&self, method: &str, path: &str) -> bool {
        path.contains(&self.path) && self.method.as_deref().is_none_or(|own| own == method)
    }
}

impl Rule for FaultRule {
    fn times(&mut self) -> Option<&mut u32> {
        self.times.as_mut()
    }
}
