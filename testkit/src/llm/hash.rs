//! Numbers that follow from words, the same ones everywhere.

use sha2::{Digest, Sha256};

/// 64 bits; the same words otherwise divided are others.
pub(super) fn hash(parts: &[&str]) -> u64 {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.len().to_le_bytes());
        digest.update(part);
    }
    let bytes = digest.finalize();
    bytes.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}
