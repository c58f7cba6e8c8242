//! How the double misbehaves, on request.

pub(super) mod answer;

use serde::{Deserialize, Serialize};

use crate::faults::Rule;

/// A way to answer that whoever sends must withstand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum Fault {
    /// 404: there is no such subscription.
    NotFound,
    /// 410: it has ended.
    Gone,
    /// 413, whatever the size.
    TooLarge,
    /// 429.
    TooManyRequests {
        /// The header `Retry-After`, as it is sent: seconds, or a moment; none when absent.
        #[serde(default)]
        retry_after: Option<String>,
    },
    /// 400, whatever the headers.
    BadRequest,
    /// 401, whatever the signature.
    Unauthorized,
    /// 403, whatever the signature.
    Forbidden,
    /// 500.
    ServerError,
    /// 307 to another place.
    Redirect {
        /// Where to.
        to: String,
    },
    /// 201, and nothing is delivered.
    Smile,
    /// The right answer, late.
    Slow {
        /// In milliseconds.
        #[serde(default = "defaults::ms")]
        ms: u64,
    },
    /// No answer, until whoever asks leaves or the double ends.
    Hang,
    /// The message is taken; the answer breaks off in the middle of its body.
    Cut,
}

/// The values of a control request that names none.
mod defaults {
    pub(super) const fn ms() -> u64 {
        60_000
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
    /// Only messages to this browser.
    #[serde(default)]
    pub id: Option<String>,
}

impl FaultRule {
    /// Every message, until the faults are cleared.
    pub fn always(fault: Fault) -> Self {
        Self { fault, times: None, id: None }
    }

    /// The next `times` messages.
    pub fn next(times: u32, fault: Fault) -> Self {
        Self { times: Some(times), ..Self::always(fault) }
    }

    /// Only messages to this browser.
    #[must_use]
    pub fn to(self, id: impl Into<String>) -> Self {
        Self { id: Some(id.into()), ..self }
    }

    fn fits(&self, path: &str) -> bool {
        let id = path.strip_prefix("/push/");
        id.is_some_and(|id| self.id.as_deref().is_none_or(|own| own == id))
    }
}

impl Rule for FaultRule {
    fn times(&mut self) -> Option<&mut u32> {
        self.times.as_mut()
    }
}
