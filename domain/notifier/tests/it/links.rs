//! What links in letters do, and for whom.

use chrono::TimeDelta;
use notifier::{Followed, Rhythm};
use recommender::Scene;
use sqlx::PgPool;

use crate::house::{ADDRESS, House, OFTEN};

impl House {
    async fn follow(&self, link: &str) -> Followed {
        let asked = self.notifier.asked(link).await.unwrap().unwrap();
        self.notifier.follow(asked).await.unwrap()
    }
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_link_answers_a_tip_once(db: PgPool) {
    let house = House::new(db).await;
    let ana = house.person(OFTEN).await;
    let tip = house.tip(ana).await;
    house.mailbox(ana, Rhythm::Each).await;
    house.notifier.write_now(ana).await.unwrap();
    let letter = house.letters().pop().unwrap();
    assert_eq!(letter.subject, tip.text);

    house.notifier.asked(&letter.link("Done")).await.unwrap().unwrap();
    assert_eq!(house.tip(ana).await.id, tip.id, "to look at what is asked does nothing");

    assert_eq!(house.follow(&letter.link("Done")).await, Followed::Done);
    assert_ne!(house.tip(ana).await.id, tip.id);
    assert_eq!(
        house.follow(&letter.link("Done")).await,
        Followed::Done,
        "a second time is the same"
    );
    assert_eq!(house.follow(&letter.link("Later")).await, Followed::AnsweredElsewhere);
    let reactions: i64 = sqlx::query_scalar("select count(*) from recommender.reaction")
        .fetch_one(&house.db)
        .await
        .unwrap();
    assert_eq!(reactions, 1);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_link_is_of_no_use_after_its_tip(db: PgPool) {
    let house = House::new(db).await;
    let ana = house.person(OFTEN).await;
    house.tip(ana).await;
    house.mailbox(ana, Rhythm::Each).await;
    house.notifier.write_now(ana).await.unwrap();
    let letter = house.letters().pop().unwrap();
    house.clock.advance(TimeDelta::days(2));
    assert_eq!(house.follow(&letter.link("Done")).await, Followed::TooLate);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_link_confirms_for_two_days_and_what_was_removed_not_at_all(db: PgPool) {
    let house = House::new(db).await;
    let ana = house.person(OFTEN).await;
    house.notifier.write_to(ana, ADDRESS, Rhythm::Each).await.unwrap();
    let first = house.letters().pop().unwrap().link("It was me");
    house.clock.advance(TimeDelta::days(3));
    assert_eq!(house.follow(&first).await, Followed::TooLate);
    house.notifier.write_now(ana).await.unwrap();
    let second = house.letters().pop().unwrap().link("It was me");
    house.notifier.write_to(ana, "other@example.org", Rhythm::Each).await.unwrap();
    assert_eq!(house.follow(&second).await, Followed::TooLate, "another mailbox stands there now");
    assert!(!house.notifier.mailbox(ana).await.unwrap().unwrap().is_confirmed);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn letters_are_ended_by_one_touch_and_no_other_mailbox_is(db: PgPool) {
    let house = House::new(db).await;
    let ana = house.person(OFTEN).await;
    house.mailbox(ana, Rhythm::Each).await;
    house.notifier.write_now(ana).await.unwrap();
    let stop = house.letters().pop().unwrap().link("No more letters");
    assert_eq!(house.follow(&stop).await, Followed::Done);
    assert_eq!(house.notifier.mailbox(ana).await.unwrap(), None);
    assert_eq!(house.follow(&stop).await, Followed::Done, "a second time is the same");

    house.mailbox(ana, Rhythm::Each).await;
    assert_eq!(house.follow(&stop).await, Followed::TooLate);
    assert!(house.notifier.mailbox(ana).await.unwrap().is_some(), "an old letter ends no new one");
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn nobody_makes_a_link_but_oo(db: PgPool) {
    let house = House::new(db).await;
    let (ana, bob) = (house.person(OFTEN).await, house.person(OFTEN).await);
    house.tip(ana).await;
    house.mailbox(ana, Rhythm::Each).await;
    house.mailbox(bob, Rhythm::Each).await;
    house.notifier.write_now(ana).await.unwrap();
    let link = house.letters().pop().unwrap().link("Done");

    // Changed in one letter, wherever.
    for place in 0..link.len() {
        let other = if link.as_bytes()[place] == b'A' { "B" } else { "A" };
        let mut changed = link.clone();
        changed.replace_range(place..=place, other);
        assert_eq!(house.notifier.asked(&changed).await.unwrap(), None, "{place}");
    }
    for cut in 0..link.len() {
        assert_eq!(house.notifier.asked(&link[..cut]).await.unwrap(), None, "{cut}");
    }
    assert!(matches!(house.recommender.peek(ana).await.unwrap(), Scene::Tip(_)));

    sqlx::query("delete from vault.data_key").execute(&house.db).await.unwrap();
    assert_eq!(house.notifier.asked(&link).await.unwrap(), None, "whoever left is nobody");
}
