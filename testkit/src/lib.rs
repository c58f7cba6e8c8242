//! Local doubles of the outside world, for tests, end2end and the demo.
//!
//! [`todoist`] answers as Todoist's unified API v1 does, OAuth included, and misbehaves on request.

pub mod todoist;
