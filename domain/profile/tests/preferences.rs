//! Preferences, against a real Postgres.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use kernel::{TimeZone, Timestamp, UserId};
use profile::{
    KeepHistory, Preferences, choose_time_zone, keep_history, observe_time_zone, preferences,
    set_close_tasks,
};
use sqlx::PgPool;
use uuid::Uuid;

const ANN: UserId = UserId(Uuid::from_u128(1));
const BEN: UserId = UserId(Uuid::from_u128(2));

fn at(second: i64) -> Timestamp {
    Timestamp::from_timestamp(1_800_000_000 + second, 0).unwrap()
}

fn observed(time_zone: TimeZone, close_tasks: bool) -> Preferences {
    Preferences { time_zone, close_tasks, ..Preferences::default() }
}

fn berlin() -> TimeZone {
    "Europe/Berlin".parse().unwrap()
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR", fixtures("people"))]
async fn who_has_chosen_nothing_has_the_defaults(db: PgPool) {
    let nothing = preferences(&db, ANN).await.unwrap();
    assert_eq!(nothing, observed(TimeZone::UTC, true));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR", fixtures("people"))]
async fn each_choice_leaves_the_other_and_other_people_alone(db: PgPool) {
    observe_time_zone(&db, ANN, &berlin(), at(0)).await.unwrap();
    let zone_only = preferences(&db, ANN).await.unwrap();
    assert_eq!(zone_only, observed(berlin(), true));

    set_close_tasks(&db, ANN, false, at(1)).await.unwrap();
    let both = preferences(&db, ANN).await.unwrap();
    assert_eq!(both, observed(berlin(), false));

    set_close_tasks(&db, BEN, false, at(2)).await.unwrap();
    observe_time_zone(&db, ANN, &TimeZone::UTC, at(3)).await.unwrap();
    let ben = preferences(&db, BEN).await.unwrap();
    assert_eq!(ben, observed(TimeZone::UTC, false));
    let ann = preferences(&db, ANN).await.unwrap();
    assert_eq!(ann, observed(TimeZone::UTC, false));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR", fixtures("people"))]
async fn the_same_choice_again_is_no_change(db: PgPool) {
    observe_time_zone(&db, ANN, &berlin(), at(0)).await.unwrap();
    observe_time_zone(&db, ANN, &berlin(), at(9)).await.unwrap();
    let updated_at: Timestamp = sqlx::query_scalar("select updated_at from profile.preference")
        .fetch_one(&db)
        .await
        .unwrap();
    assert_eq!(updated_at, at(0));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR", fixtures("people"))]
async fn a_zone_that_this_machine_does_not_know_is_utc(db: PgPool) {
    sqlx::query("insert into profile.preference values ($1, 'Moon/Tranquility', false, $2)")
        .bind(ANN.uuid())
        .bind(at(0))
        .execute(&db)
        .await
        .unwrap();
    let ann = preferences(&db, ANN).await.unwrap();
    assert_eq!(ann, observed(TimeZone::UTC, false));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR", fixtures("people"))]
async fn a_choice_belongs_to_the_callers_transaction(db: PgPool) {
    let mut tx = kernel::db::begin(&db).await.unwrap();
    set_close_tasks(&mut *tx, ANN, false, at(0)).await.unwrap();
    assert!(!preferences(&mut *tx, ANN).await.unwrap().close_tasks);
    tx.rollback().await.unwrap();
    assert!(preferences(&db, ANN).await.unwrap().close_tasks);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR", fixtures("people"))]
async fn a_zone_that_was_chosen_stays_until_it_is_left_to_the_devices(db: PgPool) {
    let lisbon: TimeZone = "Europe/Lisbon".parse().unwrap();
    choose_time_zone(&db, ANN, Some(&lisbon), at(0)).await.unwrap();
    observe_time_zone(&db, ANN, &berlin(), at(1)).await.unwrap();
    let chosen = preferences(&db, ANN).await.unwrap();
    assert_eq!((chosen.time_zone, chosen.time_zone_chosen), (lisbon.clone(), true));

    choose_time_zone(&db, ANN, None, at(2)).await.unwrap();
    assert_eq!(preferences(&db, ANN).await.unwrap(), observed(lisbon, true));
    observe_time_zone(&db, ANN, &berlin(), at(3)).await.unwrap();
    assert_eq!(preferences(&db, ANN).await.unwrap(), observed(berlin(), true));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR", fixtures("people"))]
async fn history_is_kept_for_as_long_as_was_chosen(db: PgPool) {
    assert_eq!(preferences(&db, ANN).await.unwrap().keep_history, KeepHistory::Year);
    set_close_tasks(&db, ANN, false, at(0)).await.unwrap();
    assert_eq!(preferences(&db, ANN).await.unwrap().keep_history, KeepHistory::Year);
    for keep in KeepHistory::ALL {
        keep_history(&db, ANN, keep, at(1)).await.unwrap();
        assert_eq!(preferences(&db, ANN).await.unwrap().keep_history, keep);
        assert_eq!(KeepHistory::from_days(keep.days()), Some(keep));
    }
    assert_eq!(KeepHistory::from_days(Some(7)), None);
    assert_eq!(preferences(&db, BEN).await.unwrap().keep_history, KeepHistory::Year);
}
