//! What the double was asked.

use std::collections::BTreeMap;

use serde::Serialize;

/// How often a request came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RequestCount {
    /// The HTTP method.
    pub method: String,
    /// The path, without its query.
    pub path: String,
    /// How often.
    pub count: u64,
}

/// Counts requests by method and path; those of the control routes are left out.
#[derive(Debug, Default)]
pub(super) struct RequestLog {
    counts: BTreeMap<(String, String), u64>,
}

impl RequestLog {
    pub(super) fn record(&mut self, method: &str, path: &str) {
        *self.counts.entry((method.into(), path.into())).or_default() += 1;
    }

    pub(super) fn all(&self) -> Vec<RequestCount> {
        let counts = self.counts.iter().map(|((method, path), count)| RequestCount {
            method: method.clone(),
            path: path.clone(),
            count: *count,
        });
        counts.collect()
    }

    /// How many requests had this method and this text in their path.
    pub(super) fn count(&self, method: &str, path_part: &str) -> u64 {
        let matching =
            self.counts.iter().filter(|((own, path), _)| own == method && path.contains(path_part));
        matching.map(|(_, count)| count).sum()
    }

    pub(super) fn forget(&mut self) {
        self.counts.clear();
    }
}
