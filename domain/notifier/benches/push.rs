//! How long 10,000 notes take to services that answer in 50 ms. The target: 60 s on two cores, the services included.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench prints, and fails by panicking"
)]

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use futures::StreamExt;
use kernel::{Entropy, SystemClock, UserId};
use notifier::{
    Outcome,
    push::{
        About, Fleet, Key, Message, Navigate, Note, PushConfig, Pusher, Subscription, Topic,
        Urgency,
    },
};
use testkit::push::{Fault, FaultRule, PushDouble};
use uuid::Uuid;

const NOTES: usize = 10_000;

const LATENCY: Duration = Duration::from_millis(50);

#[tokio::main]
async fn main() {
    println!("| what | target | measured |\n| --- | --- | --- |");
    for services in [1, 4] {
        let took = send_to(services).await;
        let rate = u32::try_from(NOTES).map(f64::from).unwrap() / took.as_secs_f64();
        println!(
            "| {NOTES} notes to {services} service(s) that answer in 50 ms | ≤ 60 s | {:.1} s, {rate:.0}/s |",
            took.as_secs_f64()
        );
    }
}

async fn send_to(services: usize) -> Duration {
    let mut doubles = Vec::new();
    for _ in 0..services {
        let addr = SocketAddr::from(([127, 0, 0, 1], 0));
        let double = PushDouble::start(addr, Arc::new(SystemClock)).await.unwrap();
        // What a browser does with it is none of the sender's time.
        double.handle().inject(FaultRule::always(Fault::Smile));
        double.handle().set_latency(LATENCY);
        doubles.push(double);
    }
    let named: Vec<_> = doubles.iter().map(|double| double.addr().to_string()).collect();
    let config = PushConfig {
        key: Key::generate(&Entropy::seeded(1)),
        contact: "mailto:ana@example.org".parse().unwrap(),
        services: named.join(",").parse().unwrap(),
    };
    let sends: Vec<_> = (0..NOTES)
        .map(|number| {
            let told = doubles[number % services].handle().subscribe(None);
            let (p256dh, auth) = (&told.keys.p256dh, &told.keys.auth);
            let to = Subscription::parse(&told.endpoint, p256dh, auth, &config.services);
            (number, to.unwrap(), message(number))
        })
        .collect();

    let fleet = Fleet::new(Pusher::new(config, Arc::new(SystemClock)).unwrap());
    let start = Instant::now();
    let done: Vec<_> = fleet.send_all(sends).collect().await;
    let took = start.elapsed();
    assert_eq!(done.len(), NOTES);
    assert!(done.iter().all(|(_, outcome)| *outcome == Outcome::Accepted));
    took
}

fn message(number: usize) -> Message {
    let id = Uuid::from_u128(number as u128);
    let about = About { tip_id: id, key: id, person: UserId(id) };
    let title = "Call Ana about the roof, before she leaves";
    Message {
        note: Note::new(title, "Ten minutes are enough.", Navigate::home(), about),
        ttl: Duration::from_hours(2),
        urgency: Urgency::Normal,
        topic: Some(Topic::of("tip")),
    }
}
