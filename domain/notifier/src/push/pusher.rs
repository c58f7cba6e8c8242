//! Sends one message to one browser.

use std::{fmt, time::Duration};

use kernel::{
    SharedClock,
    http::{Http, HttpError},
};
use reqwest::{
    Request,
    header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE},
};
use web_push::{ContentEncoding, SubscriptionInfo, WebPushError, WebPushMessageBuilder};

use super::{Message, PushConfig, Subscription, outcome::outcome, vapid::Vapid};
use crate::Outcome;

/// For an exchange, from the first byte sent to the last one read.
const PATIENCE: Duration = Duration::from_secs(5);

/// The largest answer that is read, in bytes. There is nothing in it.
const CAP: usize = 16 * 1024;

/// Sends messages, by a client of its own that reaches public addresses, and the private ones that were named for
/// this alone. It follows no redirect.
pub struct Pusher {
    http: Http,
    vapid: Vapid,
    clock: SharedClock,
    patience: Duration,
}

/// Why a message could not even be made.
#[derive(Debug, thiserror::Error)]
pub enum PushError {
    /// It could not be signed, or encrypted. The cause names neither.
    #[error("the message could not be sealed")]
    Seal(#[source] WebPushError),
    /// No request could be made of it.
    #[error("the message could not be made a request")]
    Request(#[source] HttpError),
}

impl Pusher {
    /// Over what is configured.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(config: PushConfig, clock: SharedClock) -> Result<Self, HttpError> {
        let PushConfig { key, contact, services } = config;
        let http = Http::new(services.named().clone())?;
        Ok(Self { http, vapid: Vapid::new(key, contact), clock, patience: PATIENCE })
    }

    /// Waits for an answer so long, in place of five seconds.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Sends `message` to `to`, once.
    pub async fn send(&self, to: &Subscription, message: &Message) -> Outcome {
        let request = match self.request(to, message) {
            Ok(request) => request,
            Err(error) => {
                tracing::error!(%error, "a push message could not be made");
                return Outcome::Refused { status: None };
            }
        };
        let answer = self.http.send_built(request, self.patience, CAP).await;
        outcome(&answer, self.clock.now())
    }

    fn request(&self, to: &Subscription, message: &Message) -> Result<Request, PushError> {
        let origin = to.origin();
        let signature = self.vapid.header(&origin, self.clock.now()).map_err(PushError::Seal)?;
        let mut request = self
            .http
            .client()
            .post(to.url().clone())
            .header(AUTHORIZATION, signature)
            .header(CONTENT_ENCODING, ContentEncoding::Aes128Gcm.to_str())
            .header(CONTENT_TYPE, "application/octet-stream")
            .header("ttl", message.ttl.as_secs())
            .header("urgency", message.urgency.as_str())
            .body(seal(to, message)?);
        if let Some(topic) = &message.topic {
            request = request.header("topic", topic.as_str());
        }
        request.build().map_err(|error| PushError::Request(error.into()))
    }
}

/// For `to` alone to read (RFC 8291).
fn seal(to: &Subscription, message: &Message) -> Result<Vec<u8>, PushError> {
    let plaintext = message.note.to_plaintext();
    // Of the whole message that the crate makes, its content is what is needed: where it goes is none of that.
    let keys = SubscriptionInfo::new("https://localhost".to_owned(), to.p256dh(), to.auth());
    let mut builder = WebPushMessageBuilder::new(&keys);
    builder.set_payload(ContentEncoding::Aes128Gcm, plaintext.as_bytes());
    let sealed = builder.build().map_err(PushError::Seal)?.payload;
    sealed.map(|sealed| sealed.content).ok_or(PushError::Seal(WebPushError::InvalidCryptoKeys))
}

impl fmt::Debug for Pusher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pusher").finish_non_exhaustive()
    }
}
