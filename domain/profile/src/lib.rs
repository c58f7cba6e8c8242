//! What a person prefers.
//!
//! Every function takes a pool or the caller's transaction (`&mut *tx`), so that what is read here and
//! what is decided from it can belong together.

mod store;

use kernel::TimeZone;

pub use store::{preferences, set_close_tasks, set_time_zone};

/// What a person prefers.
#[derive(Clone, Debug, PartialEq)]
pub struct Preferences {
    /// Where they live.
    pub time_zone: TimeZone,
    /// Whether a tip that is done closes its task over there.
    pub close_tasks: bool,
}

impl Default for Preferences {
    /// Of a person who has chosen nothing yet.
    fn default() -> Self {
        Self { time_zone: TimeZone::UTC, close_tasks: true }
    }
}

/// Why preferences cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// The database failed.
    #[error("the profile failed")]
    Internal(#[from] sqlx::Error),
}
