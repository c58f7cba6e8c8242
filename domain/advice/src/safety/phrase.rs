//! How a phrase is written.
//!
//! Words in their order, without diacritics or with them; what an apostrophe parts is two words (`j ai`).
//!
//! | | |
//! | --- | --- |
//! | `kill/hang myself` | either word |
//! | `suicid*` | every word that begins so |
//! | `#` | a number |
//! | `take .. pills` | so many words may stand between as there are dots, or none |
//! | `{pill}` | each word of a set of the same file |
//! | `^ sue` | only where a sentence begins |

use std::collections::BTreeMap;

use super::SafetyError;
use super::dictionary::{Dictionary, Entry, NUMBER};
use super::words;

/// Sets of words: their names, and the words with slashes between them.
pub(super) type Sets = BTreeMap<String, String>;

/// A phrase, ready to be compared.
#[derive(Debug)]
pub(super) struct Phrase {
    /// Whether its first word has to open a sentence.
    pub(super) opens: bool,
    /// Its words; at least one.
    pub(super) slots: Vec<Slot>,
}

/// A place in a phrase.
#[derive(Debug)]
pub(super) struct Slot {
    /// How many words may stand between it and the slot before.
    pub(super) gap: usize,
    /// The entries that fit it, in order.
    pub(super) entries: Vec<Entry>,
}

impl Phrase {
    /// The phrase that `line` is, with its words in `dictionary`.
    pub(super) fn read(
        line: &str,
        sets: &Sets,
        dictionary: &mut Dictionary,
    ) -> Result<Self, SafetyError> {
        let damaged = || SafetyError::Phrase(line.to_owned());
        let mut phrase = Self { opens: false, slots: Vec::new() };
        let mut gap = 0;
        for part in line.split_whitespace() {
            if part == "^" && phrase.slots.is_empty() {
                phrase.opens = true;
            } else if part.bytes().all(|byte| byte == b'.') {
                gap = part.len();
            } else {
                let mut entries = Vec::new();
                for choice in part.split('/') {
                    match choice.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                        Some(name) => {
                            for choice in sets.get(name).ok_or_else(damaged)?.split('/') {
                                entries.push(enter(choice, dictionary).ok_or_else(damaged)?);
                            }
                        }
                        None => entries.push(enter(choice, dictionary).ok_or_else(damaged)?),
                    }
                }
                entries.sort_unstable();
                entries.dedup();
                phrase.slots.push(Slot { gap, entries });
                gap = 0;
            }
        }
        if phrase.slots.is_empty() || gap > 0 {
            return Err(damaged());
        }
        Ok(phrase)
    }
}

fn enter(choice: &str, dictionary: &mut Dictionary) -> Option<Entry> {
    if choice == "#" {
        return Some(NUMBER);
    }
    match choice.strip_suffix('*') {
        Some(beginning) => dictionary.enter(&words::one(beginning)?, true),
        None => dictionary.enter(&words::one(choice)?, false),
    }
}
