//! Apple has no client secret: it wants a short-lived JWT, signed with a key of the developer's
//! (<https://developer.apple.com/documentation/accountorganizationaldatasharing/creating-a-client-secret>).

use std::fmt;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use kernel::Timestamp;
use openidconnect::IssuerUrl;
use p256::{
    ecdsa::{Signature, SigningKey, signature::Signer},
    pkcs8::DecodePrivateKey,
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

/// How long a client secret is good for: one exchange.
const LIFETIME: TimeDelta = TimeDelta::minutes(5);

/// The key that signs client secrets.
#[derive(Clone)]
pub struct AppleKey {
    team: String,
    id: String,
    key: SigningKey,
}

/// The text is not a key of Apple's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is not a private key in PKCS #8, as in Apple's file AuthKey_….p8")]
pub struct NotAKey;

impl AppleKey {
    /// `team` and `id` as Apple's developer pages show them; `pem` is the content of the key's file.
    ///
    /// # Errors
    /// When `pem` is no P-256 key.
    pub fn new(
        team: impl Into<String>,
        id: impl Into<String>,
        pem: &SecretString,
    ) -> Result<Self, NotAKey> {
        let key = SigningKey::from_pkcs8_pem(pem.expose_secret().trim()).map_err(|_| NotAKey)?;
        Ok(Self { team: team.into(), id: id.into(), key })
    }

    /// A client secret for `client`, signed with ES256 (RFC 7518, section 3.4).
    pub(super) fn client_secret(
        &self,
        client: &str,
        audience: &IssuerUrl,
        now: Timestamp,
    ) -> SecretString {
        let header = json!({ "alg": "ES256", "kid": self.id, "typ": "JWT" });
        let claims = json!({
            "iss": self.team,
            "iat": now.timestamp(),
            "exp": (now + LIFETIME).timestamp(),
            "aud": audience.as_str(),
            "sub": client,
        });
        let part = |json: serde_json::Value| BASE64_URL_SAFE_NO_PAD.encode(json.to_string());
        let signed = format!("{}.{}", part(header), part(claims));
        let signature: Signature = self.key.sign(signed.as_bytes());
        format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature.to_bytes())).into()
    }
}

impl fmt::Debug for AppleKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppleKey")
            .field("team", &self.team)
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
