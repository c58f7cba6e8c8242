//! The library that is part of the binary.

use std::collections::BTreeMap;

use kernel::PartOfDay;
use serde::Deserialize;

use crate::Kind;

/// One piece of advice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// `kind/name`: it stays, also when the text is improved.
    pub id: String,
    /// What is read: one or two sentences.
    pub text: String,
    /// What it is about.
    pub kind: Kind,
    /// The parts of the day that it fits; empty: all of them.
    pub parts: Vec<PartOfDay>,
    /// How long it takes, in minutes.
    pub minutes: u16,
}

impl Advice {
    /// Whether it fits `part`.
    pub fn fits(&self, part: PartOfDay) -> bool {
        self.parts.is_empty() || self.parts.contains(&part)
    }
}

/// All advice that ships, in the order of its ids.
#[derive(Clone, Debug)]
pub struct Library(Vec<Advice>);

/// The file is not a library.
#[derive(Debug, thiserror::Error)]
#[error("the library of advice cannot be read")]
pub struct LibraryError(#[from] toml::de::Error);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    text: String,
    minutes: u16,
    #[serde(default)]
    parts: Vec<PartOfDay>,
}

impl Library {
    /// The library that ships with oO, in English.
    ///
    /// # Errors
    /// When the file is damaged; a test reads it.
    pub fn shipped() -> Result<Self, LibraryError> {
        Self::parse(include_str!("../library/en.toml"))
    }

    fn parse(file: &str) -> Result<Self, LibraryError> {
        let kinds: BTreeMap<Kind, BTreeMap<String, Entry>> = toml::from_str(file)?;
        let mut library: Vec<Advice> = kinds
            .into_iter()
            .flat_map(|(kind, entries)| {
                entries.into_iter().map(move |(name, Entry { text, minutes, parts })| Advice {
                    id: format!("{}/{name}", kind.as_str()),
                    text,
                    kind,
                    parts,
                    minutes,
                })
            })
            .collect();
        library.sort_unstable_by(|a, b| a.id.cmp(&b.id));
        Ok(Self(library))
    }

    /// The advice `id`.
    pub fn get(&self, id: &str) -> Option<&Advice> {
        let position = self.0.binary_search_by(|advice| advice.id.as_str().cmp(id)).ok()?;
        self.0.get(position)
    }

    /// All advice that fits `part`.
    pub fn for_part(&self, part: PartOfDay) -> impl Iterator<Item = &Advice> {
        self.iter().filter(move |advice| advice.fits(part))
    }

    /// All advice.
    pub fn iter(&self) -> impl Iterator<Item = &Advice> {
        self.0.iter()
    }
}
