//! What a person prefers, and what they allow.
//!
//! Every function takes a pool or the caller's transaction (`&mut *tx`), so that what is read here and
//! what is decided from it can belong together.

mod consent;
mod history;
mod hours;
mod snooze;
mod store;

use kernel::TimeZone;

pub use consent::{Consent, Consents, Decision};
pub use history::KeepHistory;
pub use hours::{DaysOff, Hours};
pub use snooze::SnoozeTimes;
pub use store::{
    PERSONAL, choose_time_zone, decide, keep_history, keep_hours, keep_snooze_times,
    observe_time_zone, profile, snooze_times,
};

/// What a person prefers and allows.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Where they live.
    pub time_zone: TimeZone,
    /// Whether they chose the zone by hand. Else it is the one that was observed last.
    pub time_zone_chosen: bool,
    /// For how long their history is kept.
    pub keep_history: KeepHistory,
    /// When oO may speak up by itself.
    pub hours: Hours,
    /// When a snoozed tip comes back.
    pub snooze_times: SnoozeTimes,
    /// What they allow.
    pub consents: Consents,
}

impl Default for Profile {
    /// Of a person who has chosen nothing yet.
    fn default() -> Self {
        Self {
            time_zone: TimeZone::UTC,
            time_zone_chosen: false,
            keep_history: KeepHistory::default(),
            hours: Hours::default(),
            snooze_times: SnoozeTimes::default(),
            consents: Consents::default(),
        }
    }
}

/// Why a profile cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// The database failed.
    #[error("the profile failed")]
    Internal(#[from] sqlx::Error),
}
