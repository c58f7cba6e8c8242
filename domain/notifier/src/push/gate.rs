//! So many at once, for each of many.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Lets `most` through at once for each key. Keys that nobody waits for are forgotten.
pub(super) struct Gate<K> {
    most: usize,
    keys: Mutex<HashMap<K, Arc<Semaphore>>>,
}

/// Whoever is let through; the next one is when it is dropped.
pub(super) struct Pass {
    _permit: Option<OwnedSemaphorePermit>,
}

impl<K: Hash + Eq> Gate<K> {
    pub(super) fn of(most: usize) -> Self {
        Self { most, keys: Mutex::default() }
    }

    /// Waits for its turn.
    pub(super) async fn pass(&self, key: K) -> Pass {
        let semaphore = {
            let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
            // Permits and those who wait hold it as well. Looked for only when the table would have to grow.
            if keys.len() == keys.capacity() {
                keys.retain(|_, semaphore| Arc::strong_count(semaphore) > 1);
            }
            Arc::clone(keys.entry(key).or_insert_with(|| Arc::new(Semaphore::new(self.most))))
        };
        // It is never closed.
        Pass { _permit: semaphore.acquire_owned().await.ok() }
    }
}
