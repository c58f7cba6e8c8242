//! Todoist as one of the connectors.

use std::collections::HashSet;

use async_trait::async_trait;
use kernel::{UserId, db::Tx};
use profile::Consent;

use super::PROVIDER;
use crate::{connector::Connector, error::InternalError, front::Integrations, store};

/// Everybody's Todoist.
pub(crate) struct Todoist<'i>(pub(crate) &'i Integrations);

#[async_trait]
impl Connector for Todoist<'_> {
    fn name(&self) -> &'static str {
        PROVIDER
    }

    fn people(&self) -> Vec<UserId> {
        self.0.lists().people()
    }

    async fn may_stay(&self, people: &[UserId]) -> Result<HashSet<UserId>, InternalError> {
        let mut may_stay = HashSet::new();
        for user in store::connected(self.0.db(), people).await?.into_iter().map(UserId) {
            if self.0.consents(user).await?.allow(Consent::ReadTasks) {
                may_stay.insert(user);
            }
        }
        Ok(may_stay)
    }

    async fn forget(&self, user: UserId) {
        self.0.throttle().release(user);
        self.0.lists().drop_all(user).await;
    }

    async fn let_go(&self, tx: &mut Tx<'_>, user: UserId) -> Result<(), InternalError> {
        self.0.revoke_on_leaving(tx, user).await
    }
}
