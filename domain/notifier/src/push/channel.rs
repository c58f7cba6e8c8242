//! Pushes as a channel: whatever is said becomes a note.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::{SharedClock, http::HttpError};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use vault::{DataKey, Place, VaultError};

use super::{
    About, Fleet, Message, Navigate, Note, PushConfig, Pusher, Services, Subscription, Topic,
    Urgency,
};
use crate::{
    Outcome,
    channel::{Channel, Says, Target, Word},
};

/// How pushes leave the house.
pub(crate) struct Pushes {
    pub(crate) services: Services,
    pub(crate) public_key: String,
    fleet: Fleet,
}

impl Pushes {
    pub(crate) fn new(config: PushConfig, clock: SharedClock) -> Result<Self, HttpError> {
        let (public_key, services) = (config.key.public().to_owned(), config.services.clone());
        let fleet = Fleet::new(Pusher::new(config, clock)?);
        Ok(Self { services, public_key, fleet })
    }
}

impl Channel for Pushes {
    const NAME: &'static str = "push";

    // How many go to one place, the fleet says.
    const AT_ONCE: usize = 48;

    type Reach = Subscription;

    fn open(&self, key: &DataKey, target: &Target) -> Result<Option<Subscription>, VaultError> {
        let fingerprint = target.endpoint.as_deref().unwrap_or_default();
        let Reach { endpoint, p256dh, auth } = Reach::open(key, fingerprint, &target.sealed)?;
        Ok(Subscription::parse(&endpoint, &p256dh, &auth, &self.services).ok())
    }

    async fn send(&self, to: &Subscription, word: &Word<'_>) -> Outcome {
        self.fleet.send(to, &message(word)).await
    }
}

fn message(word: &Word<'_>) -> Message {
    let Word { id, user, says, ttl, .. } = word;
    match says {
        Says::Trial => {
            let note = Note::plain("oO", "This is how I speak up.", Navigate::home());
            Message { note, ttl: *ttl, urgency: Urgency::High, topic: None }
        }
        Says::Tip(tip) | Says::Morning(tip, _) => {
            let about = About { tip_id: tip.id, key: *id, person: *user };
            Message {
                note: Note::new(&tip.text, &tip.context, Navigate::home(), about),
                ttl: *ttl,
                urgency: Urgency::Normal,
                topic: Some(Topic::of(&tip.id.to_string())),
            }
        }
    }
}

/// What a browser is reached by, as it is sealed.
#[derive(Serialize, Deserialize)]
pub(crate) struct Reach {
    endpoint: String,
    p256dh: String,
    auth: String,
}

impl Reach {
    pub(crate) fn of(subscription: &Subscription) -> Self {
        Self {
            endpoint: subscription.endpoint().to_owned(),
            p256dh: subscription.p256dh(),
            auth: subscription.auth(),
        }
    }

    /// Sealed for a person, beside the fingerprint of its address.
    pub(crate) fn seal(&self, key: &DataKey, fingerprint: &[u8]) -> Result<Vec<u8>, VaultError> {
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
