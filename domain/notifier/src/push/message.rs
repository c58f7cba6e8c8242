//! A note, and how a push service is to carry it (RFC 8030, section 5).

use std::time::Duration;

use base64::Engine;
use sha2::{Digest, Sha256};

use super::{Note, key::BASE64};

/// In bytes: as many letters of base64url as a topic may have, 32.
const TOPIC: usize = 24;

/// A note, and how it is to be carried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// What it says.
    pub note: Note,
    /// For how long the service keeps it, while the browser is away; from this sending on, to the second.
    pub ttl: Duration,
    /// Whether it may wake up a device that saves power.
    pub urgency: Urgency,
    /// A later message of the same topic takes the place of one that still waits at the service.
    pub topic: Option<Topic>,
}

/// How much it matters (RFC 8030, section 5.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Urgency {
    /// On power and on Wi-Fi.
    VeryLow,
    /// On power or on Wi-Fi.
    Low,
    /// On neither.
    #[default]
    Normal,
    /// Also with a battery that is nearly empty.
    High,
}

/// A name that only its sender understands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic(String);

impl Urgency {
    /// As its header has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::VeryLow => "very-low",
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
        }
    }
}

impl Topic {
    /// Derived from `name`, which the service does not learn.
    pub fn of(name: &str) -> Self {
        let digest = Sha256::digest(name);
        Self(BASE64.encode(&digest[..TOPIC]))
    }

    /// As its header has it: 32 letters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
