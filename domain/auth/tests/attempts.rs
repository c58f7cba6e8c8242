//! Attempts, against a real Postgres.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::{sync::Arc, time::Duration};

use auth::{
    AuthError,
    attempts::{Attempts, Who},
};
use chrono::TimeDelta;
use kernel::{ManualClock, Timestamp, UserId};
use sqlx::PgPool;
use uuid::Uuid;

const ANA: Who = Who::Person(UserId(Uuid::from_u128(0xA11A)));

fn at(address: &str) -> Who {
    Who::Address(address.parse().unwrap())
}

fn bench(db: &PgPool) -> (Attempts, Arc<ManualClock>) {
    let clock = ManualClock::at(Timestamp::from_timestamp(1_800_000_000, 0).unwrap());
    (Attempts::new(db.clone(), clock.clone()), clock)
}

/// How many of `tries` at once are let through, and how long the others are to wait.
async fn tried(attempts: &Attempts, what: &str, who: Who, tries: usize) -> (usize, Duration) {
    let all = (0..tries).map(|_| attempts.count(what, who));
    let (mut passed, mut waits) = (0, Duration::ZERO);
    for result in futures::future::join_all(all).await {
        match result {
            Ok(()) => passed += 1,
            Err(AuthError::TooOften { wait }) => waits = wait,
            Err(error) => panic!("{error:?}"),
        }
    }
    (passed, waits)
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn thirty_in_ten_minutes_are_enough(db: PgPool) {
    let (attempts, clock) = bench(&db);
    let home = at("192.0.2.7");
    assert_eq!(tried(&attempts, "sign-in", home, 1).await, (1, Duration::ZERO));
    clock.advance(TimeDelta::minutes(4));
    let replica = Attempts::new(db.clone(), clock.clone());
    let (here, there) =
        tokio::join!(tried(&attempts, "sign-in", home, 20), tried(&replica, "sign-in", home, 20));
    assert_eq!(here.0 + there.0, 29, "all replicas count together");
    assert_eq!(here.1.max(there.1), Duration::from_mins(6));

    clock.advance(TimeDelta::minutes(6) - TimeDelta::microseconds(1));
    assert_eq!(tried(&attempts, "sign-in", home, 1).await, (0, Duration::from_secs(1)));
    clock.advance(TimeDelta::microseconds(1));
    assert_eq!(tried(&attempts, "sign-in", home, 40).await.0, 30);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn nobody_is_counted_for_another(db: PgPool) {
    let (attempts, _) = bench(&db);
    assert_eq!(tried(&attempts, "sign-in", at("192.0.2.7"), 31).await.0, 30);
    assert_eq!(tried(&attempts, "connection", at("192.0.2.7"), 1).await.0, 1);
    assert_eq!(tried(&attempts, "sign-in", at("192.0.2.8"), 1).await.0, 1);
    assert_eq!(tried(&attempts, "sign-in", at("2001:db8::"), 1).await.0, 1);
    assert_eq!(tried(&attempts, "sign-in", ANA, 1).await.0, 1);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_window_that_has_ended_is_swept(db: PgPool) {
    let (attempts, clock) = bench(&db);
    attempts.count("sign-in", ANA).await.unwrap();
    clock.advance(TimeDelta::minutes(5));
    attempts.count("sign-in", at("192.0.2.7")).await.unwrap();
    assert_eq!(attempts.purge_expired().await.unwrap(), 0);
    clock.advance(TimeDelta::minutes(5));
    assert_eq!(attempts.purge_expired().await.unwrap(), 1);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn neither_person_nor_address_is_stored(db: PgPool) {
    let (attempts, _) = bench(&db);
    attempts.count("sign-in", at("192.0.2.7")).await.unwrap();
    attempts.count("sign-in", ANA).await.unwrap();
    let dump: String = sqlx::query_scalar("select string_agg(attempt::text, '') from auth.attempt")
        .fetch_one(&db)
        .await
        .unwrap();
    for known in ["192.0.2.7", "c0000207", "0000a11a"] {
        assert!(!dump.contains(known), "{dump}");
    }
}
