//! Many at once.

use std::{collections::BTreeSet, pin::pin};

use futures::StreamExt;
use notifier::{
    Outcome,
    push::{Fleet, PushConfig, Pusher},
};
use testkit::push::{Fault, FaultRule};

use crate::{LONG, Sending, double, message, naming, subscribe};

/// More than are on their way at once, in all.
const MANY: usize = 300;

#[tokio::test]
async fn each_is_told_of_once() {
    let sending = Sending::start().await;
    let sends = (0..MANY).map(|name| (name, sending.subscribe().1, message())).collect();
    sending.double.handle().inject(FaultRule::always(Fault::Smile));
    let done: Vec<_> = Fleet::new(sending.pusher).send_all(sends).collect().await;
    assert!(done.iter().all(|(_, outcome)| *outcome == Outcome::Accepted));
    let names: BTreeSet<_> = done.iter().map(|(name, _)| *name).collect();
    assert_eq!((done.len(), names.len()), (MANY, MANY));
    assert_eq!(sending.double.handle().requests().len(), MANY);
}

#[tokio::test]
async fn a_browser_that_never_answers_delays_nobody() {
    let sending = Sending::start().await;
    let (id, sick) = sending.subscribe();
    sending.double.handle().inject(FaultRule::always(Fault::Hang).to(id));
    let (_, well) = sending.subscribe();
    let mut sends: Vec<_> = (0..MANY).map(|_| ("sick", sick.clone(), message())).collect();
    sends.push(("well", well, message()));
    let mut done = pin!(Fleet::new(sending.pusher).send_all(sends));
    assert_eq!(done.next().await, Some(("well", Outcome::Accepted)));
}

#[tokio::test]
async fn a_service_that_never_answers_delays_no_other() {
    let sending = Sending::start().await;
    let sick = double(&sending.clock).await;
    sick.handle().inject(FaultRule::always(Fault::Hang));
    let services = naming(&[&sending.double, &sick]);
    let config = PushConfig { services, ..sending.config.clone() };
    let pusher = Pusher::new(config.clone(), sending.clock.clone()).unwrap().with_patience(LONG);
    let mut sends: Vec<_> =
        (0..MANY).map(|_| ("sick", subscribe(&sick, &config).1, message())).collect();
    sends.push(("well", sending.subscribe().1, message()));
    let mut done = pin!(Fleet::new(pusher).send_all(sends));
    assert_eq!(done.next().await, Some(("well", Outcome::Accepted)));
}
