//! Profiles, against a real Postgres.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use jiff::civil::{Time, Weekday, time};
use kernel::{TimeZone, Timestamp, UserId};
use profile::{
    Consent, DaysOff, Decision, Hours, KeepHistory, Profile, SnoozeTimes, choose_time_zone, decide,
    keep_history, keep_hours, keep_snooze_times, observe_time_zone, profile, snooze_times,
};
use sqlx::PgPool;
use uuid::Uuid;

const ANN: UserId = UserId(Uuid::from_u128(1));
const BEN: UserId = UserId(Uuid::from_u128(2));

fn at(second: i64) -> Timestamp {
    Timestamp::from_timestamp(1_800_000_000 + second, 0).unwrap()
}

fn observed(time_zone: TimeZone) -> Profile {
    Profile { time_zone, ..Profile::default() }
}

fn berlin() -> TimeZone {
    "Europe/Berlin".parse().unwrap()
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR", fixtures("people"))]
async fn who_has_chosen_nothing_has_the_defaults_and_allows_nothing(db: PgPool) {
    let nothing = profile(&db, ANN).await.unwrap();
    assert_eq!(nothing, observed(TimeZone::UTC));
    assert!(!nothing.consents.are_decided());
    for consent in Consent::ALL {
        assert!(!nothing.consents.allow(consent));
    }
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR", fixtures("people"))]
async fn each_choice_leaves_the_other_and_other_people_alone(db: PgPool) {
    observe_time_zone(&db, ANN, &berlin(), at(0)).await.unwrap();
    assert_eq!(profile(&db, ANN).await.unwrap(), observed(berlin()));

    decide(&db, ANN, &[(Consent::ReadTasks, true)], at(1)).await.unwrap();
    decide(&db, BEN, &[(Consent::Notify, true)], at(2)).await.unwrap();
    observe_time_zone(&db, ANN, &TimeZone::UTC, at(3)).await.unwrap();
    let ann = profile(&db, ANN).await.unwrap();
    assert_eq!(ann.time_zone, TimeZone::UTC);
    assert!(ann.consents.allow(Consent::ReadTasks) && !ann.consents.allow(Consent::Notify));
    let ben = profile(&db, BEN).await.unwrap();
    assert_eq!(ben.time_zone, TimeZone::UTC);
    assert!(ben.consents.allow(Consent::Notify) && !ben.consents.allow(Consent::ReadTasks));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR", fixtures("people"))]
async fn every_consent_can_be_given_and_withdrawn(db: PgPool) {
    let answered = |given| Consent::ALL.map(|consent| (consent, given));
    for (second, given) in [(0, true), (1, false), (2, true)] {
        decide(&db, ANN, &answered(given), at(second)).await.unwrap();
        let consents = profile(&db, ANN).await.unwrap().consents;
        assert!(consents.are_decided());
        for consent in Consent::ALL {
            let decision = Decision { given, at: at(second), version: consent.version() };
            assert_eq!(consents.current(consent), Some(decision));
        }
    }
    let kept: i64 =
        sqlx::query_scalar("select count(*) from profile.consent").fetch_one(&db).await.unwrap();
    assert_eq!(kept, 15, "each answer stays");
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR", fixtures("people"))]
async fn the_same_answer_again_keeps_its_date(db: PgPool) {
    for second in [0, 9] {
        decide(&db, ANN, &[(Consent::KeepHistory, true)], at(second)).await.unwrap();
    }
    let consents = profile(&db, ANN).await.unwrap().consents;
    assert_eq!(consents.current(Consent::KeepHistory).unwrap().at, at(0));
}

/// Another server's clock may be ahead.
#[sqlx::test(migrator = "kernel::db::MIGRATOR", fixtures("people"))]
async fn the_last_answer_holds_whatever_the_clock_says(db: PgPool) {
    for (second, given) in [(9, true), (0, false), (5, true), (5, false)] {
        decide(&db, ANN, &[(Consent::ReadTasks, given)], at(second)).await.unwrap();
        assert_eq!(profile(&db, ANN).await.unwrap().consents.allow(Consent::ReadTasks), given);
    }
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR", fixtures("people"))]
async fn an_answer_to_earlier_words_is_asked_for_again(db: PgPool) {
    sqlx::query("insert into profile.consent values ($1, 'notify', $2, $3, true)")
        .bind(ANN.uuid())
        .bind(at(0))
        .bind(Consent::Notify.version() + 1)
        .execute(&db)
        .await
        .unwrap();
    assert!(!profile(&db, ANN).await.unwrap().consents.allow(Consent::Notify));

    decide(&db, ANN, &[(Consent::Notify, true)], at(1)).await.unwrap();
    let consents = profile(&db, ANN).await.unwrap().consents;
    assert_eq!(consents.current(Consent::Notify).unwrap().at, at(1));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR", fixtures("people"))]
async fn the_same_zone_again_is_no_change(db: PgPool) {
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
    sqlx::query(
        "insert into profile.preference (user_id, time_zone, updated_at)
         values ($1, 'Moon/Tranquility', $2)",
    )
    .bind(ANN.uuid())
    .bind(at(0))
    .execute(&db)
    .await
    .unwrap();
    assert_eq!(profile(&db, ANN).await.unwrap(), observed(TimeZone::UTC));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR", fixtures("people"))]
async fn a_choice_belongs_to_the_callers_transaction(db: PgPool) {
    let mut tx = kernel::db::begin(&db).await.unwrap();
    decide(&mut *tx, ANN, &[(Consent::ReadTasks, true)], at(0)).await.unwrap();
    assert!(profile(&mut *tx, ANN).await.unwrap().consents.allow(Consent::ReadTasks));
    tx.rollback().await.unwrap();
    assert!(!profile(&db, ANN).await.unwrap().consents.allow(Consent::ReadTasks));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR", fixtures("people"))]
async fn a_zone_that_was_chosen_stays_until_it_is_left_to_the_devices(db: PgPool) {
    let lisbon: TimeZone = "Europe/Lisbon".parse().unwrap();
    choose_time_zone(&db, ANN, Some(&lisbon), at(0)).await.unwrap();
    observe_time_zone(&db, ANN, &berlin(), at(1)).await.unwrap();
    let chosen = profile(&db, ANN).await.unwrap();
    assert_eq!((chosen.time_zone, chosen.time_zone_chosen), (lisbon.clone(), true));

    choose_time_zone(&db, ANN, None, at(2)).await.unwrap();
    assert_eq!(profile(&db, ANN).await.unwrap(), observed(lisbon));
    observe_time_zone(&db, ANN, &berlin(), at(3)).await.unwrap();
    assert_eq!(profile(&db, ANN).await.unwrap(), observed(berlin()));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR", fixtures("people"))]
async fn history_is_kept_for_as_long_as_was_chosen(db: PgPool) {
    assert_eq!(profile(&db, ANN).await.unwrap().keep_history, KeepHistory::Year);
    observe_time_zone(&db, ANN, &berlin(), at(0)).await.unwrap();
    assert_eq!(profile(&db, ANN).await.unwrap().keep_history, KeepHistory::Year);
    for keep in KeepHistory::ALL {
        keep_history(&db, ANN, keep, at(1)).await.unwrap();
        assert_eq!(profile(&db, ANN).await.unwrap().keep_history, keep);
        assert_eq!(KeepHistory::from_days(keep.days()), Some(keep));
    }
    assert_eq!(KeepHistory::from_days(Some(7)), None);
    assert_eq!(profile(&db, BEN).await.unwrap().keep_history, KeepHistory::Year);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR", fixtures("people"))]
async fn hours_are_kept_to_the_minute_and_leave_the_rest_alone(db: PgPool) {
    observe_time_zone(&db, ANN, &berlin(), at(0)).await.unwrap();
    assert_eq!(profile(&db, ANN).await.unwrap().hours, Hours::default());
    let hours = Hours {
        quiet_from: time(0, 0, 0, 0),
        quiet_until: time(23, 59, 0, 0),
        days_off: DaysOff::default().with(Weekday::Sunday).with(Weekday::Monday),
        most_a_day: Hours::MOST_A_DAY,
    };
    keep_hours(&db, ANN, hours, at(1)).await.unwrap();
    let ann = profile(&db, ANN).await.unwrap();
    assert_eq!(ann, Profile { hours, ..observed(berlin()) });
    assert_eq!(profile(&db, BEN).await.unwrap().hours, Hours::default());

    let days = Weekday::Monday.cycle_forward().take(7).filter(|day| ann.hours.days_off.has(*day));
    assert_eq!(days.collect::<Vec<_>>(), [Weekday::Monday, Weekday::Sunday]);
    let too_often = Hours { most_a_day: u8::MAX, ..hours };
    keep_hours(&db, ANN, too_often, at(2)).await.unwrap();
    assert_eq!(profile(&db, ANN).await.unwrap().hours, hours, "nobody can choose that");
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR", fixtures("people"))]
async fn snooze_times_are_kept_to_the_minute_and_leave_the_rest_alone(db: PgPool) {
    assert_eq!(snooze_times(&db, ANN).await.unwrap(), SnoozeTimes::default());
    observe_time_zone(&db, ANN, &berlin(), at(0)).await.unwrap();
    assert_eq!(profile(&db, ANN).await.unwrap(), observed(berlin()));
    let chosen = SnoozeTimes::new(12, time(23, 59, 0, 0), time(0, 0, 0, 0)).unwrap();
    keep_snooze_times(&db, ANN, chosen, at(1)).await.unwrap();
    let ann = profile(&db, ANN).await.unwrap();
    assert_eq!(ann, Profile { snooze_times: chosen, ..observed(berlin()) });
    assert_eq!(snooze_times(&db, ANN).await.unwrap(), chosen);
    assert_eq!(profile(&db, BEN).await.unwrap().snooze_times, SnoozeTimes::default());
    assert_eq!(snooze_times(&db, BEN).await.unwrap(), SnoozeTimes::default());
}

#[test]
fn a_morning_is_before_noon_and_an_evening_after() {
    let usual = SnoozeTimes::default();
    let (later, evening, morning) = (usual.later_hours(), usual.evening(), usual.morning());
    assert_eq!(SnoozeTimes::new(later, evening, morning), Some(usual));
    let noon = Time::constant(12, 0, 0, 0);
    for hours in [0, SnoozeTimes::LATEST_HOURS + 1, u8::MAX] {
        assert_eq!(SnoozeTimes::new(hours, evening, morning), None, "{hours}");
    }
    assert_eq!(SnoozeTimes::new(later, evening, noon), None);
    assert_eq!(SnoozeTimes::new(later, time(11, 59, 0, 0), morning), None);
    assert!(SnoozeTimes::new(later, noon, time(11, 59, 0, 0)).is_some());
}
