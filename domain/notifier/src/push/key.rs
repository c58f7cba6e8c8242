//! The key pair by which push services know this oO: P-256, for ES256 (RFC 8292).

use std::fmt;

use base64::{
    Engine,
    alphabet::URL_SAFE,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use kernel::Entropy;
use p256::SecretKey;
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

/// In bytes, of the scalar.
const LENGTH: usize = 32;

/// Written without padding, as browsers want it; read with it too.
pub(super) const BASE64: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What oO signs with. A browser's subscription is bound to its public half: with another key, everybody
/// subscribes anew.
#[derive(Clone)]
pub struct Key {
    secret: SecretString,
    public: String,
}

/// What is wrong with a key's text. It never repeats the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoKey {
    /// It is not base64url.
    #[error("the key is not base64url")]
    Base64,
    /// It has the wrong length.
    #[error("the key has {0} bytes where {LENGTH} are needed")]
    Length(usize),
    /// It is zero, or beyond the curve's order.
    #[error("the key is not one of P-256")]
    Scalar,
}

impl Key {
    /// Reads the base64url of a scalar of 32 bytes.
    ///
    /// # Errors
    /// See [`NoKey`].
    pub fn parse(text: &SecretString) -> Result<Self, NoKey> {
        let bytes = BASE64.decode(text.expose_secret().trim()).map_err(|_| NoKey::Base64)?;
        let bytes = Zeroizing::new(bytes);
        if bytes.len() != LENGTH {
            return Err(NoKey::Length(bytes.len()));
        }
        Self::of(&bytes).ok_or(NoKey::Scalar)
    }

    /// A new one.
    pub fn generate(entropy: &Entropy) -> Self {
        loop {
            // All but one in 2³² numbers of 32 bytes are keys.
            let bytes = Zeroizing::new(entropy.bytes::<LENGTH>());
            if let Some(key) = Self::of(bytes.as_slice()) {
                return key;
            }
        }
    }

    /// The text that [`Key::parse`] reads: what `OO_PUSH_KEY` holds.
    pub fn secret(&self) -> &SecretString {
        &self.secret
    }

    /// The public half, as a browser's `applicationServerKey`: base64url of the point, uncompressed, 65 bytes.
    pub fn public(&self) -> &str {
        &self.public
    }

    fn of(bytes: &[u8]) -> Option<Self> {
        let key = SecretKey::from_slice(bytes).ok()?;
        Some(Self {
            secret: SecretString::from(BASE64.encode(bytes)),
            public: BASE64.encode(key.public_key().to_sec1_bytes()),
        })
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("public", &self.public).finish_non_exhaustive()
    }
}
