//! What a person prefers.
//!
//! Every function takes a pool or the caller's transaction (`&mut *tx`), so that what is read here and
//! what is decided from it can belong together.

mod history;
mod store;

use kernel::TimeZone;

pub use history::KeepHistory;
pub use store::{
    PERSONAL, choose_time_zone, keep_history, observe_time_zone, preferences, set_close_tasks,
};

/// What a person prefers.
#[derive(Clone, Debug, PartialEq)]
pub struct Preferences {
    /// Where they live.
    pub time_zone: TimeZone,
    /// Whether they chose the zone by hand. Else it is the one that was observed last.
    pub time_zone_chosen: bool,
    /// Whether a tip that is done closes its task over there.
    pub close_tasks: bool,
    /// For how long their history is kept.
    pub keep_history: KeepHistory,
}

impl Default for Preferences {
    /// Of a person who has chosen nothing yet.
    fn default() -> Self {
        Self {
            time_zone: TimeZone::UTC,
            time_zone_chosen: false,
            close_tasks: true,
            keep_history: KeepHistory::default(),
        }
    }
}

/// Why preferences cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// The database failed.
    #[error("the profile failed")]
    Internal(#[from] sqlx::Error),
}
