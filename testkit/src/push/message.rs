//! What has arrived.

use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A message that the service has taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// The browser's id.
    pub subscription: String,
    /// What the browser reads: JSON, or a string where it is none; null when it could not be opened.
    pub data: Value,
    /// For how long it would be kept, in seconds.
    pub ttl: u64,
    /// `normal` when the sender does not say.
    pub urgency: String,
    /// What it takes the place of.
    pub topic: Option<String>,
    /// Who has sent it.
    pub signed: Signed,
    /// As it was sent: the header `Authorization`.
    pub authorization: String,
    /// As it was sent: the body, in base64url.
    pub body: String,
    /// The length of the body, in bytes.
    pub bytes: usize,
    /// The length of what the browser reads, padding included, in bytes.
    pub plaintext_bytes: Option<usize>,
    /// When it came.
    pub at: Timestamp,
}

/// What the sender's signature says (RFC 8292, section 2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// The service's origin.
    pub aud: String,
    /// Until when it is good, in seconds since 1970.
    pub exp: i64,
    /// Whom the service can turn to.
    pub sub: String,
    /// The public key that it was checked with, in base64url.
    pub key: String,
}
