//! Values that only a browser or a provider may know.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use kernel::Entropy;
use secrecy::SecretString;
use sha2::{Digest, Sha256};

/// The length of what [`fresh`] makes: 32 bytes in base64url.
const LENGTH: usize = 43;

/// 256 random bits in base64url: also a PKCE verifier (RFC 7636, section 4.1).
pub(crate) fn fresh(entropy: &Entropy) -> SecretString {
    BASE64_URL_SAFE_NO_PAD.encode(entropy.bytes::<32>()).into()
}

/// Whether `value` looks like one that [`fresh`] made.
pub(crate) fn is_well_formed(value: &str) -> bool {
    value.len() == LENGTH && BASE64_URL_SAFE_NO_PAD.decode(value).is_ok()
}

/// What is stored in its place. The value has at least 128 random bits, so that no salt is needed.
pub(crate) fn hash(value: impl AsRef<[u8]>) -> Vec<u8> {
    Sha256::digest(value).to_vec()
}
