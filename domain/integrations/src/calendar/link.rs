//! Connecting a calendar, and letting it go.

use kernel::{UserId, db};
use secrecy::SecretString;
use vault::{Place, VaultError};

use super::{
    CalendarError, Calendars, NAME, Parts,
    address::Address,
    store::{self, Row},
};
use crate::error::InternalError;

/// What is sealed in a row.
const ADDRESS: Place<'static> =
    Place { table: "integrations.calendar", row: NAME, field: "address_sealed" };

/// How it stands with a person's calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CalendarLink {
    /// None is connected.
    None,
    /// It works, as far as known.
    Active {
        /// Where it is: all that is told of its address.
        host: String,
    },
    /// It has to be connected again: there is nothing at its address any more, or the address cannot be opened.
    Broken {
        /// Where it was; may be empty.
        host: String,
    },
}

impl Calendars {
    /// Reads the calendar at the address in `text` once; if that goes well, it is connected from now on, in the place of
    /// any earlier one.
    pub(crate) async fn connect(&self, user: UserId, text: &str) -> Result<(), CalendarError> {
        let address = Address::read(text).ok_or(CalendarError::NotAnAddress)?;
        let db = &self.parts.db;
        let zone = profile::profile(db, user).await.map_err(InternalError::from)?.time_zone;
        let busy = self.ask(&address, &zone).await?;

        let made_at = self.parts.clock.now();
        self.put(user, &address.secret(), made_at).await?;
        self.keep(user, made_at, busy).await;
        Ok(())
    }

    /// Deletes the address, and what was read there.
    pub(crate) async fn disconnect(&self, user: UserId) -> Result<(), InternalError> {
        store::remove(&self.parts.db, user).await?;
        self.forget(user).await;
        Ok(())
    }

    /// How it stands.
    pub(crate) async fn link(&self, user: UserId) -> Result<CalendarLink, InternalError> {
        let Some(row) = store::row(&self.parts.db, user).await? else {
            return Ok(CalendarLink::None);
        };
        Ok(match self.opened(user, &row).await {
            Ok(address) if !row.is_broken => {
                CalendarLink::Active { host: address.host().to_owned() }
            }
            Ok(address) => CalendarLink::Broken { host: address.host().to_owned() },
            Err(CalendarError::Internal(error)) => return Err(error),
            Err(_) => CalendarLink::Broken { host: String::new() },
        })
    }

    /// The address in a row. One that does not open any more is none.
    pub(super) async fn opened(&self, user: UserId, row: &Row) -> Result<Address, CalendarError> {
        let Parts { db, vault, .. } = &*self.parts;
        let opened = match vault.key(db, user).await {
            Ok(key) => key.open(ADDRESS, &row.address_sealed),
            Err(VaultError::Database(error)) => return Err(InternalError::from(error).into()),
            Err(error) => Err(error),
        };
        let told =
            |error: &VaultError| tracing::error!(%user, %error, "a calendar's address is lost");
        let opened = opened.inspect_err(told).map_err(|_| CalendarError::NotAnAddress)?;
        Address::opened(&opened).ok_or(CalendarError::NotAnAddress)
    }

    async fn put(
        &self,
        user: UserId,
        address: &SecretString,
        made_at: kernel::Timestamp,
    ) -> Result<(), InternalError> {
        let mut tx = db::begin(&self.parts.db).await?;
        let key = self.parts.vault.key_or_replaced(&mut tx, user).await?;
        let address_sealed = key.seal(ADDRESS, address)?;
        store::put(&mut tx, user, &Row { address_sealed, is_broken: false, made_at }).await?;
        Ok(tx.commit().await?)
    }
}
