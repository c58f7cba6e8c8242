//! Todoist's unified API v1 and its OAuth (<https://developer.todoist.com/api/v1/>).

mod client;
mod connector;
mod oauth;
mod wire;

use std::fmt;

use kernel::Timestamp;
use secrecy::SecretString;
use url::Url;

pub(crate) use client::{CallError, Client};
pub(crate) use connector::Todoist;
pub(crate) use oauth::GrantError;
pub(crate) use wire::is_id;

/// The provider's name, in the database and in what is sealed.
pub(crate) const PROVIDER: &str = "todoist";

/// Where Todoist is, and as whom oO speaks to it.
#[derive(Clone, Debug)]
pub struct TodoistConfig {
    /// `https://api.todoist.com/api/v1`.
    pub api_base: Url,
    /// Where the person's browser is sent to.
    pub authorize_url: Url,
    /// Where codes and refresh tokens are exchanged.
    pub token_url: Url,
    /// Where tokens are revoked (RFC 7009).
    pub revoke_url: Url,
    /// oO's client id.
    pub client_id: String,
    /// oO's client secret.
    pub client_secret: SecretString,
}

impl TodoistConfig {
    /// The real Todoist.
    ///
    /// # Errors
    /// None in practice: the addresses are constants.
    pub fn official(
        client_id: impl Into<String>,
        client_secret: SecretString,
    ) -> Result<Self, url::ParseError> {
        Ok(Self {
            api_base: Url::parse("https://api.todoist.com/api/v1")?,
            authorize_url: Url::parse("https://app.todoist.com/oauth/authorize")?,
            token_url: Url::parse("https://api.todoist.com/oauth/access_token")?,
            revoke_url: Url::parse("https://api.todoist.com/api/v1/revoke")?,
            client_id: client_id.into(),
            client_secret,
        })
    }

    /// All of Todoist at one origin, as its double serves it.
    ///
    /// # Errors
    /// When `origin` cannot be a base.
    pub fn at(
        origin: &Url,
        client_id: impl Into<String>,
        client_secret: SecretString,
    ) -> Result<Self, url::ParseError> {
        Ok(Self {
            api_base: origin.join("/api/v1")?,
            authorize_url: origin.join("/oauth/authorize")?,
            token_url: origin.join("/oauth/access_token")?,
            revoke_url: origin.join("/api/v1/revoke")?,
            client_id: client_id.into(),
            client_secret,
        })
    }
}

/// What a person allows oO to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// See tasks.
    Read,
    /// See, close and reopen tasks.
    ReadWrite,
}

impl Access {
    /// Todoist's name for it. Todoist parts scopes with commas; one is all that oO asks for.
    pub(crate) fn scope(self) -> &'static str {
        match self {
            Self::Read => "data:read",
            Self::ReadWrite => "data:read_write",
        }
    }

    pub(crate) fn from_scope(scope: &str) -> Option<Self> {
        [Self::Read, Self::ReadWrite].into_iter().find(|access| access.scope() == scope)
    }
}

/// What a person's connection consists of.
#[derive(Clone)]
pub struct Tokens {
    /// For the `Authorization: Bearer` header.
    pub access: SecretString,
    /// For the next access token; older apps have none.
    pub refresh: Option<SecretString>,
    /// When the access token ends, when Todoist said so.
    pub expires_at: Option<Timestamp>,
    /// What they allow.
    pub scope: Access,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens")
            .field("expires_at", &self.expires_at)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}
