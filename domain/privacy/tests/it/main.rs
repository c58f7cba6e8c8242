//! Export and erasure, against a real Postgres and Todoist's double.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod catalogue;
mod erasing;
mod exporting;
mod forgetting;
mod leaving;
mod ledger;
mod support;
