//! Who is it: people and their identities, sign-in through OIDC, sessions, tokens for scripts.
//!
//! - [`session`]: who has signed in, kept in Postgres, known to the browser by a cookie.
//! - [`flow`]: the way out to a provider and back, single use and bound to one browser.
//! - [`oidc`]: one OIDC provider, by configuration.
//! - [`identity`]: the person behind a verified identity, made when there is none yet.
//! - [`token`]: what a script shows in place of a session, with scopes and an end.
//! - [`attempts`]: how often somebody tries, counted for all replicas together.
//!
//! A sign-in is [`oidc::Provider::begin`], the provider's own pages, [`oidc::Provider::finish`],
//! [`identity::sign_in_with`], [`session::sign_in`].

pub mod attempts;
mod error;
pub mod flow;
pub mod identity;
pub mod oidc;
mod personal;
mod secret;
pub mod session;
pub mod token;

pub use error::{AuthError, Flaw, Refusal};
pub use personal::PERSONAL;
