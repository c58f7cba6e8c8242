//! The kinds of events, and how each is named and versioned in the log.

use prost::Message;

use crate::v1;

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Payload {
    /// A candidate became the open tip.
    TipDecided(v1::TipDecided),
    /// The person answered it.
    TipReacted(v1::TipReacted),
    /// The person took the answer back.
    ReactionUndone(v1::ReactionUndone),
    /// It went away without an answer.
    TipLapsed(v1::TipLapsed),
    /// Its task was closed at its source.
    TaskClosed(v1::TaskClosed),
    /// Its task was reopened at its source.
    TaskReopened(v1::TaskReopened),
}

/// A row of the log that this version of oO cannot read.
#[derive(Debug, thiserror::Error)]
pub enum UnknownPayload {
    /// Written by a newer version.
    #[error("an event of kind {kind} and version {version} is not known")]
    Kind {
        /// The kind's name.
        kind: String,
        /// The contract's version.
        version: i16,
    },
    /// Not the bytes of its contract.
    #[error("an event is damaged")]
    Damaged(#[from] prost::DecodeError),
}

impl Payload {
    /// The version of all contracts so far: the package `oo.events.v1`.
    pub(crate) const VERSION: i16 = 1;

    /// The kind's name in the log.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::TipDecided(_) => "tip_decided",
            Self::TipReacted(_) => "tip_reacted",
            Self::ReactionUndone(_) => "reaction_undone",
            Self::TipLapsed(_) => "tip_lapsed",
            Self::TaskClosed(_) => "task_closed",
            Self::TaskReopened(_) => "task_reopened",
        }
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        match self {
            Self::TipDecided(message) => message.encode_to_vec(),
            Self::TipReacted(message) => message.encode_to_vec(),
            Self::ReactionUndone(message) => message.encode_to_vec(),
            Self::TipLapsed(message) => message.encode_to_vec(),
            Self::TaskClosed(message) => message.encode_to_vec(),
            Self::TaskReopened(message) => message.encode_to_vec(),
        }
    }

    pub(crate) fn decode(kind: &str, version: i16, bytes: &[u8]) -> Result<Self, UnknownPayload> {
        Ok(match (kind, version) {
            ("tip_decided", Self::VERSION) => Self::TipDecided(Message::decode(bytes)?),
            ("tip_reacted", Self::VERSION) => Self::TipReacted(Message::decode(bytes)?),
            ("reaction_undone", Self::VERSION) => Self::ReactionUndone(Message::decode(bytes)?),
            ("tip_lapsed", Self::VERSION) => Self::TipLapsed(Message::decode(bytes)?),
            ("task_closed", Self::VERSION) => Self::TaskClosed(Message::decode(bytes)?),
            ("task_reopened", Self::VERSION) => Self::TaskReopened(Message::decode(bytes)?),
            _ => return Err(UnknownPayload::Kind { kind: kind.to_owned(), version }),
        })
    }
}
