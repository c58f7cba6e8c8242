//! Links in letters.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::{Timestamp, UserId};
use recommender::{Reaction, Snooze};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;
use vault::{DataKey, Place, VaultError};

/// Far more than any link of ours, in letters.
const MOST: usize = 512;

/// In bytes.
const USER: usize = 16;

/// What a link asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// To be written to in this mailbox; until then.
    Confirm {
        /// The mailbox.
        mailbox: Uuid,
        /// Until when.
        until: Timestamp,
    },
    /// To be written to no more.
    Stop {
        /// The mailbox.
        mailbox: Uuid,
    },
    /// To answer a tip.
    Answer {
        /// The tip.
        tip: Uuid,
        /// The answer.
        reaction: Reaction,
    },
}

/// A link as it stands in an address: whose it is, and what is sealed for them.
pub(crate) struct Link {
    pub(crate) user: UserId,
    sealed: Vec<u8>,
}

impl Link {
    /// Reads the part of an address; none, where it cannot be one of ours.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text.len() > MOST {
            return None;
        }
        let mut bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        if bytes.len() < USER {
            return None;
        }
        let sealed = bytes.split_off(USER);
        let user = UserId(Uuid::from_slice(&bytes).ok()?);
        Some(Self { user, sealed })
    }

    /// What it asks for; none, where it was made by somebody else.
    pub(crate) fn open(&self, key: &DataKey) -> Option<Asks> {
        let text = key.open(PLACE, &self.sealed).ok()?;
        Asks::parse(text.expose_secret())
    }
}

impl Asks {
    /// As a part of an address, for `user`, whose key is `key`.
    pub(crate) fn seal(&self, user: UserId, key: &DataKey) -> Result<String, VaultError> {
        let sealed = key.seal(PLACE, &SecretString::from(self.to_string()))?;
        Ok(URL_SAFE_NO_PAD.encode([user.uuid().as_bytes(), &sealed[..]].concat()))
    }

    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(' ');
        let (word, id) = (parts.next()?, parts.next()?.parse().ok()?);
        let answer = |reaction| Some(Self::Answer { tip: id, reaction });
        match word {
            "confirm" => {
                let until = Timestamp::from_timestamp_secs(parts.next()?.parse().ok()?)?;
                Some(Self::Confirm { mailbox: id, until })
            }
            "stop" => Some(Self::Stop { mailbox: id }),
            "done" => answer(Reaction::Done),
            "later" => answer(Reaction::Snooze(Snooze::Later)),
            "dismiss" => answer(Reaction::Dismiss),
            _ => None,
        }
    }
}

/// As it is sealed.
impl fmt::Display for Asks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Confirm { mailbox, until } => {
                write!(f, "confirm {} {}", mailbox.simple(), until.timestamp())
            }
            Self::Stop { mailbox } => write!(f, "stop {}", mailbox.simple()),
            Self::Answer { tip, reaction } => {
                let word = match reaction {
                    Reaction::Done => "done",
                    Reaction::Snooze(_) => "later",
                    Reaction::Dismiss => "dismiss",
                };
                write!(f, "{word} {}", tip.simple())
            }
        }
    }
}

/// A link stands in no table; it is sealed like what does.
const PLACE: Place<'static> = Place { table: "notifier.letter", row: "", field: "link" };

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_what_is_read() {
        let id = Uuid::from_u128(7);
        let until = "2026-11-23T09:00:00Z".parse().unwrap();
        let answers = [Reaction::Done, Reaction::Snooze(Snooze::Later), Reaction::Dismiss];
        let answers = answers.map(|reaction| Asks::Answer { tip: id, reaction });
        let others = [Asks::Confirm { mailbox: id, until }, Asks::Stop { mailbox: id }];
        for asks in answers.into_iter().chain(others) {
            assert_eq!(Asks::parse(&asks.to_string()), Some(asks));
        }
    }

    #[test]
    fn what_is_none_is_not_read() {
        for text in ["", "=", "AAAA", "%2e%2e", &"A".repeat(MOST + 1)] {
            assert!(Link::parse(text).is_none(), "{text}");
        }
        for text in ["", "done", "done 1", "explode 00000000000000000000000000000007"] {
            assert_eq!(Asks::parse(text), None, "{text}");
        }
    }
}
