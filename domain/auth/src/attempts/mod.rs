//! How often somebody tries to come in: counted in Postgres, so that more replicas do not mean more tries.
//!
//! A window begins with the first try and lasts ten minutes; what is tried beyond thirty is refused until it
//! ends. The table knows neither person nor address, only a hash of both the try and who made it. That hides an
//! IPv4 address no longer than it takes to hash all of them: the rows are swept when their window has ended.

mod store;

use std::{fmt, net::IpAddr, time::Duration};

use chrono::TimeDelta;
use kernel::{SharedClock, UserId};
use sqlx::PgPool;

use crate::{AuthError, secret::hash};

/// The most tries of one kind within a window.
const MOST: i32 = 30;

/// How long a window lasts.
const WINDOW: TimeDelta = TimeDelta::minutes(10);

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
        let now = self.clock.now();
        let (counted, expires_at) =
            store::count(&self.db, &who.hash(what), now, now + WINDOW).await?;
        if counted <= MOST {
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
