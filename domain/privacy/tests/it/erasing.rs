//! Erasing: nothing is left, nobody else is touched, and nothing comes back.

use std::collections::BTreeMap;

use auth::identity;
use events::{Payload, v1};
use futures::future::join_all;
use kernel::{TimeZone, db};
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
    assert!(profile::set_close_tasks(&house.db, ana, true, at).await.is_err());
    assert!(house.integrations.connect_with_tokens(ana, tokens).await.is_err());
    let mut tx = db::begin(&house.db).await.unwrap();
    let payload = Payload::TaskClosed(v1::TaskClosed { candidate: "todoist:1".into() });
    assert!(events::append(&mut tx, &house.entropy, ana, at, &payload).await.is_err());
    drop(tx);
    for ghost in [
        "insert into recommender.person (user_id) values ($1)",
        "insert into recommender.posterior values ($1, 'thompson', 'arm', 1, 1, now())",
        "insert into auth.session values ($1, sha256(''), now(), now(), now(), gen_random_uuid())",
        "insert into auth.identity values ($1, 'issuer', 'subject', now(), gen_random_uuid())",
    ] {
        let error = sqlx::query(ghost).bind(ana.uuid()).execute(&house.db).await.unwrap_err();
        assert!(error.as_database_error().unwrap().is_foreign_key_violation(), "{ghost}: {error}");
    }
    assert_eq!(house.rows_of(ana).await, BTreeMap::new());
}

/// Writers of every kind, at the same time as the erasure.
#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn who_writes_meanwhile_leaves_nothing(db: PgPool) {
    let house = House::new(db).await;
    for round in 0..10 {
        let ana = house.person(&format!("ana{round}")).await;
        let (house, at) = (&house, house.now());
        let writers = (0..8).map(|number| async move {
            match number % 4 {
                0 => profile::set_close_tasks(&house.db, ana, number == 0, at).await.is_ok(),
                1 => {
                    // As a reaction does: the person's lock, then an event.
                    let mut tx = db::begin(&house.db).await.unwrap();
                    let lock = "insert into recommender.person (user_id) values ($1)
                                on conflict (user_id) do update set user_id = excluded.user_id";
                    if sqlx::query(lock).bind(ana.uuid()).execute(&mut *tx).await.is_err() {
                        return false;
                    }
                    let closed = v1::TaskClosed { candidate: "todoist:1".into() };
                    let payload = Payload::TaskClosed(closed);
                    let told = events::append(&mut tx, &house.entropy, ana, at, &payload).await;
                    let after = chrono::TimeDelta::hours(1);
                    told.is_ok()
                        && integrations::jobs::enqueue_close(&mut tx, ana, "task2", after)
                            .await
                            .is_ok()
                        && tx.commit().await.is_ok()
                }
                2 => house.connect_if_here(ana).await,
                _ => profile::observe_time_zone(&house.db, ana, &TimeZone::UTC, at).await.is_ok(),
            }
        });
        let (erased, _) = tokio::join!(house.privacy.erase(ana), join_all(writers));
        erased.unwrap();
        assert_eq!(house.rows_of(ana).await, BTreeMap::new(), "round {round}");
    }
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn who_has_been_here_longest_runs_the_house_next(db: PgPool) {
    let house = House::new(db).await;
    let mut people = Vec::new();
    for name in ["ana", "bo", "cy"] {
        people.push(house.stranger(name).await);
        house.clock.advance(chrono::TimeDelta::seconds(1));
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
