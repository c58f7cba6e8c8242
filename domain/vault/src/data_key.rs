//! A person's key, and what it seals.

use std::fmt;

use kernel::{SharedEntropy, UserId};
use secrecy::{ExposeSecret, SecretString};

use crate::{VaultError, cipher::Key};

/// The layout of a sealed secret, in its first byte. In version 1 a master key sealed it.
const VERSION: u8 = 2;

/// Tells a secret from a data key, whatever key it were opened with.
const PURPOSE: &[u8] = b"secret";

/// Where a sealed secret stands. The names are a part of the seal: a place that is renamed in the database
/// keeps its name here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// The table, with its schema.
    pub table: &'a str,
    /// What tells the row from the person's other ones: a provider, an id.
    pub row: &'a str,
    /// The column, or the field in it.
    pub field: &'a str,
}

/// The key of one person, in the clear: it comes from [`crate::Vault::key`], is used and dropped.
pub struct DataKey {
    user: UserId,
    key: Key,
    entropy: SharedEntropy,
}

impl DataKey {
    pub(crate) fn new(user: UserId, key: Key, entropy: SharedEntropy) -> Self {
        Self { user, key, entropy }
    }

    /// Seals `secret` for this person and this place.
    ///
    /// # Errors
    /// None in practice: the cipher refuses only what is longer than 256 GiB.
    pub fn seal(&self, place: Place<'_>, secret: &SecretString) -> Result<Vec<u8>, VaultError> {
        let secret = secret.expose_secret().as_bytes();
        self.key.seal(&self.entropy, VERSION, &self.context(&place), secret)
    }

    /// Opens what [`DataKey::seal`] sealed for the same person and place.
    ///
    /// # Errors
    /// [`VaultError::Malformed`] and [`VaultError::Damaged`].
    pub fn open(&self, place: Place<'_>, blob: &[u8]) -> Result<SecretString, VaultError> {
        let secret = self.key.open(VERSION, &self.context(&place), blob)?;
        let secret = str::from_utf8(&secret).map_err(|_| VaultError::Damaged)?;
        Ok(SecretString::from(secret))
    }

    fn context<'a>(&'a self, place: &Place<'a>) -> [&'a [u8]; 5] {
        let Place { table, row, field } = *place;
        [PURPOSE, self.user.0.as_bytes(), table.as_bytes(), row.as_bytes(), field.as_bytes()]
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DataKey").field("user", &self.user).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
