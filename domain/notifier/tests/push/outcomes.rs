//! What came of it, whatever the service does.

use std::time::Duration;

use kernel::Entropy;
use notifier::{
    Outcome,
    push::{Key, PushConfig, Pusher, Services},
};
use testkit::push::{Fault, FaultRule};

use crate::{Sending, double, message, naming, subscribe};

const LATER: Outcome = Outcome::Later { after: None };

fn refused(status: u16) -> Outcome {
    Outcome::Refused { status: Some(status) }
}

#[tokio::test]
async fn each_answer_has_its_outcome() {
    let sending = Sending::start().await;
    let (_, to) = sending.subscribe();
    let after = |text: &str| Fault::TooManyRequests { retry_after: Some(text.to_owned()) };
    let seconds = |seconds| Outcome::Later { after: Some(Duration::from_secs(seconds)) };
    for (fault, outcome) in [
        (Fault::NotFound, Outcome::Gone),
        (Fault::Gone, Outcome::Gone),
        (Fault::TooLarge, Outcome::TooLarge),
        (after("30"), seconds(30)),
        (after("Sat, 21 Nov 2026 12:10:00 GMT"), seconds(600)),
        (Fault::TooManyRequests { retry_after: None }, LATER),
        (Fault::ServerError, LATER),
        (Fault::BadRequest, refused(400)),
        (Fault::Unauthorized, refused(401)),
        (Fault::Forbidden, refused(403)),
        // It says that all is well, and nobody could know better.
        (Fault::Smile, Outcome::Accepted),
    ] {
        sending.double.handle().inject(FaultRule::next(1, fault.clone()));
        assert_eq!(sending.pusher.send(&to, &message()).await, outcome, "{fault:?}");
    }
    assert_eq!(sending.double.handle().messages(), []);
    assert_eq!(sending.pusher.send(&to, &message()).await, Outcome::Accepted);
}

#[tokio::test]
async fn a_browser_that_has_left_is_gone() {
    let sending = Sending::start().await;
    let (id, to) = sending.subscribe();
    sending.double.handle().unsubscribe(&id);
    assert_eq!(sending.pusher.send(&to, &message()).await, Outcome::Gone);
}

#[tokio::test]
async fn a_subscription_is_bound_to_the_key_that_it_was_made_for() {
    let sending = Sending::start().await;
    let (_, to) = sending.subscribe();
    let other = PushConfig { key: Key::generate(&Entropy::seeded(2)), ..sending.config };
    let other = Pusher::new(other, sending.clock.clone()).unwrap();
    assert_eq!(other.send(&to, &message()).await, refused(403));
}

#[tokio::test]
async fn a_redirect_leads_nowhere_however_friendly() {
    let sending = Sending::start().await;
    let elsewhere = double(&sending.clock).await;
    let config =
        PushConfig { services: naming(&[&sending.double, &elsewhere]), ..sending.config.clone() };
    let pusher = Pusher::new(config.clone(), sending.clock.clone()).unwrap();
    // Even where it may go, and where it would be taken.
    let (_, there) = subscribe(&elsewhere, &config);
    let (_, to) = sending.subscribe();
    let fault = Fault::Redirect { to: there.endpoint().to_owned() };
    sending.double.handle().inject(FaultRule::always(fault));
    assert_eq!(pusher.send(&to, &message()).await, refused(307));
    assert_eq!(elsewhere.handle().requests(), []);
}

#[tokio::test]
async fn nobody_keeps_it_waiting() {
    let sending = Sending::start().await;
    let (_, to) = sending.subscribe();
    let hurried = sending.pusher.with_patience(Duration::from_millis(50));
    sending.double.handle().inject(FaultRule::always(Fault::Hang));
    assert_eq!(hurried.send(&to, &message()).await, LATER);
}

#[tokio::test]
async fn who_cannot_be_reached_is_asked_later() {
    let sending = Sending::start().await;
    let (_, to) = sending.subscribe();
    sending.double.stop().await;
    assert_eq!(sending.pusher.send(&to, &message()).await, LATER);
}

#[tokio::test]
async fn no_packet_leaves_for_an_address_that_was_not_named() {
    let sending = Sending::start().await;
    let (_, to) = sending.subscribe();
    // It was allowed when the browser subscribed, and is no more.
    let config = PushConfig { services: Services::default(), ..sending.config };
    let pusher = Pusher::new(config, sending.clock.clone()).unwrap();
    assert_eq!(pusher.send(&to, &message()).await, Outcome::Refused { status: None });
    assert_eq!(sending.double.handle().requests(), []);
}
