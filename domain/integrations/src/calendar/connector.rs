//! A calendar as one of the connectors.

use std::collections::HashSet;

use async_trait::async_trait;
use kernel::{UserId, db::Tx};

use super::{Calendars, NAME, store};
use crate::{connector::Connector, error::InternalError};

#[async_trait]
impl Connector for Calendars {
    fn name(&self) -> &'static str {
        NAME
    }

    fn people(&self) -> Vec<UserId> {
        Calendars::people(self)
    }

    /// That it is connected is all that is asked for.
    async fn may_stay(&self, people: &[UserId]) -> Result<HashSet<UserId>, InternalError> {
        store::connected(&self.parts.db, people).await
    }

    async fn forget(&self, user: UserId) {
        Calendars::forget(self, user).await;
    }

    /// Whoever serves it was never told that oO reads it: there is nobody to tell.
    async fn let_go(&self, _: &mut Tx<'_>, _: UserId) -> Result<(), InternalError> {
        Ok(())
    }
}
