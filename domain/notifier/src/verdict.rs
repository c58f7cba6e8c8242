//! What came of thinking of a person.

use kernel::Timestamp;

/// Whether oO spoke, and why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It did.
    Spoke,
    /// It could have, and drew silence.
    DrewSilence,
    /// The person's quiet hours.
    QuietHours,
    /// A day off.
    DayOff,
    /// As often as the person wants it, it spoke today.
    EnoughToday,
    /// The person answered a tip just before.
    JustAnswered,
    /// The person was in a meeting.
    InMeeting,
    /// The person had oO open.
    IsHere,
    /// The tip that is open was told of before.
    ToldAlready,
    /// There is no tip.
    Nothing,
    /// The person wants to be spoken to in the morning alone.
    AwaitsMorning,
}

impl Verdict {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Spoke,
        Self::DrewSilence,
        Self::QuietHours,
        Self::DayOff,
        Self::EnoughToday,
        Self::JustAnswered,
        Self::InMeeting,
        Self::IsHere,
        Self::ToldAlready,
        Self::Nothing,
        Self::AwaitsMorning,
    ];

    /// Its name in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Spoke => "spoke",
            Self::DrewSilence => "drew_silence",
            Self::QuietHours => "quiet_hours",
            Self::DayOff => "day_off",
            Self::EnoughToday => "enough_today",
            Self::JustAnswered => "just_answered",
            Self::InMeeting => "in_meeting",
            Self::IsHere => "is_here",
            Self::ToldAlready => "told_already",
            Self::Nothing => "nothing",
            Self::AwaitsMorning => "awaits_morning",
        }
    }

    /// The inverse of [`Verdict::as_str`].
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.as_str() == name)
    }
}

/// What came of it, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// What.
    pub verdict: Verdict,
}
