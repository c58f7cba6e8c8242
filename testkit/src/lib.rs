//! Local doubles of the outside world, for tests, end2end and the demo.
//!
//! [`todoist`] answers as Todoist's unified API v1 does, OAuth included, and misbehaves on request. [`llm`]
//! answers as a LiteLLM proxy does, with the models behind it, and misbehaves as both do. [`push`] answers as a
//! push service does, and opens what it is sent as the browsers behind it would.
//! [`calendar`] serves a calendar by its secret address, and [`mail`] takes letters.

mod answers;
pub mod calendar;
mod control;
mod faults;
pub mod llm;
pub mod mail;
pub mod process;
pub mod push;
mod serving;
pub mod todoist;

pub use control::Handle;
pub use serving::Running;
