//! What arrives, and what the service between learns.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use kernel::Clock;
use notifier::{Outcome, push::Note};
use serde_json::json;

use crate::{CONTACT, Sending, message};

#[tokio::test]
async fn a_browser_reads_what_was_said() {
    let sending = Sending::start().await;
    let (_, to) = sending.subscribe();
    assert_eq!(sending.pusher.send(&to, &message()).await, Outcome::Accepted);

    let [ref arrived] = sending.double.handle().messages()[..] else { panic!("one message") };
    let id = |number: u128| uuid::Uuid::from_u128(number);
    let read = json!({
        "web_push": 8030,
        "notification": {
            "title": "Call \"Ana\"",
            "body": "Ten minutes are enough.",
            "navigate": "/",
            "tag": id(1),
            "actions": [
                { "action": "done", "title": "Done" },
                { "action": "snooze", "title": "Later" },
            ],
        },
        "oo": { "tip_id": id(1), "key": id(2), "person": id(3) },
    });
    assert_eq!(arrived.data, read);
    assert_eq!((arrived.ttl, arrived.urgency.as_str()), (7_200, "high"));
    assert_eq!(arrived.topic.as_deref().map(str::len), Some(32));
}

#[tokio::test]
async fn its_length_tells_little() {
    let sending = Sending::start().await;
    let (_, to) = sending.subscribe();
    for title in ["", "Rest", "Call Ana about the roof, before she leaves for the weekend"] {
        let mut message = message();
        let about = notifier::push::About {
            tip_id: uuid::Uuid::nil(),
            key: uuid::Uuid::nil(),
            person: kernel::UserId(uuid::Uuid::nil()),
        };
        message.note = Note::new(title, "", notifier::push::Navigate::home(), about);
        sending.pusher.send(&to, &message).await;
    }
    let lengths: Vec<_> =
        sending.double.handle().messages().iter().map(|arrived| arrived.plaintext_bytes).collect();
    assert_eq!(lengths, [Some(512); 3]);
}

#[tokio::test]
async fn it_is_signed_for_its_service_and_half_a_day() {
    let sending = Sending::start().await;
    let ((_, one), (_, other)) = (sending.subscribe(), sending.subscribe());
    for to in [&one, &other] {
        sending.pusher.send(to, &message()).await;
    }
    sending.clock.advance(TimeDelta::hours(6));
    sending.pusher.send(&one, &message()).await;

    let arrived = sending.double.handle().messages();
    let signed = &arrived[0].signed;
    let noon = arrived[0].at;
    assert_eq!(signed.aud, sending.double.base_url(), "with its port");
    assert_eq!(signed.exp, (noon + TimeDelta::hours(12)).timestamp());
    assert_eq!((signed.sub.as_str(), signed.key.as_str()), (CONTACT, sending.config.key.public()));

    // Signing costs more than all else: one signature is used for some hours.
    assert_eq!(arrived[0].authorization, arrived[1].authorization);
    let anew = (sending.clock.now() + TimeDelta::hours(12)).timestamp();
    assert_eq!(arrived[2].signed.exp, anew);
}

#[tokio::test]
async fn nothing_is_sealed_twice_alike() {
    let sending = Sending::start().await;
    let (_, to) = sending.subscribe();
    for _ in 0..2 {
        sending.pusher.send(&to, &message()).await;
    }
    let arrived = sending.double.handle().messages();
    let bodies = [0, 1].map(|index: usize| URL_SAFE_NO_PAD.decode(&arrived[index].body).unwrap());
    // Salt and key: with the same ones, two messages would tell of each other.
    assert_ne!(bodies[0][..16], bodies[1][..16]);
    assert_ne!(bodies[0][21..86], bodies[1][21..86]);
}

#[tokio::test]
async fn what_is_logged_tells_no_secret() {
    let sending = Sending::start().await;
    let (id, to) = sending.subscribe();
    let key = secrecy::ExposeSecret::expose_secret(sending.config.key.secret()).to_owned();
    let told = format!("{:?} {:?} {to:?} {:?}", sending.config, sending.pusher, message());
    for secret in [id, key, to.p256dh(), to.auth(), "Ana".to_owned()] {
        assert!(!told.contains(&secret), "{told}");
    }
}
