//! Candidates that are not tasks: the shipped library of advice.
//!
//! A [`Library`] holds short pieces of [`Advice`], each of a [`Kind`] and for certain parts of the day. The
//! words are oO's own and stand in `library/en.toml`; what may be said, and how, is tested.

mod kind;
mod library;

pub use kind::Kind;
pub use library::{Advice, Library, LibraryError};
