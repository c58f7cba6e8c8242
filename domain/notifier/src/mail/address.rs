//! A mailbox's address, as it is kept: sealed with the person's own key.

use lettre::Address;
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;
use vault::{DataKey, Place, VaultError};

/// Seals an address for a person.
pub(crate) fn seal(key: &DataKey, mailbox: Uuid, address: &Address) -> Result<Vec<u8>, VaultError> {
    key.seal(place(&mailbox.to_string()), &SecretString::from(address.to_string()))
}

/// The inverse of [`seal`].
pub(crate) fn open(
    key: &DataKey,
    mailbox: Uuid,
    sealed: &[u8],
) -> Result<Option<Address>, VaultError> {
    let address = key.open(place(&mailbox.to_string()), sealed)?;
    // What could be written to by an earlier version may be no address any more.
    Ok(address.expose_secret().parse().ok())
}

fn place(row: &str) -> Place<'_> {
    Place { table: "notifier.subscription", row, field: "address" }
}
