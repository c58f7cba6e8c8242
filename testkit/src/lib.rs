//! Local doubles of the outside world, for tests, end2end and the demo.
//!
//! [`todoist`] answers as Todoist's unified API v1 does, OAuth included, and misbehaves on request. [`llm`]
//! answers as a LiteLLM proxy does, with the models behind it, and misbehaves as both do.

mod answers;
mod control;
mod faults;
pub mod llm;
pub mod process;
mod serving;
pub mod todoist;
