//! A way to a person: to their browsers by [`push`](crate::push), to their mailbox by [`mail`](crate::mail).

use std::time::Duration;

use kernel::UserId;
use recommender::Tip;
use uuid::Uuid;
use vault::{DataKey, VaultError};

use crate::Outcome;

/// Carries words to people.
pub(crate) trait Channel: Sync {
    /// Its name in the database.
    const NAME: &'static str;

    /// So many are sent at the same time.
    const AT_ONCE: usize;

    /// What a person is reached by.
    type Reach: Send + Sync;

    /// Opens what a person is reached by; none, where that is not allowed any more.
    fn open(&self, key: &DataKey, target: &Target) -> Result<Option<Self::Reach>, VaultError>;

    /// Sends a word, once.
    fn send(&self, to: &Self::Reach, word: &Word<'_>) -> impl Future<Output = Outcome> + Send;
}

/// Where a word goes.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    /// The subscription.
    pub(crate) id: Uuid,
    /// SHA-256 of a browser's address.
    pub(crate) endpoint: Option<Vec<u8>>,
    /// What is reached by it, sealed.
    pub(crate) sealed: Vec<u8>,
}

/// What is said.
pub(crate) struct Word<'a> {
    /// The same, however often it is sent: what is answered by it counts once.
    pub(crate) id: Uuid,
    pub(crate) user: UserId,
    /// The person's own.
    pub(crate) key: &'a DataKey,
    /// Where it goes.
    pub(crate) to: Uuid,
    pub(crate) says: Says<'a>,
    /// For how long it is of use.
    pub(crate) ttl: Duration,
}

/// What it is about.
pub(crate) enum Says<'a> {
    /// Nothing: it is to be seen whether it comes.
    Trial,
    /// The tip that is open.
    Tip(&'a Tip),
    /// The same in a morning, with the number of things that were done since the last one.
    Morning(&'a Tip, usize),
}

/// How often a person is spoken to somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rhythm {
    /// Each time that oO speaks up.
    Each,
    /// Once in a morning.
    Morning,
}

impl Rhythm {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Each, Self::Morning];

    /// Its name in the database, and in forms.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Each => "each",
            Self::Morning => "morning",
        }
    }

    /// The inverse of [`Rhythm::as_str`].
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rhythm| rhythm.as_str() == name)
    }
}
