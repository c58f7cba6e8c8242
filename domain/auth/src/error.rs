//! What can go wrong, as far as a caller can decide on it.

use std::{error::Error, time::Duration};

/// Why there is no sign-in.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// The provider, or the person there, said no.
    #[error("the provider refused: {0}")]
    Denied(Refusal),
    /// The provider cannot be used now. Later it may.
    #[error("the provider cannot be used: {0}")]
    Unavailable(&'static str),
    /// What came back is not to be trusted, or is used up. A new sign-in may succeed.
    #[error("the sign-in is not valid: {0}")]
    Invalid(Flaw),
    /// It was tried too often.
    #[error("it was tried too often")]
    TooOften {
        /// How long to wait, a second at least.
        wait: Duration,
    },
    /// The house is closed to people who are not here yet.
    #[error("nobody new is let in")]
    NotAdmitted,
    /// Our own fault: the database, or the configuration.
    #[error("the sign-in failed")]
    Internal(#[source] Box<dyn Error + Send + Sync>),
}

/// Why a provider refused: its `error` parameter (RFC 6749, section 4.1.2.1, and OIDC Core
/// 1.0, section 3.1.2.6), told apart but never echoed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The person, or a rule there, declined.
    #[error("access was denied")]
    AccessDenied,
    /// The person has something left to do there.
    #[error("it needs the person to do something there")]
    InteractionRequired,
    /// It is out of order.
    #[error("it is out of order")]
    OutOfOrder,
    /// It does not like how it was asked, or gave a reason of its own.
    #[error("it did not accept the request")]
    Other,
}

impl Refusal {
    pub(crate) fn of(error: &str) -> Self {
        match error {
            "access_denied" => Self::AccessDenied,
            "interaction_required"
            | "login_required"
            | "account_selection_required"
            | "consent_required" => Self::InteractionRequired,
            "server_error" | "temporarily_unavailable" => Self::OutOfOrder,
            _ => Self::Other,
        }
    }
}

/// What is wrong with the return from a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// There is no such flow: never begun, used, expired, or begun in another browser.
    #[error("its flow is unknown, used up or from another browser")]
    Flow,
    /// Another issuer than the one that was asked (RFC 9207, or `iss` of the ID token).
    #[error("it is from another issuer")]
    Issuer,
    /// No code, or one that the provider does not accept.
    #[error("the code is missing or not accepted")]
    Code,
    /// There is no ID token, or the answer cannot be read.
    #[error("there is no readable ID token")]
    Token,
    /// Not signed by the provider's keys.
    #[error("the signature does not hold")]
    Signature,
    /// Meant for another client.
    #[error("it is meant for another client")]
    Audience,
    /// Past its time.
    #[error("it has expired")]
    Expired,
    /// Not the nonce that was sent.
    #[error("the nonce is another one")]
    Nonce,
    /// No usable subject, or a claim that does not hold.
    #[error("a claim does not hold")]
    Claim,
}

impl AuthError {
    pub(crate) fn internal(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }
}

impl From<sqlx::Error> for AuthError {
    fn from(error: sqlx::Error) -> Self {
        Self::internal(error)
    }
}

impl From<tower_sessions::session::Error> for AuthError {
    fn from(error: tower_sessions::session::Error) -> Self {
        Self::internal(error)
    }
}
