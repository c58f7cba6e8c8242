//! The life of a tip, against a real Postgres and Todoist's double, over HTTP.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod advising;
mod calendar;
mod canary;
mod consents;
mod features;
mod house;
mod life;
mod log;
mod looking;
mod reacting;
mod rounds;
mod snooze;
mod undoing;
