//! Time is handed in, so that a test can choose it.

use std::sync::{Arc, Mutex, PoisonError};

/// A moment, in UTC, to the microsecond that Postgres keeps.
pub type Timestamp = chrono::DateTime<chrono::Utc>;

/// A clock that everything shares.
pub type SharedClock = Arc<dyn Clock>;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The present moment, cut to microseconds: what is read back from Postgres equals what was written.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the machine's clock is read"
    )]
    fn now(&self) -> Timestamp {
        to_micros(chrono::Utc::now())
    }
}

/// A clock that moves only when told to.
#[derive(Debug)]
pub struct ManualClock(Mutex<Timestamp>);

impl ManualClock {
    /// A clock that stands at `at`.
    pub fn at(at: Timestamp) -> Arc<Self> {
        Arc::new(Self(Mutex::new(to_micros(at))))
    }

    /// Moves on by `by`, which may be negative.
    pub fn advance(&self, by: chrono::TimeDelta) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }

    /// Jumps to `at`.
    pub fn set(&self, at: Timestamp) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = to_micros(at);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn to_micros(at: Timestamp) -> Timestamp {
    Timestamp::from_timestamp_micros(at.timestamp_micros()).unwrap_or(at)
}
