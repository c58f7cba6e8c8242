//! Seals secrets before they reach the database: an envelope for each person.
//!
//! What is sealed for a person is sealed by their [`DataKey`], 32 random bytes that are made when the first
//! secret is. The data key itself stands in `vault.data_key`, wrapped by one of the operator's
//! [`MasterKeys`], which the database never sees. So a master key is changed without touching a single sealed
//! secret ([`Vault::rotate`]), and a person's secrets are gone everywhere, backups of other tables included,
//! as soon as one row is ([`Vault::destroy`]). No data key is held in memory longer than it is used.
//!
//! Both layers are XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) with a random nonce:
//!
//! ```text
//! a sealed secret     version 2 (1) · nonce (24) · ciphertext and tag (16 more than the secret)
//! a wrapped data key  version 1 (1) · nonce (24) · ciphertext and tag (48)
//! ```
//!
//! For a few days, something may have to be sealed for nobody: the tokens of a person who has left, until their
//! provider has heard of it. That is sealed by a master key itself ([`Vault::seal_for_house`], version 3).
//!
//! Whose secret it is and in which [`Place`] is authenticated with it, each part with its length before it:
//! what was moved to another row or column does not open. With a data key, whose it is and the master key's
//! id are.

mod cipher;
mod data_key;
mod error;
mod front;
mod house;
mod master;
mod rotate;
mod store;

pub use data_key::{DataKey, Place};
pub use error::VaultError;
pub use front::Vault;
pub use master::{KeySpecError, MasterKeys};
pub use rotate::{Held, MasterKeyState, Rotated};
pub use store::PERSONAL;
