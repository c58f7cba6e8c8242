//! The list in memory: fetched once for all who ask, as fresh as they want it.

use std::time::Duration;

use chrono::TimeDelta;
use futures::future::join_all;
use integrations::{CANDIDATES, Connection, Freshness, TaskError};
use kernel::Clock;
use profile::Consent;
use sqlx::PgPool;
use testkit::todoist::{Due, Fault, FaultRule, NewTask};

use crate::support::{USER, World, titles, until};

const TASKS: &str = "/api/v1/tasks";

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn nothing_is_at_hand_before_it_is_fetched(db: PgPool) {
    let world = World::connected(db, &["Sweep"]).await;
    assert!(matches!(world.at_hand().await, Err(TaskError::NotAtHand)));
    assert_eq!(world.asked("GET", "/"), 0);

    let list = world.fetch().await.unwrap();
    assert_eq!((titles(&list), list.seen, list.is_complete()), (vec!["Sweep".into()], 1, true));
    assert_eq!(world.at_hand().await.unwrap(), ["Sweep"]);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_list_is_as_fresh_as_one_wants(db: PgPool) {
    let world = World::connected(db, &["Sweep"]).await;
    world.fetch().await.unwrap();
    world.add(&["Wash"]);
    let within = async |secs| {
        let freshness = Freshness::Within(Duration::from_secs(secs));
        titles(&world.integrations.tasks(USER, freshness).await.unwrap())
    };

    world.clock.advance(TimeDelta::seconds(60));
    assert_eq!(within(60).await, ["Sweep"]);
    assert_eq!(within(59).await, ["Sweep", "Wash"]);
    assert_eq!(within(0).await, ["Sweep", "Wash"]);
    assert_eq!(world.asked("GET", TASKS), 2);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn all_who_ask_wait_for_one_fetch(db: PgPool) {
    let world = World::connected(db, &["Sweep"]).await;
    world.todoist().set_latency(Duration::from_millis(50));
    let lists = join_all((0..50).map(|_| world.fetch())).await;
    assert!(lists.iter().all(|list| titles(list.as_ref().unwrap()) == ["Sweep"]));
    assert_eq!(world.asked("GET", TASKS), 1);

    // They share its failure as well, and the next one begins anew.
    world.todoist().inject(FaultRule::next(1, Fault::Unavailable));
    let lists = join_all((0..50).map(|_| world.fetch())).await;
    assert!(lists.iter().all(|list| matches!(list, Err(TaskError::Unavailable))));
    assert!(world.fetch().await.is_ok());
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_comes_late_is_there_for_the_next_time(db: PgPool) {
    let world = World::connected(db, &["Sweep"]).await;
    world.todoist().set_latency(Duration::from_millis(100));
    let hurried = tokio::time::timeout(Duration::from_millis(5), world.fetch()).await;
    assert!(hurried.is_err());
    until(|| async { world.at_hand().await.is_ok() }).await;
    assert_eq!(world.at_hand().await.unwrap(), ["Sweep"]);
    assert_eq!(world.asked("GET", TASKS), 1);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn the_most_urgent_of_thousands_are_kept(db: PgPool) {
    let world = World::connected(db, &[]).await;
    world.todoist().add_synthetic(&world.account, 1_000, "ordinary");
    let yesterday = (world.clock.now() - TimeDelta::days(1)).date_naive().to_string();
    let urgent =
        NewTask { due: Some(Due::on(yesterday)), priority: 4, ..NewTask::titled("urgent") };
    let urgent = world.todoist().add_tasks(&world.account, vec![urgent]).remove(0);
    world.todoist().add_synthetic(&world.account, 999, "ordinary");

    let list = world.fetch().await.unwrap();
    assert_eq!((list.tasks.len(), list.seen), (CANDIDATES, 2_000));
    assert!(!list.is_complete());
    assert_eq!(list.tasks[0].id, urgent);
    assert_eq!(world.asked("GET", TASKS), 10);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn long_descriptions_make_pages_smaller(db: PgPool) {
    let world = World::connected(db, &[]).await;
    let description = "ö".repeat(16_383);
    let task = NewTask { description, ..NewTask::titled("wordy") };
    world.todoist().add_tasks(&world.account, vec![task; 210]);
    let list = world.fetch().await.unwrap();
    assert_eq!((list.tasks.len(), list.seen), (CANDIDATES, 210));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_single_task_can_be_asked_for(db: PgPool) {
    let world = World::connected(db, &[]).await;
    let ids = world.add(&["Open", "Done", "Deleted"]);
    world.todoist().complete(&world.account, &ids[1]);
    world.todoist().delete(&world.account, &ids[2]);
    let task = async |id: &str| world.integrations.task(USER, id).await.unwrap();

    assert_eq!(task(&ids[0]).await.unwrap().content, "Open");
    assert!(task(&ids[1]).await.is_none());
    assert!(task(&ids[2]).await.is_none());
    let asked = world.asked("GET", TASKS);
    assert!(task("../user").await.is_none());
    assert_eq!(world.asked("GET", TASKS), asked);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_fetch_of_somebody_who_left_is_dropped(db: PgPool) {
    let world = World::connected(db, &["Sweep"]).await;
    world.todoist().set_latency(Duration::from_millis(100));
    let (list, ()) = tokio::join!(world.fetch(), async {
        until(|| async { world.asked("GET", TASKS) == 1 }).await;
        world.integrations.disconnect(USER).await.unwrap();
    });
    assert!(list.is_err());
    assert!(matches!(world.at_hand().await, Err(TaskError::NotAtHand)));
    assert_eq!(world.integrations.connection(USER).await.unwrap(), Connection::None);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn who_has_gone_elsewhere_is_forgotten_here(db: PgPool) {
    let world = World::connected(db, &["Sweep"]).await;
    let replica = world.replica();
    let within = Freshness::Within(Duration::from_hours(1));
    replica.tasks(USER, within).await.unwrap();
    replica.forget_gone().await.unwrap();
    assert!(replica.tasks(USER, Freshness::Cached).await.is_ok());

    world.answer(&[(Consent::ReadTasks, false)]).await;
    replica.forget_gone().await.unwrap();
    let gone = replica.tasks(USER, Freshness::Cached).await.unwrap_err();
    assert!(matches!(gone, TaskError::NotAtHand));

    world.answer(&[(Consent::ReadTasks, true)]).await;
    replica.tasks(USER, within).await.unwrap();
    world.integrations.disconnect(USER).await.unwrap();
    assert!(replica.tasks(USER, Freshness::Cached).await.is_ok(), "it has not heard of it");
    replica.forget_gone().await.unwrap();
    let gone = replica.tasks(USER, Freshness::Cached).await.unwrap_err();
    assert!(matches!(gone, TaskError::NotAtHand));
}
