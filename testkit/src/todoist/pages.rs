//! Lists in pages, with opaque cursors.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::errors::ApiError;

/// How many a page holds when the caller does not say.
const DEFAULT_LIMIT: usize = 50;

/// How many a page may hold.
const MAX_LIMIT: usize = 200;

/// A request's query.
pub(super) type Query = HashMap<String, String>;

/// Where a page starts and how much it holds.
#[derive(Debug)]
pub(super) struct Paging {
    /// The last sequence number of the page before.
    after: u64,
    limit: usize,
    /// What the list was asked for: a cursor belongs to one question.
    question: u64,
}

impl Paging {
    /// Reads `cursor` and `limit`. An empty cursor stands for none.
    pub(super) fn read(path: &str, query: &Query) -> Result<Self, ApiError> {
        let limit = match query.get("limit") {
            None => DEFAULT_LIMIT,
            Some(limit) => limit
                .parse()
                .ok()
                .filter(|limit| (1..=MAX_LIMIT).contains(limit))
                .ok_or(ApiError::Invalid("limit", "an integer from 1 to 200"))?,
        };
        let question = fingerprint(path, query);
        let after = match query.get("cursor").filter(|cursor| !cursor.is_empty()) {
            None => 0,
            Some(cursor) => decode(cursor, question)
                .ok_or(ApiError::Invalid("cursor", "the cursor of the page before"))?,
        };
        Ok(Self { after, limit, question })
    }

    /// The page of `items`, which must come in the order of their `sequence`, and the cursor of the next.
    pub(super) fn page<T: Copy>(
        &self,
        items: impl Iterator<Item = T>,
        sequence: impl Fn(T) -> u64,
    ) -> (Vec<T>, Option<String>) {
        let mut rest = items.skip_while(|item| sequence(*item) <= self.after).peekable();
        let page: Vec<T> = rest.by_ref().take(self.limit).collect();
        let more = rest.peek().is_some();
        let last = page.last().filter(|_| more).map(|item| encode(self.question, sequence(*item)));
        (page, last)
    }
}

fn encode(question: u64, after: u64) -> String {
    URL_SAFE_NO_PAD.encode(format!("{question:x}.{after}"))
}

fn decode(cursor: &str, question: u64) -> Option<u64> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let (own, after) = std::str::from_utf8(&bytes).ok()?.split_once('.')?;
    if u64::from_str_radix(own, 16) != Ok(question) {
        return None;
    }
    after.parse().ok()
}

fn fingerprint(path: &str, query: &Query) -> u64 {
    let mut asked: Vec<_> =
        query.iter().filter(|(name, _)| !matches!(name.as_str(), "cursor" | "limit")).collect();
    asked.sort();
    let mut hasher = DefaultHasher::new();
    (path, asked).hash(&mut hasher);
    hasher.finish()
}
