//! What is said where a link in a letter leads.

use crate::types::{Came, Wish};

/// What it asks for: a heading, and the quiet line below it.
pub fn asked(wish: Wish) -> (&'static str, &'static str) {
    match wish {
        Wish::Letters => ("Shall oO write to you here?", "You can end it in every letter."),
        Wish::NoLetters => ("No more letters?", "Your tip is in oO whenever you look."),
        Wish::Done => ("Done with it?", ""),
        Wish::Later => ("Later?", "It comes back in a few hours."),
        Wish::NotThis => ("Not this one?", "oO learns from it."),
    }
}

/// What the button says that does it.
pub fn yes(wish: Wish) -> &'static str {
    match wish {
        Wish::Letters => "Write to me",
        Wish::NoLetters => "No more letters",
        Wish::Done => "Done",
        Wish::Later => "Later",
        Wish::NotThis => "Not this",
    }
}

/// What came of it.
pub fn came(wish: Wish, came: Came) -> (&'static str, &'static str) {
    match (came, wish) {
        (Came::Done, Wish::Letters) => {
            ("oO writes to you here.", "How often, you choose in the settings.")
        }
        (Came::Done, Wish::NoLetters) => ("oO writes no more.", "The address is forgotten."),
        (Came::Done, Wish::Done) => ("Done.", ""),
        (Came::Done, Wish::Later) => ("Later, then.", ""),
        (Came::Done, Wish::NotThis) => ("Gone.", ""),
        (Came::Elsewhere, _) => ("That one was answered already.", "Nothing was changed."),
        (Came::TooLate, Wish::Letters | Wish::NoLetters) => {
            ("This link is of no use any more.", "In the settings, oO can write once more.")
        }
        (Came::TooLate, _) => ("That one is no longer there.", "There may be another one."),
    }
}
