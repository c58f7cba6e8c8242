//! The operator's keys, which wrap the data keys.

use std::{collections::HashSet, fmt};

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use kernel::{Entropy, UserId};
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use crate::{Place, VaultError, cipher::Key};

/// The layout of a wrapped data key, in its first byte.
const VERSION: u8 = 1;

/// Tells a data key from a secret, whatever key it were opened with.
const PURPOSE: &[u8] = b"data key";

/// The layout of a secret of the house, in its first byte.
const HOUSE_VERSION: u8 = 3;

/// Tells a secret of the house from a data key and from a person's secret.
const HOUSE_PURPOSE: &[u8] = b"secret of the house";

/// The longest id.
const MAX_ID: usize = 32;

/// A key with fewer different bytes is not random: one in 7·10⁹ random keys has so few.
const LEAST_DISTINCT: usize = 20;

/// With or without padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The master keys, each with its id: the first one wraps, all of them unwrap.
#[derive(Clone)]
pub struct MasterKeys {
    first: MasterKey,
    others: Vec<MasterKey>,
}

#[derive(Clone)]
struct MasterKey {
    id: String,
    key: Key,
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

impl MasterKeys {
    /// Reads `id:base64key[,id2:base64key2]`, each key of exactly 32 bytes.
    ///
    /// # Errors
    /// See [`KeySpecError`].
    pub fn parse(spec: &SecretString) -> Result<Self, KeySpecError> {
        let spec = spec.expose_secret().trim();
        if spec.is_empty() {
            return Err(KeySpecError::Empty);
        }
        let mut keys: Vec<MasterKey> = Vec::new();
        for (index, part) in spec.split(',').enumerate() {
            let place = index + 1;
            let key = MasterKey::parse(part, place)?;
            if keys.iter().any(|earlier| earlier.id == key.id) {
                return Err(KeySpecError::Twice(place));
            }
            keys.push(key);
        }
        let mut keys = keys.into_iter();
        let first = keys.next().ok_or(KeySpecError::Empty)?;
        Ok(Self { first, others: keys.collect() })
    }

    /// A new `id:base64key`, for the set-up.
    pub fn generate(entropy: &Entropy) -> SecretString {
        let MasterKey { id, key } = MasterKey::random(entropy);
        let key = Zeroizing::new(BASE64.encode(key.bytes()));
        SecretString::from(format!("{id}:{}", *key))
    }

    /// One new key that is written down nowhere: what it wraps is lost with the process.
    pub fn random(entropy: &Entropy) -> Self {
        Self { first: MasterKey::random(entropy), others: Vec::new() }
    }

    /// The place (1 is the first) of a key that nobody drew at random: its bytes are all ASCII, as those of
    /// a passphrase are, or fewer than 20 different ones. A random key is taken for one with a probability
    /// of 2⁻³² + 1.5·10⁻¹⁰, less than 10⁻⁹.
    pub fn weak(&self) -> Option<usize> {
        let weak = |key: &MasterKey| {
            let bytes = key.key.bytes();
            let distinct: HashSet<_> = bytes.iter().collect();
            bytes.is_ascii() || distinct.len() < LEAST_DISTINCT
        };
        self.all().position(weak).map(|index| index + 1)
    }

    /// The id of the key that wraps.
    pub fn first_id(&self) -> &str {
        &self.first.id
    }

    /// All ids, that of the first key first.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.all().map(|key| key.id.as_str())
    }

    /// Wraps with the first key.
    pub(crate) fn wrap(
        &self,
        entropy: &Entropy,
        user: UserId,
        key: &Key,
    ) -> Result<Vec<u8>, VaultError> {
        let MasterKey { id, key: master } = &self.first;
        master.seal(entropy, VERSION, &context(&user, id), key.bytes())
    }

    /// Unwraps with the key of this id.
    pub(crate) fn unwrap(&self, user: UserId, id: &str, wrapped: &[u8]) -> Result<Key, VaultError> {
        let master = self.all().find(|key| key.id == id).ok_or(VaultError::UnknownMasterKey)?;
        let bytes = master.key.open(VERSION, &context(&user, id), wrapped)?;
        Key::from_slice(&bytes).ok_or(VaultError::Damaged)
    }

    /// Seals with the first key.
    pub(crate) fn seal(
        &self,
        entropy: &Entropy,
        place: &Place<'_>,
        secret: &[u8],
    ) -> Result<Vec<u8>, VaultError> {
        let MasterKey { id, key } = &self.first;
        key.seal(entropy, HOUSE_VERSION, &house_context(id, place), secret)
    }

    /// Opens with the key of this id.
    pub(crate) fn open(
        &self,
        id: &str,
        place: &Place<'_>,
        blob: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let master = self.all().find(|key| key.id == id).ok_or(VaultError::UnknownMasterKey)?;
        master.key.open(HOUSE_VERSION, &house_context(id, place), blob)
    }

    fn all(&self) -> impl Iterator<Item = &MasterKey> {
        std::iter::once(&self.first).chain(&self.others)
    }
}

impl MasterKey {
    fn random(entropy: &Entropy) -> Self {
        let id = u32::from_be_bytes(entropy.bytes());
        Self { id: format!("k{id:08x}"), key: Key::random(entropy) }
    }

    fn parse(text: &str, place: usize) -> Result<Self, KeySpecError> {
        let (id, key) = text.trim().split_once(':').ok_or(KeySpecError::Form(place))?;
        if !is_id(id) {
            return Err(KeySpecError::Id(place));
        }
        let bytes = Zeroizing::new(BASE64.decode(key).map_err(|_| KeySpecError::Base64(place))?);
        let length = KeySpecError::Length { place, bytes: bytes.len() };
        Ok(Self { id: id.to_owned(), key: Key::from_slice(&bytes).ok_or(length)? })
    }
}

/// What is authenticated beside a secret of the house.
fn house_context<'a>(id: &'a str, place: &Place<'a>) -> [&'a [u8]; 5] {
    let Place { table, row, field } = *place;
    [HOUSE_PURPOSE, id.as_bytes(), table.as_bytes(), row.as_bytes(), field.as_bytes()]
}

/// What is authenticated beside a data key.
fn context<'a>(user: &'a UserId, id: &'a str) -> [&'a [u8]; 3] {
    [PURPOSE, user.0.as_bytes(), id.as_bytes()]
}

fn is_id(id: &str) -> bool {
    let fits = (1..=MAX_ID).contains(&id.len());
    fits && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

impl fmt::Debug for MasterKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<_> = self.ids().collect();
        f.debug_struct("MasterKeys").field("ids", &ids).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
