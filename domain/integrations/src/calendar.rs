//! The second connector: a calendar, read from the secret address (ICS) that a person has pasted.
//!
//! All that is wanted of it is when they are [`Busy`]. It is asked for when a tip is decided, kept in memory only, and used
//! for an hour at most. The address is a key to the calendar: it is sealed as tokens are, shown to nobody, and in no log.
//! Whoever has pasted it for this purpose allows it by that; to remove it ends it.

mod address;
mod busy;
mod connector;
mod fetch;
mod ics;
mod keep;
mod link;
mod store;

use std::{fmt, sync::Arc};

use kernel::{SharedClock, UserId, http::Http};
use moka::future::Cache;
use sqlx::PgPool;
use tokio::sync::Semaphore;
use vault::Vault;

use crate::error::InternalError;
use keep::Kept;

pub use busy::Busy;
pub use link::CalendarLink;

/// The connector's name, in the database, in what is sealed and in logs.
pub(crate) const NAME: &str = "calendar";

/// How many calendars are fetched and read at once: each may take a megabyte, and a moment of the processor.
const FETCHES: usize = 4;

/// Why a calendar could not be connected. No variant holds a part of its address.
#[derive(Debug, thiserror::Error)]
pub enum CalendarError {
    /// What was pasted is not an address of the web.
    #[error("this is not an address of a calendar")]
    NotAnAddress,
    /// It leads to where oO does not go: into a private network, or over plain http.
    #[error("the address is one that oO does not go to")]
    NotAllowed,
    /// Nobody answers there, or not in time.
    #[error("the calendar cannot be reached")]
    Unreachable,
    /// Whoever answers there says that there is no calendar, or none for oO.
    #[error("there is no calendar at this address")]
    NotThere,
    /// What is there is something else.
    #[error("what is at this address is not a calendar")]
    NotACalendar,
    /// There is more of it than oO reads.
    #[error("the calendar is too large")]
    TooLarge,
    /// Our own fault.
    #[error("the integrations failed")]
    Internal(#[from] InternalError),
}

/// Everybody's calendars. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Calendars {
    parts: Arc<Parts>,
}

struct Parts {
    db: PgPool,
    vault: Arc<Vault>,
    http: Http,
    clock: SharedClock,
    kept: Cache<UserId, Kept>,
    fetches: Semaphore,
}

impl Calendars {
    pub(crate) fn new(db: PgPool, vault: Arc<Vault>, http: Http, clock: SharedClock) -> Self {
        let (kept, fetches) = (keep::cache(), Semaphore::new(FETCHES));
        Self { parts: Arc::new(Parts { db, vault, http, clock, kept, fetches }) }
    }

    /// The same, that asks by another client. Nothing is taken along.
    pub(crate) fn over(&self, http: Http) -> Self {
        let Parts { db, vault, clock, .. } = &*self.parts;
        Self::new(db.clone(), vault.clone(), http, clock.clone())
    }
}

impl fmt::Debug for Calendars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Calendars").finish_non_exhaustive()
    }
}
