//! What every connector owes to the people who use it, whatever it reads for them.

use std::collections::HashSet;

use async_trait::async_trait;
use kernel::{UserId, db::Tx};

use crate::{error::InternalError, front::Integrations};

/// One of the things that can be connected. How somebody connects it, and what is read there, is each one's own: an
/// account through OAuth has tasks, a pasted address has busy times. What they share is how they let go.
#[async_trait]
pub(crate) trait Connector: Send + Sync {
    /// Its name, for the log.
    fn name(&self) -> &'static str;

    /// Whose things are in memory.
    fn people(&self) -> Vec<UserId>;

    /// Those of `people` whose things may stay there: it is connected still, and they allow it.
    async fn may_stay(&self, people: &[UserId]) -> Result<HashSet<UserId>, InternalError>;

    /// Forgets what is in memory of a person, and what is under way for them.
    async fn forget(&self, user: UserId);

    /// A person leaves for good, in the caller's transaction: whoever is to hear of it will. Their rows go with all
    /// others of theirs ([`crate::PERSONAL`]).
    async fn let_go(&self, tx: &mut Tx<'_>, user: UserId) -> Result<(), InternalError>;
}

impl Integrations {
    /// Lets a person go, in the caller's transaction: what they have connected ends, and providers that know of it will be
    /// told by a job that does not know who it was.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn let_go(&self, tx: &mut Tx<'_>, user: UserId) -> Result<(), InternalError> {
        for connector in self.connectors() {
            connector.let_go(tx, user).await?;
        }
        Ok(())
    }

    /// Forgets what is in memory of a person, and what is under way for them.
    pub async fn forget(&self, user: UserId) {
        for connector in self.connectors() {
            connector.forget(user).await;
        }
    }

    /// Forgets whoever has nothing connected any more, or does not allow that it is read: they have left, or said so, on
    /// another replica. To be called from time to time.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_gone(&self) -> Result<(), InternalError> {
        for connector in self.connectors() {
            let held = connector.people();
            let may_stay = connector.may_stay(&held).await?;
            for user in held.into_iter().filter(|user| !may_stay.contains(user)) {
                tracing::debug!(%user, connector = connector.name(), "forgotten");
                connector.forget(user).await;
            }
        }
        Ok(())
    }
}
