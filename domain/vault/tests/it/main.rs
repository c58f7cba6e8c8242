//! The vault against a real Postgres.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod keys;
mod rotation;
mod support;
