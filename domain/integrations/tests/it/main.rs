//! The integrations against a real Postgres and Todoist's double, over HTTP.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod calendar;
mod connect;
mod faults;
mod jobs;
mod lists;
mod refresh;
mod secrecy;
mod support;
