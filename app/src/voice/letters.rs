//! What is said where a link in a letter leads.

use crate::types::{Came, Wish};

/// What it asks for: a heading, and the quiet line below it.
pub fn asked(wish: Wish) -> (&'static str, &'static str) {
    match wish {
        Wish::Letters => ("Shall oO write to you here?", "You can end it in every letter."),
        Wish::NoLetters => ("No more letters?", "Your tip is in oO whenever you look."),
        Wish::Done => ("Done with it?", ""),
        Wish::Later => ("Later?", "It comes back in a few hours."),
        Wish::NotThis => ("Not this one?", ""),
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
            ("oO writes to you here.", "You choose in the settings how often.")
        }
        (Came::Done, Wish::NoLetters) => ("oO writes no more.", "The address is forgotten."),
        (Came::Done, Wish::Done) => ("Done.", ""),
        (Came::Done, Wish::Later) => ("Later, then.", ""),
        (Came::Done, Wish::NotThis) => ("Gone.", ""),
        (Came::Elsewhere, _) => ("That one was answered already.", "Nothing was changed."),
        (Came::TooLate, Wish::Letters) => {
            ("This link has expired.", "Ask for a new one in the settings.")
        }
        (Came::TooLate, Wish::NoLetters) => {
            ("This link has expired.", "A newer letter has another one, and so have the settings.")
        }
        (Came::TooLate, _) => ("That one is no longer there.", "There may be another one."),
    }
}
