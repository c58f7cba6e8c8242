//! People whom nobody has met, for a judge to put on: who they are, and what is on their list.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::LabError;

/// Where they stand.
const FILE: &str = "profiles.toml";

/// Somebody who was made up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// A short name: lower case, with hyphens.
    pub name: String,
    /// Their life, work, energy over the day, what they like and what annoys them: some sentences in
    /// English.
    pub about: String,
    /// The language of their tasks, and the one that they are spoken to in: `en`, `de`, …
    pub language: String,
    /// What is on their list.
    pub tasks: Vec<Task>,
}

/// Something that they mean to do.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// In their language.
    pub title: String,
    /// Days until its date; negative: overdue by that many.
    pub due: Option<i32>,
    /// Days since it was added.
    pub age: Option<u32>,
    /// Minutes that it takes.
    pub minutes: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    about: String,
    language: String,
    tasks: Vec<Task>,
}

/// All of them, by name.
///
/// # Errors
/// When the file is damaged; a test reads it.
pub fn profiles() -> Result<Vec<Profile>, LabError> {
    let entries: BTreeMap<String, Entry> = toml::from_str(include_str!("../profiles.toml"))
        .map_err(|error| LabError::Log { file: FILE.to_owned(), reason: error.to_string() })?;
    let profile = |(name, Entry { about, language, tasks }): (String, Entry)| Profile {
        name,
        about: about.trim().to_owned(),
        language,
        tasks,
    };
    Ok(entries.into_iter().map(profile).collect())
}
