//! People, and the identities that they sign in with.
//!
//! A person is found by (issuer, subject), which OIDC Core 1.0, section 5.7, names as the only
//! claims to rely on: an e-mail address can change hands.

mod store;

use kernel::{Clock, Entropy, UserId};
use sqlx::PgPool;

use crate::{AuthError, Flaw};

/// Somebody, as an issuer has vouched for.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifiedIdentity {
    issuer: String,
    subject: String,
}

impl VerifiedIdentity {
    /// A subject has 1 to 255 characters (OIDC Core 1.0, section 2).
    pub(crate) fn new(issuer: &str, subject: &str) -> Result<Self, AuthError> {
        if (1..=255).contains(&subject.chars().count()) && !subject.contains('\0') {
            Ok(Self { issuer: issuer.to_owned(), subject: subject.to_owned() })
        } else {
            Err(AuthError::Invalid(Flaw::Claim))
        }
    }

    /// Who vouches.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Whom for.
    pub fn subject(&self) -> &str {
        &self.subject
    }
}

impl std::fmt::Debug for VerifiedIdentity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("VerifiedIdentity").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// The person with this identity, made when there is none yet. Of several first sign-ins at once, one
/// makes the person and all get the same.
pub async fn sign_in_with(
    db: &PgPool,
    clock: &dyn Clock,
    entropy: &Entropy,
    identity: &VerifiedIdentity,
) -> Result<UserId, AuthError> {
    if let Some(user) = store::find(db, identity).await? {
        return Ok(user);
    }

    let now = clock.now();
    match store::insert(db, UserId(entropy.id(now)), identity, now).await? {
        Some(user) => Ok(user),
        None => store::find(db, identity)
            .await?
            .ok_or_else(|| AuthError::internal("the person went away during the sign-in")),
    }
}

/// The one person of the demo.
pub async fn demo_user(
    db: &PgPool,
    clock: &dyn Clock,
    entropy: &Entropy,
) -> Result<UserId, AuthError> {
    let demo = VerifiedIdentity::new("demo", "demo")?;
    sign_in_with(db, clock, entropy, &demo).await
}
