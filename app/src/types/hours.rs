//! The hours of a person's day, as the forms of the settings have them.

/// When oO may speak up by itself, and how often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hours {
    /// From when on it is quiet, such as "21:00".
    pub quiet_from: String,
    /// Until when; the same time: no quiet.
    pub quiet_until: String,
    /// For each of [`DAYS`], whether it is off.
    pub days_off: [bool; 7],
    /// So often a day at most; 0: never.
    pub most_a_day: u8,
}

impl Hours {
    /// So often a day can be chosen.
    pub const MOST_A_DAY: u8 = 10;
}

/// When a snoozed tip comes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnoozeTimes {
    /// "Later" is so many hours away.
    pub later_hours: u8,
    /// When an evening begins, such as "18:00".
    pub evening: String,
    /// When a morning begins.
    pub morning: String,
}

impl SnoozeTimes {
    /// So many hours can be chosen.
    pub const LATEST_HOURS: u8 = 12;
}

/// The days of the week, as a form names them.
pub const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
