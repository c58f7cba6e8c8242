//! The way from one master key to the next.

use sqlx::PgPool;

use crate::{
    VaultError,
    front::Vault,
    store::{self, Row},
};

/// How many data keys are re-wrapped in one transaction: a few milliseconds' work.
const BATCH: i64 = 100;

/// How many data keys are looked at before a master key is said to be the wrong one: some may be damaged.
const SAMPLES: i64 = 20;

/// A master key, and what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its id.
    pub master_key_id: String,
    /// How many data keys it wraps.
    pub data_keys: u64,
    /// How it stands with the key itself.
    pub state: MasterKeyState,
}

/// How it stands with a master key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MasterKeyState {
    /// It is the first one that is configured: it wraps.
    First,
    /// It is configured, and unwraps.
    Other,
    /// It is not configured: what it wraps does not open.
    Missing,
    /// A key is configured under its id, but it is another one: nothing that was
    /// looked at unwraps.
    Wrong,
}

/// What a rotation has done so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rotated {
    /// Data keys that the first master key wraps now.
    pub rewrapped: u64,
    /// Data keys that do not open under the master key that they name. They are left as they are.
    pub damaged: u64,
}

impl Vault {
    /// Every master key that is configured, in that order, and then those that are missing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn status(&self, db: &PgPool) -> Result<Vec<Held>, VaultError> {
        let mut counts = store::counts(db).await?;
        let mut status = Vec::new();
        for id in self.keys.ids() {
            let held = counts.iter().position(|(held, _)| held == id);
            let data_keys = held.map_or(0, |place| counts.remove(place).1);
            let samples = store::some_of(db, id, SAMPLES).await?;
            let fits = samples.is_empty() || samples.iter().any(|row| self.unwrapped(row).is_ok());
            let state = match fits {
                false => MasterKeyState::Wrong,
                true if id == self.keys.first_id() => MasterKeyState::First,
                true => MasterKeyState::Other,
            };
            status.push(Held { master_key_id: id.to_owned(), data_keys, state });
        }
        let missing = |(master_key_id, data_keys)| Held {
            master_key_id,
            data_keys,
            state: MasterKeyState::Missing,
        };
        status.extend(counts.into_iter().map(missing));
        Ok(status)
    }

    /// Wraps every data key by the first master key that another of the configured ones wraps, while
    /// everything else goes on. Each batch is a transaction of its own: what was done when this ends early
    /// stays done, and the next call goes on with the rest. Two at a time wait for each other. `progress` is
    /// told after each batch.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn rotate(
        &self,
        db: &PgPool,
        mut progress: impl FnMut(Rotated),
    ) -> Result<Rotated, VaultError> {
        let others: Vec<String> = self.keys.ids().skip(1).map(str::to_owned).collect();
        let mut rotated = Rotated::default();
        let mut after = None;
        loop {
            let users = store::page(db, &others, after, BATCH).await?;
            let Some(last) = users.last() else { return Ok(rotated) };
            after = Some(*last);

            let mut tx = kernel::db::begin(db).await?;
            let rows = store::lock(&mut tx, &users, &others).await?;
            let mut done = (Vec::new(), Vec::new());
            for row in &rows {
                match self.rewrapped(row) {
                    Ok(wrapped) => {
                        done.0.push(row.user.uuid());
                        done.1.push(wrapped);
                    }
                    Err(_) => rotated.damaged += 1,
                }
            }
            let now = self.clock.now();
            store::rewrap(&mut tx, &done.0, &done.1, self.keys.first_id(), now).await?;
            tx.commit().await?;

            rotated.rewrapped += done.0.len() as u64;
            progress(rotated);
        }
    }

    /// Deletes the data keys that a lost master key wraps, and tells how many; `None` when a key of this id is
    /// configured, so that it is not lost.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget(&self, db: &PgPool, id: &str) -> Result<Option<u64>, VaultError> {
        if self.keys.ids().any(|own| own == id) {
            return Ok(None);
        }
        Ok(Some(store::remove_all_of(db, id).await?))
    }

    fn rewrapped(&self, row: &Row) -> Result<Vec<u8>, VaultError> {
        let key = self.keys.unwrap(row.user, &row.master_key_id, &row.wrapped)?;
        self.keys.wrap(&self.entropy, row.user, &key)
    }
}
