//! What is believed of people in general, as a table that can be read: a weight for each group of features.

mod shipped;

use std::fmt::Write as _;

use bandit::{Group, Prior};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::features::{GROUPS, VERSION};
use shipped::SHIPPED;

/// The weights of a group that the table does not have: hardly anything is believed of them.
const UNTOLD: (f64, f64) = (0.0, 0.1);

/// A prior as a table; as JSON, the artefact of a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// The [version](VERSION) of the features.
    pub features_version: i16,
    /// One row a group.
    pub groups: Vec<Row>,
}

/// What is believed of the weights of one group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Its name in [`GROUPS`].
    pub group: String,
    /// By how much the reward is expected to grow with the feature.
    pub mean: f64,
    /// How much that differs between weights and people.
    pub deviation: f64,
}

/// Why a table is no prior.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Unusable {
    /// It was made for other features.
    #[error("it is for version {0} of the features, and this is version {VERSION}")]
    Version(i16),
    /// A row is of no group, or has numbers that cannot be.
    #[error("{0:?} is no group, or its numbers make no sense")]
    Row(String),
}

impl Table {
    /// What `prior` believes.
    pub fn of(prior: &Prior) -> Self {
        let mut from = 0;
        let row = |group: &crate::features::Group| {
            let (mean, deviation) = prior.weight(from);
            from += group.size;
            Row { group: group.name.to_owned(), mean, deviation }
        };
        Self { features_version: VERSION, groups: GROUPS.iter().map(row).collect() }
    }

    /// The prior.
    ///
    /// # Errors
    /// When it is not for the features of today.
    pub fn prior(&self) -> Result<Prior, Unusable> {
        if self.features_version != VERSION {
            return Err(Unusable::Version(self.features_version));
        }
        let is_group = |row: &Row| GROUPS.iter().any(|group| group.name == row.group);
        let is_sane = |row: &Row| row.mean.abs() <= 1.0 && (0.0..=1.0).contains(&row.deviation);
        if let Some(row) = self.groups.iter().find(|row| !is_group(row) || !is_sane(row)) {
            return Err(Unusable::Row(row.group.clone()));
        }
        let rows = || self.groups.iter().map(|row| (row.group.as_str(), row.mean, row.deviation));
        Ok(prior(rows))
    }

    /// Names it: the first 64 bits of its SHA-256, in hexadecimal digits.
    pub fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        for Row { group, mean, deviation } in &self.groups {
            hash.update(group);
            hash.update(mean.to_le_bytes());
            hash.update(deviation.to_le_bytes());
        }
        hash.finalize().iter().take(8).fold(String::new(), |mut name, byte| {
            let _ = write!(name, "{byte:02x}");
            name
        })
    }
}

/// The prior that is shipped.
pub fn shipped() -> Prior {
    prior(|| SHIPPED.iter().copied())
}

fn prior<'a, Rows: Iterator<Item = (&'a str, f64, f64)>>(rows: impl Fn() -> Rows) -> Prior {
    let mut weights = Vec::new();
    let mut groups = Vec::new();
    for group in GROUPS {
        let found = rows().find(|(name, ..)| *name == group.name);
        let weight = found.map_or(UNTOLD, |(_, mean, deviation)| (mean, deviation));
        let from = groups.last().map_or(0, |group: &Group| group.indices.end);
        let indices = from..from + group.size;
        groups.push(Group { indices, is_known: group.size == 1 });
        weights.extend(std::iter::repeat_n(weight, usize::from(group.size)));
    }
    Prior::new(weights, groups)
}
