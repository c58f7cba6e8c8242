//! A key of either layer, and what it does.

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use kernel::Entropy;
use zeroize::Zeroizing;

use crate::VaultError;

/// Bytes of a key.
pub(crate) const KEY_BYTES: usize = 32;

/// Bytes of a nonce.
const NONCE_BYTES: usize = 24;

/// A key, wiped when it is dropped.
#[derive(Clone)]
pub(crate) struct Key(Zeroizing<[u8; KEY_BYTES]>);

impl Key {
    pub(crate) fn random(entropy: &Entropy) -> Self {
        Self(Zeroizing::new(entropy.bytes()))
    }

    /// `None` when there are not exactly 32 bytes.
    pub(crate) fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(|bytes| Self(Zeroizing::new(bytes)))
    }

    pub(crate) fn bytes(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }

    /// The version, a new nonce, and the ciphertext with its tag. `context` and the version are
    /// authenticated with it.
    pub(crate) fn seal(
        &self,
        entropy: &Entropy,
        version: u8,
        context: &[&[u8]],
        secret: &[u8],
    ) -> Result<Vec<u8>, VaultError> {
        let nonce = entropy.bytes::<NONCE_BYTES>();
        let aad = associated(version, context);
        let payload = Payload { msg: secret, aad: &aad };
        // The cipher refuses only what is longer than 256 GiB.
        let sealed = self
            .cipher()
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| VaultError::Malformed)?;
        Ok([&[version], &nonce[..], &sealed].concat())
    }

    /// What [`Key::seal`] sealed with the same version and context.
    pub(crate) fn open(
        &self,
        version: u8,
        context: &[&[u8]],
        blob: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let (own, rest) = blob.split_first().ok_or(VaultError::Malformed)?;
        let (nonce, sealed) =
            rest.split_first_chunk::<NONCE_BYTES>().ok_or(VaultError::Malformed)?;
        if *own != version {
            return Err(VaultError::Malformed);
        }
        let aad = associated(version, context);
        let payload = Payload { msg: sealed, aad: &aad };
        let secret = self.cipher().decrypt(&XNonce::from(*nonce), payload);
        secret.map(Zeroizing::new).map_err(|_| VaultError::Damaged)
    }

    /// It wipes its own copy when it is dropped, too.
    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.bytes().into())
    }
}

/// What is authenticated beside the secret.
fn associated(version: u8, context: &[&[u8]]) -> Vec<u8> {
    let mut bytes = vec![version];
    for part in context {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part);
    }
    bytes
}
