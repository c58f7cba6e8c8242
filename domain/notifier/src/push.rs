//! Notes to a browser, which shows them though no page is open: Web Push (RFC 8030), encrypted from here to the
//! browser (RFC 8291, RFC 8188), and signed by this oO (VAPID, RFC 8292).
//!
//! A [`Subscription`] is what a browser hands out, and untrusted: it is parsed against the [`Services`] that may be
//! asked. A [`Message`] is a [`Note`] and how it is to be carried. A [`Pusher`] sends one, a [`Fleet`] many at once;
//! what came of it is an [`Outcome`](crate::Outcome).

pub(crate) mod channel;
mod config;
mod fleet;
mod gate;
mod key;
mod message;
mod note;
mod outcome;
mod pusher;
mod services;
mod subscription;
mod vapid;

pub use config::{Contact, NoContact, PushConfig};
pub use fleet::Fleet;
pub use key::{Key, NoKey};
pub use message::{Message, Topic, Urgency};
pub use note::{About, Navigate, NoPath, Note};
pub use pusher::{PushError, Pusher};
pub use services::{NoServices, Services};
pub use subscription::{Subscription, SubscriptionError};
