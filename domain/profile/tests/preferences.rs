//! Preferences, against a real Postgres.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use kernel::{TimeZone, Timestamp, UserId};
use profile::{Preferences, preferences, set_close_tasks, set_time_zone};
use sqlx::PgPool;
use uuid::Uuid;

const ANN: UserId = UserId(Uuid::from_u128(1));
const BEN: UserId = UserId(Uuid::from_u128(2));

fn at(second: i64) -> Timestamp {
    Timestamp::from_timestamp(1_800_000_000 + second, 0).unwrap()
}

fn berlin() -> TimeZone {
    "Europe/Berlin".parse().unwrap()
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn who_has_chosen_nothing_has_the_defaults(db: PgPool) {
    let nothing = preferences(&db, ANN).await.unwrap();
    assert_eq!(nothing, Preferences { time_zone: TimeZone::UTC, close_tasks: true });
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn each_choice_leaves_the_other_and_other_people_alone(db: PgPool) {
    set_time_zone(&db, ANN, &berlin(), at(0)).await.unwrap();
    let zone_only = preferences(&db, ANN).await.unwrap();
    assert_eq!(zone_only, Preferences { time_zone: berlin(), close_tasks: true });

    set_close_tasks(&db, ANN, false, at(1)).await.unwrap();
    let both = preferences(&db, ANN).await.unwrap();
    assert_eq!(both, Preferences { time_zone: berlin(), close_tasks: false });

    set_close_tasks(&db, BEN, false, at(2)).await.unwrap();
    set_time_zone(&db, ANN, &TimeZone::UTC, at(3)).await.unwrap();
    let ben = preferences(&db, BEN).await.unwrap();
    assert_eq!(ben, Preferences { time_zone: TimeZone::UTC, close_tasks: false });
    let ann = preferences(&db, ANN).await.unwrap();
    assert_eq!(ann, Preferences { time_zone: TimeZone::UTC, close_tasks: false });
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn the_same_choice_again_is_no_change(db: PgPool) {
    set_time_zone(&db, ANN, &berlin(), at(0)).await.unwrap();
    set_time_zone(&db, ANN, &berlin(), at(9)).await.unwrap();
    let updated_at: Timestamp = sqlx::query_scalar("select updated_at from profile.preference")
        .fetch_one(&db)
        .await
        .unwrap();
    assert_eq!(updated_at, at(0));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_zone_that_this_machine_does_not_know_is_utc(db: PgPool) {
    sqlx::query("insert into profile.preference values ($1, 'Moon/Tranquility', false, $2)")
        .bind(ANN.uuid())
        .bind(at(0))
        .execute(&db)
        .await
        .unwrap();
    let ann = preferences(&db, ANN).await.unwrap();
    assert_eq!(ann, Preferences { time_zone: TimeZone::UTC, close_tasks: false });
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_choice_belongs_to_the_callers_transaction(db: PgPool) {
    let mut tx = db.begin().await.unwrap();
    set_close_tasks(&mut *tx, ANN, false, at(0)).await.unwrap();
    assert!(!preferences(&mut *tx, ANN).await.unwrap().close_tasks);
    tx.rollback().await.unwrap();
    assert!(preferences(&db, ANN).await.unwrap().close_tasks);
}
