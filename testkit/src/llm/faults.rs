//! How the double misbehaves, on request.

pub(super) mod answer;

use serde::{Deserialize, Serialize};

use super::ollama;
use crate::faults::Rule;

/// A way to answer that whoever asks a model must withstand.
///
/// Those about the content of an answer are for chats alone, and come when the key and the alias are right;
/// all others are for every call of a model, whoever it is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum Fault {
    /// The content is prose around something that is nearly JSON.
    Malformed,
    /// The content is the empty string.
    Empty,
    /// There is no choice.
    NoChoices,
    /// `refusal` tells why there is no content.
    Refuse,
    /// The right content, up to its middle, with the finish reason `length`.
    Length,
    /// The content is JSON whose one text is this long.
    Long {
        /// In bytes.
        #[serde(default = "defaults::long")]
        bytes: usize,
    },
    /// The same, streamed, without its length told before.
    Huge {
        /// In bytes.
        #[serde(default = "defaults::huge")]
        bytes: usize,
    },
    /// The content is JSON of the right form, and one of its candidates is good: see
    /// [`hostile`](super::hostile) for all others.
    Hostile,
    /// 200 with bytes that are no JSON.
    Garbage,
    /// 200 with a page for people.
    Html,
    /// 502 with a page for people, as a proxy before the proxy has it.
    BadGateway,
    /// 429 with the header `Retry-After`: LiteLLM itself lets the model rest.
    TooManyRequests {
        /// In seconds.
        #[serde(default = "defaults::retry_after")]
        retry_after: u64,
    },
    /// 429 with the provider's header alone, as `llm_provider-retry-after`.
    TooManyUpstream {
        /// In seconds.
        #[serde(default = "defaults::retry_after")]
        retry_after: u64,
    },
    /// 429 that does not tell how long.
    TooMany,
    /// 503: the provider has no time.
    Unavailable,
    /// 500: the provider cannot be reached.
    ServerError,
    /// 408: the provider did not answer in time.
    Timeout,
    /// 401, whatever the key.
    Unauthorized,
    /// The right answer, late.
    Slow {
        /// In milliseconds.
        #[serde(default = "defaults::ms")]
        ms: u64,
    },
    /// The right answer, byte by byte.
    Drip {
        /// Between two bytes, in milliseconds.
        #[serde(default = "defaults::drip_ms")]
        ms: u64,
    },
    /// No answer, until whoever asks leaves or the double ends.
    Hang,
    /// The right answer, which breaks off in the middle of its body.
    Cut,
}

impl Fault {
    fn is_about_content(self) -> bool {
        matches!(
            self,
            Self::Malformed
                | Self::Empty
                | Self::NoChoices
                | Self::Refuse
                | Self::Length
                | Self::Long { .. }
                | Self::Huge { .. }
                | Self::Hostile
        )
    }
}

/// The values of a control request that names none.
mod defaults {
    pub(super) const fn long() -> usize {
        2 * 1024 * 1024
    }
    pub(super) const fn huge() -> usize {
        64 * 1024 * 1024
    }
    pub(super) const fn retry_after() -> u64 {
        30
    }
    pub(super) const fn ms() -> u64 {
        60_000
    }
    pub(super) const fn drip_ms() -> u64 {
        100
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
    /// Only calls of this alias; of this model, where Ollama is asked.
    #[serde(default)]
    pub alias: Option<String>,
}

impl FaultRule {
    /// Every call of a model, until the faults are cleared.
    pub fn always(fault: Fault) -> Self {
        Self { fault, times: None, alias: None }
    }

    /// The next `times` calls.
    pub fn next(times: u32, fault: Fault) -> Self {
        Self { times: Some(times), ..Self::always(fault) }
    }

    /// Only calls of this alias.
    #[must_use]
    pub fn on(self, alias: impl Into<String>) -> Self {
        Self { alias: Some(alias.into()), ..self }
    }

    fn fits(&self, path: &str, alias: Option<&str>) -> bool {
        let chat = path.ends_with("/chat/completions") || path == ollama::CHAT;
        let embedding = path.ends_with("/embeddings") || path == ollama::EMBED;
        let embedding = embedding && !self.fault.is_about_content();
        (chat || embedding) && (self.alias.is_none() || self.alias.as_deref() == alias)
    }
}

impl Rule for FaultRule {
    fn times(&mut self) -> Option<&mut u32> {
        self.times.as_mut()
    }
}
