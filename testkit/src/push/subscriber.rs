//! A browser that has subscribed.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::Entropy;
use p256::SecretKey;
use serde::{Deserialize, Serialize};

/// What the browser keeps for itself, and whose messages it takes.
#[derive(Clone)]
pub(super) struct Subscriber {
    pub(super) id: String,
    pub(super) secret: SecretKey,
    pub(super) auth: [u8; 16],
    /// The key that messages have to be signed by, as base64url; any when there is none.
    pub(super) key: Option<String>,
    pub(super) is_gone: bool,
}

/// What the browser hands out: its `PushSubscription.toJSON()`, and the `id` that stands in its endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscribed {
    /// By it, the double knows the browser.
    pub id: String,
    /// Where messages go.
    pub endpoint: String,
    /// What they are sealed with.
    pub keys: Keys,
}

/// In base64url.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keys {
    /// The browser's public point, uncompressed, 65 bytes.
    pub p256dh: String,
    /// A secret that both share, 16 bytes.
    pub auth: String,
}

impl Subscriber {
    pub(super) fn new(entropy: &Entropy, key: Option<&str>) -> Self {
        Self {
            id: URL_SAFE_NO_PAD.encode(entropy.bytes::<24>()),
            secret: secret(entropy),
            auth: entropy.bytes(),
            key: key.map(str::to_owned),
            is_gone: false,
        }
    }

    pub(super) fn told(&self, origin: &str) -> Subscribed {
        let point = self.secret.public_key().to_sec1_bytes();
        Subscribed {
            id: self.id.clone(),
            endpoint: format!("{origin}/push/{}", self.id),
            keys: Keys {
                p256dh: URL_SAFE_NO_PAD.encode(point),
                auth: URL_SAFE_NO_PAD.encode(self.auth),
            },
        }
    }
}

fn secret(entropy: &Entropy) -> SecretKey {
    loop {
        // Nearly every number of 32 bytes is a key.
        if let Ok(secret) = SecretKey::from_slice(&entropy.bytes::<32>()) {
            return secret;
        }
    }
}
