//! Seals secrets before they reach the database.
//!
//! XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) with a random nonce. A sealed secret is
//!
//! ```text
//! version (1) · key id's length (1) · key id · nonce (24) · ciphertext and tag (16 more than the secret)
//! ```
//!
//! Whose secret it is, of which provider and in which field is authenticated with it, each part with its
//! length before it: what was moved to another row or column does not open.

use std::fmt;

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose},
};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use kernel::{Entropy, SharedEntropy, UserId};
use secrecy::{ExposeSecret, SecretString};

/// The layout of a sealed secret, in its first byte.
const VERSION: u8 = 1;

/// Bytes of a key.
const KEY_BYTES: usize = 32;

/// Bytes of a nonce.
const NONCE_BYTES: usize = 24;

/// The longest key id.
const MAX_KEY_ID: usize = 32;

/// With or without padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The keys, and what they seal.
pub struct Vault {
    /// The first one seals; all of them open.
    keys: Vec<(String, XChaCha20Poly1305)>,
    entropy: SharedEntropy,
}

/// What is wrong with the text that the keys are read from. It tells the key by its place (1 is the
/// first), never by its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeySpecError {
    /// There is no key.
    #[error("there is no key: expected id:base64key[,id:base64key]")]
    Empty,
    /// There is no colon between id and key.
    #[error("key {0} is not of the form id:base64key")]
    Form(usize),
    /// The id is not made of 1 to 32 letters, digits, `-` and `_`.
    #[error("the id of key {0} is not made of 1 to 32 letters, digits, '-' and '_'")]
    Id(usize),
    /// An id is there twice.
    #[error("key {0} has the id of an earlier one")]
    Twice(usize),
    /// The key is not base64.
    #[error("key {0} is not base64")]
    Base64(usize),
    /// The key has the wrong length.
    #[error("key {place} has {bytes} bytes where 32 are needed")]
    Length {
        /// Which key.
        place: usize,
        /// How many bytes it has.
        bytes: usize,
    },
}

/// Why a secret cannot be sealed or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// Not the layout of a sealed secret.
    #[error("this is not a sealed secret")]
    Malformed,
    /// Sealed with a key that is not here.
    #[error("the key of a sealed secret is not configured")]
    UnknownKey,
    /// Changed, moved to another row or column, or sealed with another key of the same id.
    #[error("a sealed secret does not open")]
    Damaged,
}

impl Vault {
    /// Reads the keys from `id:base64key[,id2:base64key2]`, each of exactly 32 bytes. The first one seals,
    /// all of them open: a new key is put in front, and the old one goes when nothing is sealed with it.
    ///
    /// # Errors
    /// See [`KeySpecError`].
    pub fn from_keys(spec: &SecretString, entropy: SharedEntropy) -> Result<Self, KeySpecError> {
        let spec = spec.expose_secret().trim();
        if spec.is_empty() {
            return Err(KeySpecError::Empty);
        }
        let mut keys: Vec<(String, XChaCha20Poly1305)> = Vec::new();
        for (index, part) in spec.split(',').enumerate() {
            let place = index + 1;
            let (id, key) = part.trim().split_once(':').ok_or(KeySpecError::Form(place))?;
            if !is_key_id(id) {
                return Err(KeySpecError::Id(place));
            }
            if keys.iter().any(|(earlier, _)| earlier == id) {
                return Err(KeySpecError::Twice(place));
            }
            let key = BASE64.decode(key).map_err(|_| KeySpecError::Base64(place))?;
            let cipher = XChaCha20Poly1305::new_from_slice(&key)
                .map_err(|_| KeySpecError::Length { place, bytes: key.len() })?;
            keys.push((id.to_owned(), cipher));
        }
        Ok(Self { keys, entropy })
    }

    /// A new `id:base64key`, for the set-up.
    pub fn generate_key(entropy: &Entropy) -> String {
        let id = general_purpose::URL_SAFE_NO_PAD.encode(entropy.bytes::<6>());
        format!("{id}:{}", BASE64.encode(entropy.bytes::<KEY_BYTES>()))
    }

    /// Seals `secret` for this person's row of `provider` and this field.
    ///
    /// # Errors
    /// None in practice: the cipher refuses only what is longer than 256 GiB.
    pub fn seal(
        &self,
        user: UserId,
        provider: &str,
        field: &str,
        secret: &SecretString,
    ) -> Result<Vec<u8>, VaultError> {
        let (id, cipher) = self.keys.first().ok_or(VaultError::UnknownKey)?;
        let nonce = self.entropy.bytes::<NONCE_BYTES>();
        let mut blob = vec![VERSION, u8::try_from(id.len()).map_err(|_| VaultError::Malformed)?];
        blob.extend_from_slice(id.as_bytes());

        let aad = associated(&blob, user, provider, field);
        let payload = Payload { msg: secret.expose_secret().as_bytes(), aad: &aad };
        let sealed =
            cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| VaultError::Damaged)?;

        blob.extend_from_slice(&nonce);
        blob.extend_from_slice(&sealed);
        Ok(blob)
    }

    /// Opens what [`Vault::seal`] sealed for the same person, provider and field.
    ///
    /// # Errors
    /// See [`VaultError`].
    pub fn open(
        &self,
        user: UserId,
        provider: &str,
        field: &str,
        blob: &[u8],
    ) -> Result<SecretString, VaultError> {
        let (header, id, rest) = parts(blob).ok_or(VaultError::Malformed)?;
        let (nonce, sealed) =
            rest.split_first_chunk::<NONCE_BYTES>().ok_or(VaultError::Malformed)?;
        let key = self.keys.iter().find(|(own, _)| own.as_bytes() == id);
        let (_, cipher) = key.ok_or(VaultError::UnknownKey)?;

        let aad = associated(header, user, provider, field);
        let payload = Payload { msg: sealed, aad: &aad };
        let secret =
            cipher.decrypt(&XNonce::from(*nonce), payload).map_err(|_| VaultError::Damaged)?;
        String::from_utf8(secret).map(SecretString::from).map_err(|_| VaultError::Damaged)
    }
}

/// Parts a sealed secret into its header, the key id in it, and what follows.
fn parts(blob: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let [VERSION, length, ..] = *blob else { return None };
    let (header, rest) = blob.split_at_checked(2 + usize::from(length))?;
    Some((header, &header[2..], rest))
}

/// What is authenticated beside the secret.
fn associated(header: &[u8], user: UserId, provider: &str, field: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for part in [header, user.uuid().as_bytes(), provider.as_bytes(), field.as_bytes()] {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part);
    }
    bytes
}

fn is_key_id(id: &str) -> bool {
    let fits = (1..=MAX_KEY_ID).contains(&id.len());
    fits && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<_> = self.keys.iter().map(|(id, _)| id).collect();
        f.debug_struct("Vault").field("keys", &ids).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
