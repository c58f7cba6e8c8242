//! The append-only log of everything that happens to a person's tips.
//!
//! An event is written in the transaction of what it tells about: [`append`] takes the caller's. What is
//! read back by [`read`] is what was written, in the order in which it happened.

mod payload;
mod readable;
mod store;

pub use payload::{Payload, UnknownPayload};
pub use store::{Event, EventError, PERSONAL, append, forget, forget_before, hold, read};

/// The contracts, generated from `proto/`.
#[expect(missing_docs, clippy::pedantic, reason = "generated; documented in the .proto files")]
pub mod v1 {
    include!(concat!(env!("OUT_DIR"), "/oo.events.v1.rs"));
}
