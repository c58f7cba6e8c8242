//! The vault against a real Postgres.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod keys;
mod rotation;
mod support;
