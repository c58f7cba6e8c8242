//! The browsers of a person that take pushes.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::{Timestamp, UserId, db};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use vault::{DataKey, Place, VaultError};

use crate::{
    Error, Notifier,
    front::Outlet,
    push::{Message, Navigate, Note, Outcome, Subscription, SubscriptionError, Urgency},
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

/// A word of no moment.
fn trial() -> Message {
    let note = Note::plain("oO", "This is how I speak up.", Navigate::home());
    Message { note, ttl: Duration::from_mins(1), urgency: Urgency::High, topic: None }
}

/// What came of a word to see whether it comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trial {
    /// The push service has it.
    Sent,
    /// There is no such browser.
    Unknown,
    /// The browser takes no more, and was removed.
    Gone,
    /// The push service does not take it at the moment.
    Later,
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
    /// Lets a browser of `user` take pushes; or takes note that it still does. `name` is for the person.
    pub async fn subscribe(
        &self,
        user: UserId,
        endpoint: &str,
        p256dh: &str,
        auth: &str,
        name: &str,
    ) -> Result<(), SubscribeError> {
        let push = self.0.push.as_ref().ok_or(SubscribeError::Off)?;
        let subscription = Subscription::parse(endpoint, p256dh, auth, &push.services)?;
        if self.insert(user, &subscription, name).await? {
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
    ) -> Result<bool, Error> {
        let parts = &*self.0;
        let (id, at) = (parts.entropy.id(parts.clock.now()), parts.clock.now());
        let endpoint = subscription.fingerprint();
        let mut tx = db::begin(&parts.db).await?;
        let key = parts.vault.key_or_replaced(&mut tx, user).await?;
        let reach = Reach::of(subscription).seal(&key, &endpoint)?;
        store::remove_elsewhere(&mut tx, user, &endpoint).await?;
        let new = NewSubscription { id, endpoint: &endpoint, reach: &reach, name, at };
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
        let Some((fingerprint, sealed)) = store::reach(&parts.db, user, device).await? else {
            return Ok(Trial::Unknown);
        };
        let to = self.opened(push, user, &fingerprint, &sealed).await?;
        let outcome = match to {
            Some(to) => push.fleet.send(&to, &trial()).await,
            None => Outcome::Refused { status: None },
        };
        Ok(match outcome {
            Outcome::Accepted => Trial::Sent,
            Outcome::Gone => {
                store::remove(&parts.db, user, device).await?;
                Trial::Gone
            }
            _ => Trial::Later,
        })
    }

    /// What a browser of `user` is reached by; none, where that is not allowed any more.
    pub(crate) async fn opened(
        &self,
        push: &Outlet,
        user: UserId,
        fingerprint: &[u8],
        sealed: &[u8],
    ) -> Result<Option<Subscription>, Error> {
        let key = self.0.vault.key(&self.0.db, user).await?;
        let Reach { endpoint, p256dh, auth } = Reach::open(&key, fingerprint, sealed)?;
        Ok(Subscription::parse(&endpoint, &p256dh, &auth, &push.services).ok())
    }

    /// Takes note that a browser is still there; whether it is signed up for `user`.
    pub async fn still_there(&self, user: UserId, endpoint: &str) -> Result<bool, Error> {
        let fingerprint = Sha256::digest(endpoint);
        Ok(store::touch(&self.0.db, user, &fingerprint, self.0.clock.now()).await?)
    }

    /// Ends that the browser at this address takes pushes for `user`.
    pub async fn leave(&self, user: UserId, endpoint: &str) -> Result<(), Error> {
        let fingerprint = Sha256::digest(endpoint);
        Ok(store::remove_at(&self.0.db, user, Some(&fingerprint)).await?)
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

/// What a browser is reached by, as it is sealed.
#[derive(Serialize, Deserialize)]
struct Reach {
    endpoint: String,
    p256dh: String,
    auth: String,
}

impl Reach {
    fn of(subscription: &Subscription) -> Self {
        Self {
            endpoint: subscription.endpoint().to_owned(),
            p256dh: subscription.p256dh(),
            auth: subscription.auth(),
        }
    }

    /// Sealed for a person, beside the fingerprint of its address.
    fn seal(&self, key: &DataKey, fingerprint: &[u8]) -> Result<Vec<u8>, VaultError> {
        let json = serde_json::to_string(self).unwrap_or_default();
        key.seal(place(&URL_SAFE_NO_PAD.encode(fingerprint)), &SecretString::from(json))
    }

    /// The inverse of [`Reach::seal`].
    fn open(key: &DataKey, fingerprint: &[u8], sealed: &[u8]) -> Result<Self, VaultError> {
        let json = key.open(place(&URL_SAFE_NO_PAD.encode(fingerprint)), sealed)?;
        serde_json::from_str(json.expose_secret()).map_err(|_| VaultError::Malformed)
    }
}

fn place(row: &str) -> Place<'_> {
    Place { table: "notifier.subscription", row, field: "reach" }
}
