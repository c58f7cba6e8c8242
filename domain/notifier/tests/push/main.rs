//! Notes on their way, to a double of a push service.

#![expect(clippy::unwrap_used, reason = "what helps a test may fail as it does")]

mod fleet;
mod others;
mod outcomes;
mod sealing;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use kernel::{Entropy, ManualClock, UserId};
use notifier::push::{
    About, Key, Message, Navigate, Note, PushConfig, Pusher, Services, Subscription, Topic, Urgency,
};
use testkit::push::PushDouble;
use uuid::Uuid;

const CONTACT: &str = "mailto:ana@example.org";

/// Longer than any test.
const LONG: Duration = Duration::from_mins(10);

/// A service, and who sends to it. It is noon.
struct Sending {
    double: PushDouble,
    clock: Arc<ManualClock>,
    config: PushConfig,
    pusher: Pusher,
}

impl Sending {
    async fn start() -> Self {
        let clock = ManualClock::at("2026-11-21T12:00:00Z".parse().unwrap());
        let double = double(&clock).await;
        let config = PushConfig {
            key: Key::generate(&Entropy::seeded(1)),
            contact: CONTACT.parse().unwrap(),
            services: naming(&[&double]),
        };
        let pusher = Pusher::new(config.clone(), clock.clone()).unwrap().with_patience(LONG);
        Self { double, clock, config, pusher }
    }

    /// A browser subscribes; its id at the double, too.
    fn subscribe(&self) -> (String, Subscription) {
        subscribe(&self.double, &self.config)
    }
}

async fn double(clock: &Arc<ManualClock>) -> PushDouble {
    PushDouble::start(SocketAddr::from(([127, 0, 0, 1], 0)), clock.clone()).await.unwrap()
}

fn naming(doubles: &[&PushDouble]) -> Services {
    let named: Vec<_> = doubles.iter().map(|double| double.addr().to_string()).collect();
    named.join(",").parse().unwrap()
}

fn subscribe(double: &PushDouble, config: &PushConfig) -> (String, Subscription) {
    let told = double.handle().subscribe(Some(config.key.public()));
    let (p256dh, auth) = (&told.keys.p256dh, &told.keys.auth);
    let read = Subscription::parse(&told.endpoint, p256dh, auth, &config.services);
    (told.id, read.unwrap())
}

fn message() -> Message {
    let about = About {
        tip_id: Uuid::from_u128(1),
        key: Uuid::from_u128(2),
        person: UserId(Uuid::from_u128(3)),
    };
    Message {
        note: Note::new("Call \"Ana\"", "Ten minutes are enough.", Navigate::home(), about),
        ttl: Duration::from_hours(2),
        urgency: Urgency::High,
        topic: Some(Topic::of("the tip")),
    }
}
