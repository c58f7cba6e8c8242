//! How what is said reaches the browsers.

use chrono::TimeDelta;
use recommender::Reaction;
use sqlx::PgPool;
use testkit::push::Fault;

use crate::house::{House, OFTEN};

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn every_browser_hears_it_and_one_that_is_gone_is_forgotten(db: PgPool) {
    let house = House::new(db).await;
    let ana = house.person(OFTEN).await;
    let (phone, laptop) = (house.device(ana).await, house.device(ana).await);
    house.fail(&phone, Fault::Gone);
    house.until_it_speaks(ana).await;
    assert_eq!(house.notifier.deliver_pushes().await.unwrap(), 1);
    assert_eq!((house.received(&phone).len(), house.received(&laptop).len()), (0, 1));
    assert_eq!(house.notifier.devices(ana).await.unwrap().len(), 1);
    assert_eq!(house.notifier.deliver_pushes().await.unwrap(), 0, "nothing is left to be sent");
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_does_not_get_through_is_tried_again_while_it_is_of_use(db: PgPool) {
    let house = House::new(db).await;
    let ana = house.person(OFTEN).await;
    let phone = house.device(ana).await;
    house.fail(&phone, Fault::ServerError);
    house.until_it_speaks(ana).await;
    assert_eq!(house.notifier.deliver_pushes().await.unwrap(), 0);
    house.heal();
    assert_eq!(house.notifier.deliver_pushes().await.unwrap(), 0, "not at once");
    house.clock.advance(TimeDelta::minutes(2));
    assert_eq!(house.notifier.deliver_pushes().await.unwrap(), 1);
    assert_eq!(house.received(&phone).len(), 1);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_is_too_late_is_not_said(db: PgPool) {
    let house = House::new(db).await;
    let ana = house.person(OFTEN).await;
    let phone = house.device(ana).await;
    house.fail(&phone, Fault::ServerError);
    house.until_it_speaks(ana).await;
    for _ in 0..8 {
        house.notifier.deliver_pushes().await.unwrap();
        house.clock.advance(TimeDelta::minutes(10));
    }
    house.heal();
    assert_eq!(house.notifier.deliver_pushes().await.unwrap(), 0);
    assert_eq!(house.states(ana).await, ["expired"]);
    assert_eq!(house.received(&phone).len(), 0);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_was_answered_meanwhile_is_not_said(db: PgPool) {
    let house = House::new(db).await;
    let ana = house.person(OFTEN).await;
    let phone = house.device(ana).await;
    house.until_it_speaks(ana).await;
    let tip = house.tip(ana).await;
    house.react(ana, tip.id, Reaction::Done).await;
    assert_eq!(house.notifier.deliver_pushes().await.unwrap(), 0);
    assert_eq!(house.states(ana).await, ["expired"]);
    assert_eq!(house.received(&phone).len(), 0);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn whoever_withdraws_their_consent_hears_nothing_more(db: PgPool) {
    let house = House::new(db).await;
    let ana = house.person(OFTEN).await;
    let phone = house.device(ana).await;
    house.until_it_speaks(ana).await;
    house.recommender.consent(ana, &[(profile::Consent::Notify, false)]).await.unwrap();
    assert_eq!(house.notifier.deliver_pushes().await.unwrap(), 0);
    assert_eq!(house.received(&phone).len(), 0);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_was_decided_before_the_quiet_is_not_said_in_it(db: PgPool) {
    let house = House::new(db).await;
    let ana = house.person(OFTEN).await;
    let phone = house.device(ana).await;
    house.until_it_speaks(ana).await;
    let local = house.now().time();
    let hour = i8::try_from(chrono::Timelike::hour(&local)).unwrap();
    let quiet = jiff::civil::time(hour, 0, 0, 0);
    let until = jiff::civil::time((hour + 1) % 24, 0, 0, 0);
    let hours = profile::Hours { quiet_from: quiet, quiet_until: until, ..OFTEN };
    profile::keep_hours(&house.db, ana, hours, house.now()).await.unwrap();
    assert_eq!(house.notifier.deliver_pushes().await.unwrap(), 0);
    assert_eq!(house.states(ana).await, ["expired"]);
    assert_eq!(house.received(&phone).len(), 0);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_service_that_refuses_is_not_asked_again(db: PgPool) {
    let house = House::new(db).await;
    let ana = house.person(OFTEN).await;
    let phone = house.device(ana).await;
    house.fail(&phone, Fault::TooLarge);
    house.until_it_speaks(ana).await;
    assert_eq!(house.notifier.deliver_pushes().await.unwrap(), 0);
    house.heal();
    house.clock.advance(TimeDelta::minutes(5));
    assert_eq!(house.notifier.deliver_pushes().await.unwrap(), 0);
    assert_eq!(house.states(ana).await, ["refused"]);
}
