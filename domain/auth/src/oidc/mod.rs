//! Sign-in through OIDC providers, each by its configuration: code flow with PKCE (RFC 7636, S256), nonce and state,
//! as RFC 9700 (OAuth 2.0 security) asks, with the issuer check of RFC 9207.
//!
//! The provider is asked who it is at the first sign-in, not at the start of oO, and again an hour later
//! or when a token is signed by a key not seen before.

mod apple;
mod client;
mod discovery;
mod provider;

pub use apple::{AppleKey, NotAKey};
pub use openidconnect::IssuerUrl;
pub use provider::{Begin, Callback, Credential, OidcConfig, Provider, SignIn};
