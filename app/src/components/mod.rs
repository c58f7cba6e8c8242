//! The parts of the pages. All are pure views of their arguments, drawn by the server.

#![expect(missing_docs, reason = "the props that #[component] makes of the arguments")]

pub mod actions;
pub mod help;
pub mod mark;
pub mod notice;
pub mod stage;
pub mod tip;
pub mod undo;
pub mod why;
