//! Erasing: nothing is left, nobody else is touched, and nothing comes back.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    time::Duration,
};

use auth::identity;
use chrono::TimeDelta;
use events::{Payload, v1};
use futures::future::join_all;
use kernel::{TimeZone, UserId, db, testing::somebody_waits};
use profile::{Consent, KeepHistory};
use sqlx::PgPool;

use crate::support::House;

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn nothing_is_left_of_a_person_and_nobody_else_is_touched(db: PgPool) {
    let house = House::new(db).await;
    let (bo, ana) = (house.person("bo").await, house.person("ana").await);
    let before = house.dump_of(bo).await;
    assert_eq!(house.rows_of(ana).await.len(), privacy::tables().count());

    house.privacy.erase(ana).await.unwrap();
    assert_eq!(house.rows_of(ana).await, BTreeMap::new());
    assert_eq!(house.dump_of(bo).await, before);

    // Once more is no harm.
    house.privacy.erase(ana).await.unwrap();
    assert_eq!(house.dump_of(bo).await, before);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_failure_changes_nothing(db: PgPool) {
    let house = House::new(db).await;
    let ana = house.person("ana").await;
    let before = house.dump_of(ana).await;
    sqlx::query("alter table privacy.erasure rename to gone").execute(&house.db).await.unwrap();
    assert!(house.privacy.erase(ana).await.is_err());
    assert_eq!(house.dump_of(ana).await, before);
}

/// What a request that has begun before writes after it.
#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn nobody_writes_for_who_is_gone(db: PgPool) {
    let house = House::new(db).await;
    let ana = house.person("ana").await;
    let tokens = house.connect(ana).await;
    house.privacy.erase(ana).await.unwrap();

    let at = house.now();
    let observed = profile::observe_time_zone(&house.db, ana, &TimeZone::UTC, at).await;
    assert!(observed.is_err());
    assert!(profile::decide(&house.db, ana, &[(Consent::Notify, true)], at).await.is_err());
    let waiting = "select count(*) from graphile_worker.jobs";
    let before: i64 = sqlx::query_scalar(waiting).fetch_one(&house.db).await.unwrap();
    assert!(house.integrations.connect_with_tokens(ana, tokens).await.is_err());
    let after: i64 = sqlx::query_scalar(waiting).fetch_one(&house.db).await.unwrap();
    assert_eq!(after, before + 1, "what Todoist has just allowed is given back");
    let mut tx = db::begin(&house.db).await.unwrap();
    let payload = Payload::TaskClosed(v1::TaskClosed { candidate: "todoist:1".into() });
    assert!(events::append(&mut tx, &house.entropy, ana, at, &payload).await.is_err());
    drop(tx);
    for ghost in [
        "insert into recommender.person (user_id) values ($1)",
        "insert into auth.session values ($1, sha256(''), now(), now(), now(), gen_random_uuid())",
        "insert into auth.identity values ($1, 'issuer', 'subject', now(), gen_random_uuid())",
    ] {
        let error = sqlx::query(ghost).bind(ana.uuid()).execute(&house.db).await.unwrap_err();
        assert!(error.as_database_error().unwrap().is_foreign_key_violation(), "{ghost}: {error}");
    }
    assert_eq!(house.rows_of(ana).await, BTreeMap::new());
}

/// What is being written when somebody leaves is waited for, and goes with them.
#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_is_under_way_is_waited_for(db: PgPool) {
    let house = House::new(db).await;
    let ana = house.stranger("ana").await;
    let mut tx = db::begin(&house.db).await.unwrap();
    let payload = Payload::TaskClosed(v1::TaskClosed { candidate: "todoist:1".into() });
    events::append(&mut tx, &house.entropy, ana, house.now(), &payload).await.unwrap();
    integrations::jobs::enqueue_close(&mut tx, ana, "task2", TimeDelta::hours(1)).await.unwrap();

    let privacy = house.privacy.clone();
    let erasing = tokio::spawn(async move { privacy.erase(ana).await });
    assert!(somebody_waits(&house.db, Duration::from_secs(10)).await.unwrap());
    tx.commit().await.unwrap();
    erasing.await.unwrap().unwrap();
    assert_eq!(house.rows_of(ana).await, BTreeMap::new());
}

/// Writes as requests and jobs do; false when it does not get through.
async fn write(house: &House, user: UserId, kind: usize) -> bool {
    let at = house.now();
    match kind {
        0 => {
            let keep = KeepHistory::ALL[usize::from(at.timestamp() % 2 == 0)];
            profile::keep_history(&house.db, user, keep, at).await.is_ok()
        }
        1 => profile::observe_time_zone(&house.db, user, &TimeZone::UTC, at).await.is_ok(),
        2 => house.connect_if_here(user).await,
        _ => react(house, user).await.is_some(),
    }
}

/// As a reaction does: under the person's lock, a job and an event.
async fn react(house: &House, user: UserId) -> Option<()> {
    let mut tx = db::begin(&house.db).await.ok()?;
    sqlx::query(
        "insert into recommender.person (user_id) values ($1)
         on conflict (user_id) do update set user_id = excluded.user_id",
    )
    .bind(user.uuid())
    .execute(&mut *tx)
    .await
    .ok()?;
    let after = TimeDelta::hours(1);
    integrations::jobs::enqueue_close(&mut tx, user, "task2", after).await.ok()?;
    let payload = Payload::TaskClosed(v1::TaskClosed { candidate: "todoist:1".into() });
    events::append(&mut tx, &house.entropy, user, house.now(), &payload).await.ok()?;
    tx.commit().await.ok()
}

/// Writers of every kind that do not let up until they fail.
#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn who_writes_meanwhile_leaves_nothing(db: PgPool) {
    let house = House::new(db).await;
    for round in 0..5 {
        let ana = house.person(&format!("ana{round}")).await;
        let (house, gone) = (&house, &AtomicBool::new(false));
        let writers = (0..8).map(|number| async move {
            loop {
                let last = gone.load(Relaxed);
                if !write(house, ana, number % 4).await {
                    return true;
                }
                if last {
                    return false;
                }
            }
        });
        let erase = async {
            house.privacy.erase(ana).await.unwrap();
            gone.store(true, Relaxed);
        };
        let ((), failed) = tokio::join!(erase, join_all(writers));
        assert_eq!(failed, [true; 8], "nobody writes for who is gone");
        assert_eq!(house.rows_of(ana).await, BTreeMap::new(), "round {round}");
    }
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn who_has_been_here_longest_runs_the_house_next(db: PgPool) {
    let house = House::new(db).await;
    let mut people = Vec::new();
    for name in ["ana", "bo", "cy"] {
        people.push(house.stranger(name).await);
        house.clock.advance(TimeDelta::seconds(1));
    }
    let owner = async || {
        let mut owners = Vec::new();
        for user in &people {
            if identity::is_owner(&house.db, *user).await.unwrap() {
                owners.push(*user);
            }
        }
        owners
    };
    assert_eq!(owner().await, [people[0]]);
    house.privacy.erase(people[2]).await.unwrap();
    assert_eq!(owner().await, [people[0]]);
    house.privacy.erase(people[0]).await.unwrap();
    assert_eq!(owner().await, [people[1]]);
    house.privacy.erase(people[1]).await.unwrap();
    assert_eq!(owner().await, []);

    // Somebody new, with the ways in of the first.
    let again = house.stranger("ana").await;
    assert!(!people.contains(&again));
    assert!(identity::is_owner(&house.db, again).await.unwrap());
}
