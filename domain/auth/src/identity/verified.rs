//! Somebody, as an issuer has vouched for.

use std::fmt;

use crate::{AuthError, Flaw};

/// How much of either side of an address is kept: enough to tell two of one's own apart.
const KEPT: usize = 2;

/// Somebody, as an issuer has vouched for.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifiedIdentity {
    issuer: String,
    subject: String,
    email: Option<String>,
    hint: String,
}

impl VerifiedIdentity {
    /// A subject has 1 to 255 characters (OIDC Core 1.0, section 2).
    ///
    /// # Errors
    /// [`Flaw::Claim`] for any other.
    pub fn new(issuer: &str, subject: &str) -> Result<Self, AuthError> {
        if (1..=255).contains(&subject.chars().count()) && !subject.contains('\0') {
            let (issuer, subject) = (issuer.to_owned(), subject.to_owned());
            Ok(Self { issuer, subject, email: None, hint: String::new() })
        } else {
            Err(AuthError::Invalid(Flaw::Claim))
        }
    }

    /// With an address that the issuer has verified. It opens a closed house, and is not kept.
    #[must_use]
    pub fn with_email(self, email: &str) -> Self {
        Self { email: Some(email.to_owned()), ..self.hinted(email) }
    }

    /// With an address that nobody may have verified: it only helps to tell identities apart.
    #[must_use]
    pub fn hinted(self, email: &str) -> Self {
        Self { hint: hint(email), ..self }
    }

    /// Who vouches.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Whom for.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The verified address.
    pub fn email(&self) -> Option<&str> {
        self.email.as_deref()
    }

    /// What the person may recognise it by, such as `an…@ex…`; may be empty.
    pub fn hint(&self) -> &str {
        &self.hint
    }
}

impl fmt::Debug for VerifiedIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedIdentity").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// The beginnings of an address, as far as they are plain; nothing for what is none.
fn hint(email: &str) -> String {
    let Some((name, host)) = email.rsplit_once('@') else { return String::new() };
    let begin = |text: &str| -> String {
        text.chars().filter(|char| char.is_alphanumeric()).take(KEPT).collect()
    };
    format!("{}…@{}…", begin(name), begin(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_address_the_beginnings_are_kept() {
        for (email, expected) in [
            ("ana@example.org", "an…@ex…"),
            ("a@b", "a…@b…"),
            ("\u{202e}<b>@\n\u{200b}x", "b…@x…"),
            ("nobody", ""),
            ("", ""),
        ] {
            assert_eq!(hint(email), expected);
        }
    }

    #[test]
    fn the_address_is_not_shown() {
        let identity = VerifiedIdentity::new("issuer", "subject").expect("a subject");
        let identity = identity.with_email("ana@example.org");
        assert_eq!(identity.email(), Some("ana@example.org"));
        assert!(!format!("{identity:?}").contains("ana"));
    }
}
