//! When oO may speak up by itself, and how often.

use jiff::civil::{Time, Weekday};

/// When oO may speak up, by the person's own clock, and how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    /// From when on it is quiet, every day.
    pub quiet_from: Time,
    /// Until when; before `quiet_from` it is on the next day, and at the same time there is no quiet.
    pub quiet_until: Time,
    /// Days on which it is quiet from midnight to midnight.
    pub days_off: DaysOff,
    /// So often a day at most; 0: never.
    pub most_a_day: u8,
}

impl Hours {
    /// More than this a day nobody can choose.
    pub const MOST_A_DAY: u8 = 10;
}

impl Default for Hours {
    /// Quiet from nine in the evening to eight in the morning; three times a day.
    fn default() -> Self {
        Self {
            quiet_from: Time::constant(21, 0, 0, 0),
            quiet_until: Time::constant(8, 0, 0, 0),
            days_off: DaysOff::default(),
            most_a_day: 3,
        }
    }
}

/// Some days of the week.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DaysOff(u8);

impl DaysOff {
    /// None.
    pub const NONE: Self = Self(0);

    /// Whether `day` is one of them.
    pub fn has(self, day: Weekday) -> bool {
        self.0 & bit(day) != 0
    }

    /// Whether every day is.
    pub fn are_all(self) -> bool {
        self.0 == 0x7F
    }

    /// The same and `day`.
    #[must_use]
    pub fn with(self, day: Weekday) -> Self {
        Self(self.0 | bit(day))
    }

    /// A bit a day, Monday the lowest.
    pub fn bits(self) -> i16 {
        self.0.into()
    }

    /// The inverse of [`DaysOff::bits`]; none for bits that are no day's.
    pub fn from_bits(bits: i16) -> Option<Self> {
        u8::try_from(bits).ok().filter(|bits| bits & 0x80 == 0).map(Self)
    }
}

fn bit(day: Weekday) -> u8 {
    1 << day.to_monday_zero_offset()
}
