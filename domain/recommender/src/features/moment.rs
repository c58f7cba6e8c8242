//! The moment of a decision.

use jiff::civil::{Date, DateTime};
use kernel::{PartOfDay, TimeZone, Timestamp};

/// The moment of a decision, as the person lives it.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// In UTC.
    pub at: Timestamp,
    /// On the person's wall clock.
    pub local: DateTime,
    /// Where they are.
    pub zone: TimeZone,
}

impl Moment {
    /// The moment `at` in `zone`.
    pub fn new(at: Timestamp, zone: TimeZone) -> Self {
        Self { at, local: zone.local(at), zone }
    }

    /// The part of the day.
    pub fn part(&self) -> PartOfDay {
        PartOfDay::of(self.local)
    }

    /// The hour on the person's clock, with its fraction.
    pub fn hour(&self) -> f64 {
        f64::from(self.local.hour()) + f64::from(self.local.minute()) / 60.0
    }

    /// Today.
    pub fn today(&self) -> Date {
        self.local.date()
    }
}
