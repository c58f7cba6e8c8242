//! Where a browser takes notes, and the keys that it opens them with. All of it is untrusted.

use std::fmt;

use base64::Engine;
use p256::PublicKey;
use sha2::{Digest, Sha256};
use url::Url;

use super::{Services, key::BASE64};

/// The longest endpoint, in bytes; those that are known have some 200, Edge's up to 500.
const MOST_ENDPOINT: usize = 1_024;

/// The longest text of a key, in letters: base64 of 65 bytes has 88, with its padding.
const MOST_KEY: usize = 88;

/// In bytes: a P-256 point, uncompressed.
const POINT: usize = 65;

/// In bytes (RFC 8291, section 3.2).
const AUTH: usize = 16;

/// A browser's subscription. Whoever has it can write to that browser, but for the signature: it is shown nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Subscription {
    endpoint: Url,
    p256dh: [u8; POINT],
    auth: [u8; AUTH],
}

/// Why it is none. The text never repeats what was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubscriptionError {
    /// The endpoint is too long.
    #[error("the endpoint is longer than {MOST_ENDPOINT} bytes")]
    Long,
    /// The endpoint is no URL, or has a user or a fragment in it.
    #[error("the endpoint is not a plain URL")]
    Endpoint,
    /// The endpoint is not at a service that may be asked: over https, at its usual port.
    #[error("the endpoint is not at a push service that is known")]
    Service,
    /// The key is not base64url of a point on P-256.
    #[error("p256dh is not a point on P-256")]
    Point,
    /// The secret is not base64url of 16 bytes.
    #[error("auth is not {AUTH} bytes")]
    Auth,
}

impl Subscription {
    /// Reads what a browser's `PushSubscription.toJSON()` tells.
    ///
    /// # Errors
    /// See [`SubscriptionError`].
    pub fn parse(
        endpoint: &str,
        p256dh: &str,
        auth: &str,
        services: &Services,
    ) -> Result<Self, SubscriptionError> {
        if endpoint.len() > MOST_ENDPOINT {
            return Err(SubscriptionError::Long);
        }
        let url = Url::parse(endpoint).map_err(|_| SubscriptionError::Endpoint)?;
        let is_plain = url.username().is_empty()
            && url.password().is_none()
            && url.fragment().is_none()
            && url.as_str().len() <= MOST_ENDPOINT;
        if !is_plain || !url.has_host() {
            return Err(SubscriptionError::Endpoint);
        }
        if !services.admit(&url) {
            return Err(SubscriptionError::Service);
        }
        let p256dh = bytes(p256dh).ok_or(SubscriptionError::Point)?;
        // A point that is not on the curve would tell an attacker of the key that it is multiplied with.
        PublicKey::from_sec1_bytes(&p256dh).map_err(|_| SubscriptionError::Point)?;
        let auth = bytes(auth).ok_or(SubscriptionError::Auth)?;
        Ok(Self { endpoint: url, p256dh, auth })
    }

    /// Where notes are sent: secret, as whoever knows it can send there.
    pub fn endpoint(&self) -> &str {
        self.endpoint.as_str()
    }

    /// The browser's public key, as [`Subscription::parse`] reads it.
    pub fn p256dh(&self) -> String {
        BASE64.encode(self.p256dh)
    }

    /// The secret that the browser shares with whoever sends to it, as [`Subscription::parse`] reads it.
    pub fn auth(&self) -> String {
        BASE64.encode(self.auth)
    }

    /// SHA-256 of the endpoint: tells one from another, and nothing else.
    pub fn fingerprint(&self) -> [u8; 32] {
        Sha256::digest(self.endpoint()).into()
    }

    /// The service's name or address.
    pub fn host(&self) -> &str {
        self.endpoint.host_str().unwrap_or_default()
    }

    /// Scheme, host, and port where it is not the usual one.
    pub(super) fn origin(&self) -> String {
        self.endpoint.origin().ascii_serialization()
    }

    pub(super) fn url(&self) -> &Url {
        &self.endpoint
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription").field("host", &self.host()).finish_non_exhaustive()
    }
}

fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() > MOST_KEY {
        return None;
    }
    BASE64.decode(text).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests;
