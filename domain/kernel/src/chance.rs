//! Chance is handed in, so that a test can repeat it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rand::{Rng, RngExt, SeedableRng, rngs::ChaCha12Rng};
use uuid::Uuid;

use crate::Timestamp;

/// A source of chance that everything shares.
pub type SharedEntropy = Arc<Entropy>;

/// A cryptographically strong generator: seeded by the operating system in the product, by a number in
/// tests and simulations.
#[derive(Debug)]
pub struct Entropy(Mutex<State>);

#[derive(Debug)]
struct State {
    rng: ChaCha12Rng,
    /// The last identifier that was made: the next one of the same millisecond is greater.
    last: Uuid,
}

impl Entropy {
    /// Seeded by the operating system.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn from_os() -> Result<SharedEntropy, rand::rngs::SysError> {
        Ok(Self::new(ChaCha12Rng::try_from_rng(&mut rand::rngs::SysRng)?))
    }

    /// The same sequence for the same `seed`.
    pub fn seeded(seed: u64) -> SharedEntropy {
        Self::new(ChaCha12Rng::seed_from_u64(seed))
    }

    /// An independent generator, for a decision that draws more than once.
    pub fn fork(&self) -> ChaCha12Rng {
        ChaCha12Rng::from_rng(&mut self.state().rng)
    }

    /// `N` random bytes, fit for keys, nonces and tokens.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.state().rng.fill_bytes(&mut bytes);
        bytes
    }

    /// An identifier that sorts by time, and within a millisecond by the order of the calls (UUID
    /// version 7, RFC 9562, section 6.2, method 2).
    pub fn id(&self, at: Timestamp) -> Uuid {
        let millis = u64::try_from(at.timestamp_millis()).unwrap_or_default();
        let mut state = self.state();
        let random: [u8; 10] = state.rng.random();
        let fresh = uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid();

        let same_millisecond = fresh.as_bytes()[..6] == state.last.as_bytes()[..6];
        state.last = if same_millisecond && fresh <= state.last {
            Uuid::from_u128(state.last.as_u128() + 1)
        } else {
            fresh
        };
        state.last
    }

    fn new(rng: ChaCha12Rng) -> SharedEntropy {
        Arc::new(Self(Mutex::new(State { rng, last: Uuid::nil() })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_one_moment_sort_in_the_order_of_the_calls() {
        let entropy = Entropy::seeded(1);
        let ids: Vec<Uuid> = (0..1_000).map(|_| entropy.id(Timestamp::UNIX_EPOCH)).collect();
        assert!(ids.is_sorted_by(|a, b| a < b));
        assert!(ids.iter().all(|id| id.get_version_num() == 7));
    }

    #[test]
    fn the_same_seed_repeats_itself() {
        let draw = |seed| Entropy::seeded(seed).bytes::<16>();
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
    }
}
