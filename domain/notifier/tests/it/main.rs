//! Speaking up, against a real Postgres, Todoist's double and a push service's.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod deliveries;
mod devices;
mod house;
mod learning;
mod letter;
mod letters;
mod links;
mod thoughts;
