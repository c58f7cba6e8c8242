//! What is learned from speaking, and from silence.

use chrono::TimeDelta;
use kernel::UserId;
use notifier::Verdict;
use profile::Consent;
use recommender::Reaction;
use sqlx::PgPool;
use testkit::push::Fault;

use crate::house::{House, OFTEN};

impl House {
    /// What came of what was drawn for `user`, the oldest first: whether oO spoke, whether it is known from what, and what
    /// came of it.
    async fn drawn(&self, user: UserId) -> Vec<(String, bool, Option<String>)> {
        sqlx::query_as(
            "select verdict, moment is not null, outcome
             from notifier.decision
             where user_id = $1 and probability is not null
             order by slot",
        )
        .bind(user.uuid())
        .fetch_all(&self.db)
        .await
        .unwrap()
    }

    async fn belief(&self, user: UserId) -> Option<serde_json::Value> {
        sqlx::query_scalar("select belief from notifier.belief where user_id = $1")
            .bind(user.uuid())
            .fetch_optional(&self.db)
            .await
            .unwrap()
    }
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn an_hour_later_it_is_learned_what_came_of_it(db: PgPool) {
    let house = House::new(db).await;
    let ana = house.person(OFTEN).await;
    house.device(ana).await;
    house.until_it_speaks(ana).await;
    house.notifier.deliver_pushes().await.unwrap();
    let before = house.belief(ana).await;
    house.clock.advance(TimeDelta::minutes(10));
    let tip = house.tip(ana).await;
    house.react(ana, tip.id, Reaction::Done).await;
    house.notifier.tick().await.unwrap();
    assert_eq!(house.belief(ana).await, before, "the hour is not over");

    house.clock.advance(TimeDelta::minutes(60));
    house.notifier.tick().await.unwrap();
    let drawn = house.drawn(ana).await;
    let spoke = drawn.iter().find(|(verdict, ..)| verdict == "spoke").unwrap();
    assert_eq!(*spoke, ("spoke".to_owned(), true, Some("done".to_owned())));
    let learned = house.belief(ana).await;
    assert!(learned.is_some());
    assert_ne!(learned, before);

    house.notifier.forget(ana).await.unwrap();
    assert_eq!(house.belief(ana).await, None);
    assert!(house.drawn(ana).await.iter().all(|(_, is_known, _)| !is_known));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_is_ignored_comes_to_nothing(db: PgPool) {
    let house = House::new(db).await;
    let ana = house.person(OFTEN).await;
    house.device(ana).await;
    house.until_it_speaks(ana).await;
    house.clock.advance(TimeDelta::minutes(80));
    house.notifier.tick().await.unwrap();
    let drawn = house.drawn(ana).await;
    let spoke = drawn.iter().find(|(verdict, ..)| verdict == "spoke").unwrap();
    assert_eq!(spoke.2.as_deref(), Some("nothing"));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_did_not_get_through_teaches_nothing(db: PgPool) {
    let house = House::new(db).await;
    let ana = house.person(OFTEN).await;
    let phone = house.device(ana).await;
    house.fail(&phone, Fault::TooLarge);
    house.until_it_speaks(ana).await;
    house.notifier.deliver_pushes().await.unwrap();
    let before = house.belief(ana).await;
    // Silences of the hour before are learned from on the way.
    let silent = "delete from notifier.decision where user_id = $1 and verdict <> 'spoke'";
    sqlx::query(silent).bind(ana.uuid()).execute(&house.db).await.unwrap();
    house.clock.advance(TimeDelta::minutes(80));
    house.notifier.tick().await.unwrap();
    let drawn = house.drawn(ana).await;
    assert_eq!(drawn[0].2.as_deref(), Some("nothing"));
    let after = house.belief(ana).await;
    assert!(before.is_none() || before == after, "{before:?} {after:?}");
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn without_a_consent_nothing_is_learned(db: PgPool) {
    let house = House::new(db).await;
    let ana = house.person(OFTEN).await;
    house.recommender.consent(ana, &[(Consent::KeepHistory, false)]).await.unwrap();
    house.device(ana).await;
    house.until_it_speaks(ana).await;
    house.clock.advance(TimeDelta::minutes(80));
    house.notifier.tick().await.unwrap();
    assert_eq!(house.belief(ana).await, None);
    let drawn = house.drawn(ana).await;
    assert!(drawn.iter().all(|(_, is_known, outcome)| !is_known && outcome.is_none()));
    assert!(house.verdicts(ana).await.contains(&Verdict::Spoke));
}
