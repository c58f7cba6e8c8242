//! The kinds of advice.

use serde::Deserialize;

/// What a piece of advice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Breathing, and coming to rest.
    Breathe,
    /// A little movement.
    Move,
    /// A pause, or sleep.
    Rest,
    /// Attention to one thing.
    Focus,
    /// Order in things.
    Tidy,
    /// Other people.
    Connect,
    /// What comes next.
    Plan,
    /// What was, and why.
    Reflect,
    /// Eating and drinking.
    Nourish,
    /// Air, light and sky.
    Outside,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Breathe,
        Self::Move,
        Self::Rest,
        Self::Focus,
        Self::Tidy,
        Self::Connect,
        Self::Plan,
        Self::Reflect,
        Self::Nourish,
        Self::Outside,
    ];

    /// Its name, in lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Breathe => "breathe",
            Self::Move => "move",
            Self::Rest => "rest",
            Self::Focus => "focus",
            Self::Tidy => "tidy",
            Self::Connect => "connect",
            Self::Plan => "plan",
            Self::Reflect => "reflect",
            Self::Nourish => "nourish",
            Self::Outside => "outside",
        }
    }
}
