//! Personal tokens: what a script shows in place of a person's session.
//!
//! A token is shown once, when it is made; the database knows it by a hash. Nothing about it is cached, so that
//! one that is revoked is refused at once by every replica. It may do what its [`Scopes`] say, for as long as
//! its [`Life`] lasts, and no longer.

mod name;
mod scope;
mod store;

use std::fmt;

use chrono::TimeDelta;
use kernel::{SharedClock, SharedEntropy, Timestamp, UserId, db};
use secrecy::{ExposeSecret, SecretString};
use sqlx::PgPool;
use uuid::Uuid;

pub use name::Name;
pub use scope::{Scope, Scopes};

use crate::{
    AuthError,
    secret::{fresh, hash, is_well_formed},
};

/// What every token begins with, so that whoever finds one knows what it is: people, and scanners for secrets.
pub const PREFIX: &str = "oo_";

/// The most tokens that a person has at a time.
pub const MOST: usize = 20;

/// How stale `last_used_at` may become. Until then a request only reads.
const TOUCH_EVERY: TimeDelta = TimeDelta::minutes(5);

/// Makes tokens, and knows them again.
#[derive(Clone)]
pub struct Tokens {
    db: PgPool,
    clock: SharedClock,
    entropy: SharedEntropy,
}

/// How long a token lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// Thirty days.
    Month,
    /// Ninety days.
    Quarter,
    /// 365 days.
    Year,
}

/// A token of a person's, as they see it later: all but the token itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its handle: not what a script knows it by.
    pub id: Uuid,
    /// What its person calls it.
    pub name: String,
    /// What it may do.
    pub scopes: Scopes,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was used last, to within five minutes.
    pub last_used_at: Option<Timestamp>,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// What came of making a token.
#[derive(Debug)]
pub enum Making {
    /// The token, in full. Nobody can tell it a second time.
    Made(SecretString),
    /// The person has as many as there may be ([`MOST`]).
    TooMany,
}

/// For whom a token speaks, and what it may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bearer {
    /// The person.
    pub user: UserId,
    /// What it may do in their name.
    pub scopes: Scopes,
}

impl Tokens {
    /// Over the table of `db`.
    pub fn new(db: PgPool, clock: SharedClock, entropy: SharedEntropy) -> Self {
        Self { db, clock, entropy }
    }

    /// Makes a token for `user`. Of several at once, no more are made than there may be.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn make(
        &self,
        user: UserId,
        name: &Name,
        scopes: Scopes,
        life: Life,
    ) -> Result<Making, AuthError> {
        let mut tx = db::begin(&self.db).await?;
        store::lock(&mut tx, user).await?;
        let now = self.clock.now();
        if store::list(&mut *tx, user, now).await?.len() >= MOST {
            return Ok(Making::TooMany);
        }

        let text = SecretString::from(format!("{PREFIX}{}", fresh(&self.entropy).expose_secret()));
        let token = Token {
            id: self.entropy.id(now),
            name: name.as_str().to_owned(),
            scopes,
            created_at: now,
            last_used_at: None,
            expires_at: now + life.lasts(),
        };
        store::insert(&mut tx, user, &hash(text.expose_secret()), &token).await?;
        tx.commit().await?;
        Ok(Making::Made(text))
    }

    /// The tokens of `user` that have not ended, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list(&self, user: UserId) -> Result<Vec<Token>, AuthError> {
        store::list(&self.db, user, self.clock.now()).await
    }

    /// Ends a token of `user`, on every replica at once; false when it is none of theirs.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn revoke(&self, user: UserId, id: Uuid) -> Result<bool, AuthError> {
        store::delete(&self.db, user, id).await
    }

    /// Whose token `text` is. `None` when it is nobody's: never made, revoked, or past its time.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find(&self, text: &SecretString) -> Result<Option<Bearer>, AuthError> {
        let text = text.expose_secret();
        if !text.strip_prefix(PREFIX).is_some_and(is_well_formed) {
            return Ok(None);
        }
        let now = self.clock.now();
        let Some(found) = store::find(&self.db, &hash(text), now).await? else { return Ok(None) };
        if found.last_used_at.is_none_or(|at| now - at >= TOUCH_EVERY) {
            store::touch(&self.db, found.bearer.user, found.id, now, now - TOUCH_EVERY).await?;
        }
        Ok(Some(found.bearer))
    }

    /// Deletes those that have ended, and tells how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn purge_expired(&self) -> Result<u64, AuthError> {
        store::purge(&self.db, self.clock.now()).await
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens").finish_non_exhaustive()
    }
}

impl Life {
    /// All of them, the shortest first.
    pub const ALL: [Self; 3] = [Self::Month, Self::Quarter, Self::Year];

    /// In days.
    pub fn days(self) -> u16 {
        match self {
            Self::Month => 30,
            Self::Quarter => 90,
            Self::Year => 365,
        }
    }

    /// The one of so many days.
    pub fn of_days(days: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|life| life.days() == days)
    }

    fn lasts(self) -> TimeDelta {
        TimeDelta::days(self.days().into())
    }
}
