//! For how long a person's history is kept.

/// For how long a person's history is kept: tips, how they were answered, and what happened to them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeepHistory {
    /// Thirty days.
    Month,
    /// Ninety days.
    Quarter,
    /// 365 days.
    #[default]
    Year,
    /// As long as the person is here.
    NoEnd,
}

impl KeepHistory {
    /// All of them, the shortest first.
    pub const ALL: [Self; 4] = [Self::Month, Self::Quarter, Self::Year, Self::NoEnd];

    /// In days; `None`: no end.
    pub fn days(self) -> Option<i16> {
        match self {
            Self::Month => Some(30),
            Self::Quarter => Some(90),
            Self::Year => Some(365),
            Self::NoEnd => None,
        }
    }

    /// The inverse of [`KeepHistory::days`]; none for days that cannot be chosen.
    pub fn from_days(days: Option<i16>) -> Option<Self> {
        Self::ALL.into_iter().find(|keep| keep.days() == days)
    }
}
