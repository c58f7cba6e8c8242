//! When a snoozed tip comes back.

use jiff::civil::Time;

/// When a snoozed tip comes back, by the person's own clock. A morning begins before noon and an evening does not, so
/// that "tomorrow morning" is what the word says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnoozeTimes {
    later_hours: u8,
    evening: Time,
    morning: Time,
}

impl SnoozeTimes {
    /// "Later" is so many hours away at most.
    pub const LATEST_HOURS: u8 = 12;

    /// Times to the minute; none where a "later" is not 1 to 12 hours away, an evening begins before noon, or a morning
    /// does not.
    pub fn new(later_hours: u8, evening: Time, morning: Time) -> Option<Self> {
        let is_possible = (1..=Self::LATEST_HOURS).contains(&later_hours)
            && evening.hour() >= 12
            && morning.hour() < 12;
        is_possible.then_some(Self { later_hours, evening, morning })
    }

    /// "Later" is so many hours away: 1 to 12.
    pub fn later_hours(self) -> u8 {
        self.later_hours
    }

    /// When an evening begins.
    pub fn evening(self) -> Time {
        self.evening
    }

    /// When a morning begins.
    pub fn morning(self) -> Time {
        self.morning
    }
}

impl Default for SnoozeTimes {
    /// Three hours, six in the evening, eight in the morning.
    fn default() -> Self {
        Self {
            later_hours: 3,
            evening: Time::constant(18, 0, 0, 0),
            morning: Time::constant(8, 0, 0, 0),
        }
    }
}
