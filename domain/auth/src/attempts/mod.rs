//! How often somebody tries to come in: counted in Postgres, so that more replicas do not mean more tries.
//!
//! A window begins with the first try and lasts ten minutes, and what is tried beyond thirty is refused until it
//! ends, unless there is a [`Limit`] of its own. The table knows neither person nor address, only a hash of both the try and who made it. That hides an
//! IPv4 address no longer than it takes to hash all of them: the rows are swept when their window has ended.

mod store;

use std::{fmt, net::IpAddr, time::Duration};

use chrono::TimeDelta;
use kernel::{SharedClock, UserId};
use sqlx::PgPool;

use crate::{AuthError, secret::hash};

/// How many tries of one kind are let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Within a window.
    pub most: i32,
    /// How long a window lasts.
    pub within: TimeDelta,
}

impl Default for Limit {
    /// Thirty in ten minutes.
    fn default() -> Self {
        Self { most: 30, within: TimeDelta::minutes(10) }
    }
}

/// Counts tries.
#[derive(Clone)]
pub struct Attempts {
    db: PgPool,
    clock: SharedClock,
}

/// Who tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Whoever is at this address.
    Address(IpAddr),
    /// A person who has signed in.
    Person(UserId),
}

impl Attempts {
    /// Over the table of `db`.
    pub fn new(db: PgPool, clock: SharedClock) -> Self {
        Self { db, clock }
    }

    /// Counts a try at `what`, such as `sign-in`, by `who`.
    ///
    /// # Errors
    /// [`AuthError::TooOften`] when it is one too many.
    pub async fn count(&self, what: &str, who: Who) -> Result<(), AuthError> {
        self.count_to(what, who, Limit::default()).await
    }

    /// The same with a limit of its own, which is always the same for the same `what`.
    ///
    /// # Errors
    /// [`AuthError::TooOften`] when it is one too many.
    pub async fn count_to(&self, what: &str, who: Who, limit: Limit) -> Result<(), AuthError> {
        let now = self.clock.now();
        let (counted, expires_at) =
            store::count(&self.db, &who.hash(what), now, now + limit.within).await?;
        if counted <= limit.most {
            return Ok(());
        }
        let wait = (expires_at - now).to_std().unwrap_or_default();
        Err(AuthError::TooOften { wait: wait.max(Duration::from_secs(1)) })
    }

    /// Deletes the windows that have ended, and tells how many.
    pub async fn purge_expired(&self) -> Result<u64, AuthError> {
        store::purge(&self.db, self.clock.now()).await
    }
}

impl fmt::Debug for Attempts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempts").finish_non_exhaustive()
    }
}

impl Who {
    fn hash(self, what: &str) -> Vec<u8> {
        match self {
            Self::Address(ip) => hash(format!("{what} from {ip}")),
            Self::Person(user) => hash(format!("{what} by {user}")),
        }
    }
}
