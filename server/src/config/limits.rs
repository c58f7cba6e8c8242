//! How much is let in.

use super::reader::Reader;
use crate::http::client::Proxies;

/// More than one machine could serve.
const PLENTY: u32 = 100_000;

/// How much is let in.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Requests a second of a person, and a fifth of those of an address; 0: no limit.
    pub per_second: u32,
    /// The most requests at the same time.
    pub requests: usize,
    /// The most connections at the same time.
    pub connections: usize,
    /// The proxies whose word is taken for whom they speak.
    pub proxies: Proxies,
}

impl Limits {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let networks = "networks or addresses with commas between, such as 10.0.0.0/8";
        Self {
            per_second: reader.number("OO_LIMIT_PER_SECOND", 0..=PLENTY, 20),
            requests: reader.number("OO_MAX_REQUESTS", 1..=PLENTY, 512) as usize,
            connections: reader.number("OO_MAX_CONNECTIONS", 1..=PLENTY, 1024) as usize,
            proxies: reader.parse("OO_TRUSTED_PROXIES", networks).unwrap_or_default(),
        }
    }
}
