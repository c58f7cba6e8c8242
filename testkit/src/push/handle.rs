//! What a test arranges in the double, and what it learns from it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{
    message::Message,
    subscriber::{Subscribed, Subscriber},
    world::{Double, Seen},
};
use crate::control::{self, Controlled};

/// Arranges what the double answers, and tells what it was sent. Cheap to clone.
pub type Handle = control::Handle<Double>;

impl Handle {
    /// A browser subscribes; with a `key` (the page's `applicationServerKey`) it takes what is signed by that alone.
    pub fn subscribe(&self, key: Option<&str>) -> Subscribed {
        let subscriber = Subscriber::new(&self.double.entropy, key);
        let mut world = self.double.world();
        let told = subscriber.told(&world.origin);
        world.subscribers.insert(told.id.clone(), subscriber);
        told
    }

    /// The browser's secret number, in base64url: for another implementation to open a message with.
    pub fn secret(&self, id: &str) -> Option<String> {
        let world = self.double.world();
        world
            .subscribers
            .get(id)
            .map(|subscriber| URL_SAFE_NO_PAD.encode(subscriber.secret.to_bytes()))
    }

    /// The browser ends its subscription: 410 from then on. False when there is none.
    pub fn unsubscribe(&self, id: &str) -> bool {
        let mut world = self.double.world();
        let subscriber = world.subscribers.get_mut(id);
        subscriber.map(|subscriber| subscriber.is_gone = true).is_some()
    }

    /// What has arrived, oldest first.
    pub fn messages(&self) -> Vec<Message> {
        self.double.world().messages.clone()
    }

    /// What has arrived at one browser, oldest first.
    pub fn messages_of(&self, id: &str) -> Vec<Message> {
        let world = self.double.world();
        world.messages.iter().filter(|message| message.subscription == id).cloned().collect()
    }

    /// Starts keeping anew.
    pub fn forget_messages(&self) {
        self.double.world().messages.clear();
    }

    /// Every request so far, oldest first, whatever became of it.
    pub fn requests(&self) -> Vec<Seen> {
        self.double.requests().1
    }

    /// Starts counting anew.
    pub fn forget_requests(&self) {
        self.double.forget_requests();
    }
}
