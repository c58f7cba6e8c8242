//! When oO speaks up by itself, and how that reaches a person.
//!
//! A few times an hour it is thought of each person who allows it and has a browser that takes pushes
//! ([`Notifier::tick`]). Most of the time oO stays quiet, for a reason that the person can read
//! ([`Notifier::recent`]); where there is none, [`timing`] draws whether to speak, and the probability is written down.
//! An hour later it is learned from what the person did. What is said is the tip that the page shows: a tip is told of
//! once, and to all of the person's browsers.
//!
//! The way of a notification: `think` (whether, and of what) → `store` → `deliver` (to whom, by [`push`]) → `learn`.

mod deliver;
mod devices;
mod front;
mod learn;
pub mod points;
pub mod push;
pub mod quiet;
mod store;
mod think;
pub mod timing;
mod verdict;

pub use devices::{Device, SubscribeError, Trial};
pub use front::{Error, Notifier};
pub use store::PERSONAL;
pub use think::Ticked;
pub use verdict::{Entry, Verdict};
