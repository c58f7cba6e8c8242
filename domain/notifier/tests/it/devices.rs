//! The browsers that take pushes.

use chrono::TimeDelta;
use notifier::{SubscribeError, Trial};
use sqlx::PgPool;
use uuid::Uuid;

use crate::house::{House, OFTEN};

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_browser_is_known_again_and_ends_when_its_person_says_so(db: PgPool) {
    let house = House::new(db).await;
    let (ana, bo) = (house.person(OFTEN).await, house.person(OFTEN).await);
    let phone = house.device(ana).await;
    house.clock.advance(TimeDelta::days(1));
    house.sign_up(ana, &phone).await.unwrap();
    let devices = house.notifier.devices(ana).await.unwrap();
    assert_eq!(devices.len(), 1, "the same browser is there once");
    assert_eq!(devices[0].seen_at - devices[0].made_at, TimeDelta::days(1));
    assert_eq!(house.notifier.try_out(ana, devices[0].id).await.unwrap(), Trial::Sent);
    assert_eq!(house.received(&phone).len(), 1);

    assert!(!house.notifier.unsubscribe(bo, devices[0].id).await.unwrap(), "it is not theirs");
    assert_eq!(house.notifier.try_out(bo, devices[0].id).await.unwrap(), Trial::Unknown);
    assert!(house.notifier.unsubscribe(ana, devices[0].id).await.unwrap());
    assert_eq!(house.notifier.devices(ana).await.unwrap(), []);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_browser_is_whose_who_signed_in_there_last(db: PgPool) {
    let house = House::new(db).await;
    let (ana, bo) = (house.person(OFTEN).await, house.person(OFTEN).await);
    let shared = house.device(ana).await;
    house.sign_up(bo, &shared).await.unwrap();
    assert_eq!(house.notifier.devices(ana).await.unwrap(), []);
    assert_eq!(house.notifier.devices(bo).await.unwrap().len(), 1);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn who_signs_out_is_not_spoken_to_there(db: PgPool) {
    let house = House::new(db).await;
    let (ana, bo) = (house.person(OFTEN).await, house.person(OFTEN).await);
    let (phone, laptop) = (house.device(ana).await, house.device(ana).await);
    assert!(house.notifier.still_there(ana, &phone.endpoint, None).await.unwrap());
    assert!(!house.notifier.still_there(bo, &phone.endpoint, None).await.unwrap());
    house.notifier.leave(bo, &phone.endpoint).await.unwrap();
    assert_eq!(house.notifier.devices(ana).await.unwrap().len(), 2, "they are not theirs");

    house.notifier.leave(ana, &phone.endpoint).await.unwrap();
    assert!(!house.notifier.still_there(ana, &phone.endpoint, None).await.unwrap());
    assert!(house.notifier.still_there(ana, &laptop.endpoint, None).await.unwrap());
    house.notifier.leave_all(ana).await.unwrap();
    assert_eq!(house.notifier.devices(ana).await.unwrap(), []);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn there_are_ten_at_most_and_none_elsewhere(db: PgPool) {
    let house = House::new(db).await;
    let ana = house.person(OFTEN).await;
    for _ in 0..10 {
        house.device(ana).await;
    }
    let refused = house.sign_up(ana, &house.browser()).await;
    assert!(matches!(refused, Err(SubscribeError::TooMany)), "{refused:?}");
    assert_eq!(house.notifier.devices(ana).await.unwrap().len(), 10);

    for endpoint in ["https://example.org/push", "http://10.0.0.1/push", "no address", ""] {
        let mut elsewhere = house.browser();
        elsewhere.endpoint = endpoint.to_owned();
        let refused = house.sign_up(ana, &elsewhere).await;
        assert!(matches!(refused, Err(SubscribeError::Malformed(_))), "{endpoint}: {refused:?}");
    }
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_browser_that_is_silent_for_long_is_given_up(db: PgPool) {
    let house = House::new(db).await;
    let ana = house.person(OFTEN).await;
    let (phone, _laptop) = (house.device(ana).await, house.device(ana).await);
    house.clock.advance(TimeDelta::days(50));
    house.sign_up(ana, &phone).await.unwrap();
    house.clock.advance(TimeDelta::days(11));
    house.notifier.forget_old().await.unwrap();
    assert_eq!(house.notifier.devices(ana).await.unwrap().len(), 1, "one gave a sign of life");
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_a_browser_is_reached_by_stands_nowhere_in_the_clear(db: PgPool) {
    let house = House::new(db).await;
    let ana = house.person(OFTEN).await;
    let phone = house.device(ana).await;
    let rows: Vec<String> = sqlx::query_scalar(
        "select encode(reach, 'escape') || encode(endpoint, 'escape') || name
                            from notifier.subscription",
    )
    .fetch_all(&house.db)
    .await
    .unwrap();
    assert_eq!(rows.len(), 1);
    for secret in [&phone.endpoint, &phone.keys.p256dh, &phone.keys.auth] {
        assert!(!rows[0].contains(secret.as_str()));
    }
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn whoever_is_signed_out_from_elsewhere_is_not_spoken_to(db: PgPool) {
    let house = House::new(db).await;
    let (ana, bo) = (house.person(OFTEN).await, house.person(OFTEN).await);
    let (phone, laptop) = (house.device(ana).await, house.device(ana).await);
    let (here, there) = (Uuid::from_u128(1), Uuid::from_u128(2));
    house.notifier.still_there(ana, &phone.endpoint, Some(here)).await.unwrap();
    house.notifier.still_there(ana, &laptop.endpoint, Some(there)).await.unwrap();
    // An answer from a notification tells of no session.
    house.notifier.still_there(ana, &phone.endpoint, None).await.unwrap();
    house.notifier.leave_session(bo, here).await.unwrap();
    assert_eq!(house.notifier.devices(ana).await.unwrap().len(), 2, "it is not theirs");
    house.notifier.leave_session(ana, here).await.unwrap();
    assert!(!house.notifier.still_there(ana, &phone.endpoint, None).await.unwrap());
    assert!(house.notifier.still_there(ana, &laptop.endpoint, None).await.unwrap());
}
