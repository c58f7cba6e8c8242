//! What the page shows of letters.

/// Where letters go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Letters {
    /// This oO writes none.
    Impossible,
    /// No mailbox is named.
    None,
    /// To this one.
    To(Mailbox),
}

/// A mailbox that a person has named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox {
    /// Its address; empty where that is lost.
    pub address: String,
    /// How often it is written to: one of [`RHYTHMS`].
    pub rhythm: &'static str,
    /// Whether somebody there has said that it is theirs.
    pub is_confirmed: bool,
    /// Whether the person allows that oO speaks up.
    pub is_allowed: bool,
}

/// How often letters come, by name, and how that is said.
pub const RHYTHMS: [(&str, &str); 2] =
    [("each", "each time oO speaks up"), ("morning", "once in the morning")];

/// What a link in a letter asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// To be written to.
    Letters,
    /// To be written to no more.
    NoLetters,
    /// The tip is done.
    Done,
    /// It is for later.
    Later,
    /// It is not for the person.
    NotThis,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    /// It is done.
    Done,
    /// The tip was answered in another way before.
    Elsewhere,
    /// It is too late for it.
    TooLate,
}
