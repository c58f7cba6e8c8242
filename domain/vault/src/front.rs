//! The front door: the data key of a person.

use std::fmt;

use kernel::{SharedClock, SharedEntropy, UserId, db::Tx};
use sqlx::PgExecutor;

use crate::{
    VaultError,
    cipher::Key,
    data_key::DataKey,
    master::MasterKeys,
    store::{self, Row},
};

/// Hands out data keys.
pub struct Vault {
    pub(crate) keys: MasterKeys,
    pub(crate) clock: SharedClock,
    pub(crate) entropy: SharedEntropy,
}

impl Vault {
    /// Over these master keys.
    pub fn new(keys: MasterKeys, clock: SharedClock, entropy: SharedEntropy) -> Self {
        Self { keys, clock, entropy }
    }

    /// The id of the master key that wraps.
    pub fn first_id(&self) -> &str {
        self.keys.first_id()
    }

    /// The data key of a person, to open what was sealed for them. One query.
    ///
    /// # Errors
    /// See [`VaultError`].
    pub async fn key(&self, db: impl PgExecutor<'_>, user: UserId) -> Result<DataKey, VaultError> {
        let row = store::data_key(db, user).await?.ok_or(VaultError::NoDataKey)?;
        self.unwrapped(&row)
    }

    /// The data key of a person, to seal something in the same transaction; made when there is none. All who
    /// ask at the same time get the same one.
    ///
    /// # Errors
    /// See [`VaultError`]; there is always a data key.
    pub async fn key_or_new(&self, tx: &mut Tx<'_>, user: UserId) -> Result<DataKey, VaultError> {
        match self.key(&mut **tx, user).await {
            Err(VaultError::NoDataKey) => self.new_key(tx, user).await,
            found => found,
        }
    }

    /// The same, for a person who begins anew: a data key that does not unwrap, since its master key is lost,
    /// is replaced. What was sealed with it then never opens again, even if the master key is found.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn key_or_replaced(
        &self,
        tx: &mut Tx<'_>,
        user: UserId,
    ) -> Result<DataKey, VaultError> {
        if let Some(row) = store::data_key(&mut **tx, user).await? {
            match self.unwrapped(&row) {
                Ok(key) => return Ok(key),
                Err(_) => store::remove_same(tx, &row).await?,
            }
        }
        self.new_key(tx, user).await
    }

    /// Destroys the data key of a person: as soon as this is committed, nothing that was sealed for them
    /// opens, on any replica.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn destroy(tx: &mut Tx<'_>, user: UserId) -> Result<(), VaultError> {
        Ok(store::remove(tx, user).await?)
    }

    async fn new_key(&self, tx: &mut Tx<'_>, user: UserId) -> Result<DataKey, VaultError> {
        let wrapped = self.keys.wrap(&self.entropy, user, &Key::random(&self.entropy))?;
        let master_key_id = self.keys.first_id().to_owned();
        let new = Row { user, wrapped, master_key_id };
        let row = store::put_if_missing(tx, new, self.clock.now()).await?;
        self.unwrapped(&row)
    }

    pub(crate) fn unwrapped(&self, row: &Row) -> Result<DataKey, VaultError> {
        let key = self.keys.unwrap(row.user, &row.master_key_id, &row.wrapped)?;
        Ok(DataKey::new(row.user, key, self.entropy.clone()))
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault").field("keys", &self.keys).finish_non_exhaustive()
    }
}
