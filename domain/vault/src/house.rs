//! What is sealed for the house itself: the person whose it was has left, and their data key with them.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretString};

use crate::{Place, Vault, VaultError};

impl Vault {
    /// Seals `secret` under the first master key, for this place: as text, with the key's id before it. A rotation
    /// does not touch it, so it is for what does not last.
    ///
    /// # Errors
    /// None in practice: the cipher refuses only what is longer than 256 GiB.
    pub fn seal_for_house(
        &self,
        place: Place<'_>,
        secret: &SecretString,
    ) -> Result<String, VaultError> {
        let blob = self.keys.seal(&self.entropy, &place, secret.expose_secret().as_bytes())?;
        Ok(format!("{}:{}", self.keys.first_id(), BASE64_URL_SAFE_NO_PAD.encode(blob)))
    }

    /// Opens what [`Vault::seal_for_house`] sealed for the same place.
    ///
    /// # Errors
    /// [`VaultError::Malformed`], [`VaultError::UnknownMasterKey`] and [`VaultError::Damaged`].
    pub fn open_for_house(
        &self,
        place: Place<'_>,
        sealed: &str,
    ) -> Result<SecretString, VaultError> {
        let (id, blob) = sealed.split_once(':').ok_or(VaultError::Malformed)?;
        let blob = BASE64_URL_SAFE_NO_PAD.decode(blob).map_err(|_| VaultError::Malformed)?;
        let secret = self.keys.open(id, &place, &blob)?;
        let secret = str::from_utf8(&secret).map_err(|_| VaultError::Damaged)?;
        Ok(SecretString::from(secret))
    }
}
