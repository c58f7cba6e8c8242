//! Letters to a mailbox, by SMTP (RFC 5321): the tip that is open, with links that answer it.
//!
//! A [`MailConfig`] names the server. A `Mailer` is the [channel](crate::channel::Channel); what it sends is a `Letter`,
//! in plain words and in HTML. Each [`Link`](link) in it carries what it asks for, sealed with the person's own key: it
//! asks in their name without a sign-in, does nothing before somebody has said so on the page that it leads to, and
//! opens no more as soon as the person is gone.

pub(crate) mod address;
mod config;
mod letter;
pub(crate) mod link;
mod mailer;
mod outcome;

pub use config::{MailConfig, NoServer, Server};
pub(crate) use mailer::Mailer;
