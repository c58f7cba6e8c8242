//! When oO speaks up by itself, and how that reaches a person.
//!
//! A few times an hour it is thought of each person who allows it and has a browser or a mailbox to be reached by
//! ([`Notifier::tick`]). Most of the time oO stays quiet, for a reason that the person can read
//! ([`Notifier::recent`]); where there is none, [`timing`] draws whether to speak, and the probability is written down.
//! An hour later it is learned from what the person did. What is said is the tip that the page shows: a tip is told of
//! once, by all of the person's channels.
//!
//! What was drawn is a log too, which tells what other choosers of moments would have earned ([`past`]).
//!
//! The way of a notification: `think` (whether, and of what) → `store` → `deliver` (to whom, by [`push`] or [`mail`]) → `learn`.

mod channel;
mod deliver;
mod devices;
mod front;
mod learn;
pub mod mail;
mod mailbox;
mod outcome;
pub mod past;
pub mod points;
pub mod push;
pub mod quiet;
mod store;
mod text;
mod think;
pub mod timing;
mod verdict;

pub use channel::Rhythm;
pub use devices::{Browser, Device, SubscribeError, Trial};
pub use front::{Channels, Error, Notifier, SetUpError};
pub use mail::link::Asks;
pub use mailbox::{Asked, Followed, Mailbox, MailboxError};
pub use outcome::{Outcome, retry_at};
pub use store::PERSONAL;
pub use think::Ticked;
pub use verdict::{Entry, Verdict};
