//! Candidates that are not tasks: the shipped library of advice.

mod kind;
mod library;

pub use kind::Kind;
pub use library::{Advice, Library, LibraryError};
