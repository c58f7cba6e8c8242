//! The server as a whole: over HTTP, on a real Postgres, and as the binary that it is.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod access;
mod api;
mod binary;
mod calendar;
mod comparing;
mod configuration;
mod connecting;
mod consents;
mod door;
mod files;
mod fuzz;
mod health;
mod hours;
mod house;
mod judging;
mod keys;
mod letters;
mod limits;
mod privacy;
mod promotion;
mod serving;
mod strangers;
mod streaming;
mod tokens;
mod visiting;
