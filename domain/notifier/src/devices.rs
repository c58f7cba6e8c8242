//! The browsers of a person that take pushes.

use std::time::Duration;

use kernel::{Timestamp, UserId, db};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    Error, Notifier, Outcome,
    channel::{Channel, Says, Word},
    push::{Subscription, SubscriptionError, channel::Reach},
    store::{self, NewSubscription},
};

/// So many browsers of one person take pushes.
const MOST: i64 = 10;

/// A browser that takes pushes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// A handle.
    pub id: Uuid,
    /// In a few words, such as "Firefox on Linux".
    pub name: String,
    /// Since when.
    pub made_at: Timestamp,
    /// Its last sign of life.
    pub seen_at: Timestamp,
}

/// What came of a word that is sent to see whether it comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trial {
    /// The service has it.
    Sent,
    /// There is no such browser, or no mailbox.
    Unknown,
    /// It takes no more, and was removed.
    Gone,
    /// The service does not take it at the moment.
    Later,
}

/// A browser that is to take pushes: what it hands out itself (Push API, `PushSubscription.toJSON()`), and what is known
/// of it.
#[derive(Clone, Copy)]
pub struct Browser<'a> {
    /// Where it is reached.
    pub endpoint: &'a str,
    /// Its key.
    pub p256dh: &'a str,
    /// Its secret.
    pub auth: &'a str,
    /// For the person.
    pub name: &'a str,
    /// Where it is signed in.
    pub session: Option<Uuid>,
}

/// Why a browser cannot take pushes.
#[derive(Debug, thiserror::Error)]
pub enum SubscribeError {
    /// oO sends none.
    #[error("oO sends no pushes")]
    Off,
    /// What it is reached by is not sound.
    #[error(transparent)]
    Malformed(#[from] SubscriptionError),
    /// The person has as many as there may be.
    #[error("there are {MOST} of them already")]
    TooMany,
    /// The notifier failed.
    #[error(transparent)]
    Internal(#[from] Error),
}

impl Notifier {
    /// Lets a browser of `user` take pushes; or takes note that it still does.
    pub async fn subscribe(
        &self,
        user: UserId,
        browser: Browser<'_>,
    ) -> Result<(), SubscribeError> {
        let Browser { endpoint, p256dh, auth, name, session } = browser;
        let push = self.0.push.as_ref().ok_or(SubscribeError::Off)?;
        let subscription = Subscription::parse(endpoint, p256dh, auth, &push.services)?;
        if self.insert(user, &subscription, name, session).await? {
            self.reconsider(user).await?;
            Ok(())
        } else {
            Err(SubscribeError::TooMany)
        }
    }

    async fn insert(
        &self,
        user: UserId,
        subscription: &Subscription,
        name: &str,
        session: Option<Uuid>,
    ) -> Result<bool, Error> {
        let parts = &*self.0;
        let (id, at) = (parts.entropy.id(parts.clock.now()), parts.clock.now());
        let endpoint = subscription.fingerprint();
        let mut tx = db::begin(&parts.db).await?;
        let key = parts.vault.key_or_replaced(&mut tx, user).await?;
        let reach = Reach::of(subscription).seal(&key, &endpoint)?;
        store::remove_elsewhere(&mut tx, user, &endpoint).await?;
        let new = NewSubscription { id, endpoint: &endpoint, reach: &reach, name, session, at };
        store::insert(&mut tx, user, new).await?;
        if store::count(&mut *tx, user).await? > MOST {
            return Ok(false);
        }
        tx.commit().await?;
        Ok(true)
    }

    /// The browsers of `user` that take pushes, the newest first.
    pub async fn devices(&self, user: UserId) -> Result<Vec<Device>, Error> {
        Ok(store::list(&self.0.db, user).await?)
    }

    /// Sends a word to a browser of `user` at once, to see whether it comes.
    pub async fn try_out(&self, user: UserId, device: Uuid) -> Result<Trial, Error> {
        let parts = &*self.0;
        let Some(push) = &parts.push else { return Ok(Trial::Unknown) };
        let Some(target) = store::target(&parts.db, user, device).await? else {
            return Ok(Trial::Unknown);
        };
        let key = parts.vault.key(&parts.db, user).await?;
        let outcome = match push.open(&key, &target)? {
            Some(to) => {
                let id = parts.entropy.id(parts.clock.now());
                let (to_id, says, ttl) = (device, Says::Trial, Duration::from_mins(1));
                let word = Word { id, user, key: &key, to: to_id, says, ttl };
                push.send(&to, &word).await
            }
            None => Outcome::Refused { status: None },
        };
        self.tried(user, device, outcome).await
    }

    /// What a trial has shown; what is gone is removed.
    pub(crate) async fn tried(
        &self,
        user: UserId,
        subscription: Uuid,
        outcome: Outcome,
    ) -> Result<Trial, Error> {
        Ok(match outcome {
            Outcome::Accepted => Trial::Sent,
            Outcome::Gone => {
                store::remove(&self.0.db, user, subscription).await?;
                Trial::Gone
            }
            _ => Trial::Later,
        })
    }

    /// Takes note that a browser is still there, and where it is signed in; whether it is signed up for `user`.
    pub async fn still_there(
        &self,
        user: UserId,
        endpoint: &str,
        session: Option<Uuid>,
    ) -> Result<bool, Error> {
        let fingerprint = Sha256::digest(endpoint);
        Ok(store::touch(&self.0.db, user, &fingerprint, session, self.0.clock.now()).await?)
    }

    /// Ends that the browser at this address takes pushes for `user`.
    pub async fn leave(&self, user: UserId, endpoint: &str) -> Result<(), Error> {
        let fingerprint = Sha256::digest(endpoint);
        Ok(store::remove_at(&self.0.db, user, Some(&fingerprint)).await?)
    }

    /// Ends that the browser that is signed in there takes pushes for `user`.
    pub async fn leave_session(&self, user: UserId, session: Uuid) -> Result<(), Error> {
        Ok(store::remove_signed_in(&self.0.db, user, session).await?)
    }

    /// Ends that any browser takes pushes for `user`.
    pub async fn leave_all(&self, user: UserId) -> Result<(), Error> {
        Ok(store::remove_at(&self.0.db, user, None).await?)
    }

    /// Ends that a browser takes pushes, and tells whether it did.
    pub async fn unsubscribe(&self, user: UserId, device: Uuid) -> Result<bool, Error> {
        Ok(store::remove(&self.0.db, user, device).await?)
    }
}
