//! A Todoist that misbehaves: a typed error, and the last good list still at hand.

use chrono::TimeDelta;
use integrations::TaskError;
use kernel::Clock;
use sqlx::PgPool;
use testkit::todoist::{Fault, FaultRule};

use crate::support::{USER, World, titles};

/// What is expected of an error.
type Expected = fn(&TaskError) -> bool;

const UNAVAILABLE: Expected = |error| matches!(error, TaskError::Unavailable);
const GARBLED: Expected = |error| matches!(error, TaskError::Garbled);

async fn withstands(db: PgPool, faults: Vec<(Fault, Expected)>) {
    let world = World::connected(db, &["Sweep"]).await;
    world.fetch().await.unwrap();

    for (fault, expected) in faults {
        world.todoist().inject(FaultRule::always(fault));
        let error = world.fetch().await.unwrap_err();
        assert!(expected(&error), "{fault:?}: {error:?}");
        assert_eq!(world.at_hand().await.unwrap(), ["Sweep"], "{fault:?}");
        let error = world.integrations.task(USER, "6Xd").await.unwrap_err();
        assert!(expected(&error), "{fault:?}: {error:?}");

        world.todoist().clear_faults();
        assert_eq!(titles(&world.fetch().await.unwrap()), ["Sweep"], "{fault:?}");
    }
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn nonsense_is_no_list(db: PgPool) {
    let faults = vec![
        (Fault::Garbage, GARBLED),
        (Fault::Html, GARBLED),
        (Fault::WrongTypes, GARBLED),
        (Fault::Deep { depth: 100 }, GARBLED),
        (Fault::Deep { depth: 1_000_000 }, GARBLED),
        (Fault::Huge { bytes: 1024 * 1024 * 1024 }, GARBLED),
    ];
    withstands(db, faults).await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_todoist_that_cannot_is_unavailable(db: PgPool) {
    let faults = vec![
        (Fault::ServerError, UNAVAILABLE),
        (Fault::Unavailable, UNAVAILABLE),
        (Fault::Cut, UNAVAILABLE),
    ];
    withstands(db, faults).await;
}

/// This one waits for the real time limit of the client.
#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_slow_todoist_is_unavailable(db: PgPool) {
    let world = World::connected(db, &["Sweep"]).await;
    world.fetch().await.unwrap();
    world.todoist().inject(FaultRule::always(Fault::Slow { ms: 60_000 }));
    assert!(matches!(world.fetch().await, Err(TaskError::Unavailable)));
    assert_eq!(world.at_hand().await.unwrap(), ["Sweep"]);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn nobody_is_unavailable(db: PgPool) {
    let world = World::connected(db, &["Sweep"]).await;
    world.fetch().await.unwrap();
    let World { double, integrations, clock, .. } = world;
    double.stop().await;
    clock.advance(TimeDelta::seconds(1));
    let fresh = integrations::Freshness::Within(std::time::Duration::ZERO);
    let error = integrations.tasks(USER, fresh).await.unwrap_err();
    assert!(matches!(error, TaskError::Unavailable));
    assert!(integrations.tasks(USER, integrations::Freshness::Cached).await.is_ok());
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_throttled_person_waits_as_told(db: PgPool) {
    let world = World::connected(db, &["Sweep"]).await;
    world.fetch().await.unwrap();
    world.todoist().forget_requests();
    world.todoist().inject(FaultRule::next(1, Fault::TooManyRequests { retry_after: 30 }));

    let Err(TaskError::Throttled { until }) = world.fetch().await else { panic!("not throttled") };
    assert_eq!(until, world.clock.now() + TimeDelta::seconds(30));
    for _ in 0..3 {
        let again = world.fetch().await;
        assert!(matches!(again, Err(TaskError::Throttled { until: at }) if at == until));
        assert_eq!(world.at_hand().await.unwrap(), ["Sweep"]);
    }
    assert_eq!(world.asked("GET", "/api/v1/tasks"), 1);

    world.clock.set(until);
    assert_eq!(titles(&world.fetch().await.unwrap()), ["Sweep"]);

    // Nobody waits for a day because a server says so.
    world.todoist().inject(FaultRule::next(1, Fault::TooManyRequests { retry_after: 86_400 }));
    let Err(TaskError::Throttled { until }) = world.fetch().await else { panic!("not throttled") };
    assert_eq!(until, world.clock.now() + TimeDelta::minutes(15));
}
