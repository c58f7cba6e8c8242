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

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn where_there_was_no_tip_a_word_counts_as_much_as_a_silence(db: PgPool) {
    let house = House::new(db).await;
    let ana = house.person(OFTEN).await;
    house.device(ana).await;
    // There is no tip without the tasks.
    house.recommender.consent(ana, &[(Consent::ReadTasks, false)]).await.unwrap();
    for _ in 0..200 {
        house.notifier.tick().await.unwrap();
        if house.verdicts(ana).await.first() == Some(&Verdict::Nothing) {
            break;
        }
        house.clock.advance(TimeDelta::minutes(20));
    }
    let drawn = house.drawn(ana).await;
    let (word, silences) = drawn.split_last().unwrap();
    assert_eq!(*word, ("nothing".to_owned(), true, None), "it was drawn, as the silences were");
    assert!(silences.iter().all(|(verdict, is_known, _)| verdict == "drew_silence" && *is_known));

    house.clock.advance(TimeDelta::minutes(80));
    let before = house.belief(ana).await;
    house.notifier.tick().await.unwrap();
    assert_eq!(house.drawn(ana).await.last().unwrap().2.as_deref(), Some("nothing"));
    assert_ne!(house.belief(ana).await, before, "it is learned from the word too");

    // From then on it is known that there is nothing: no experiment is made of that.
    for _ in 0..60 {
        house.notifier.tick().await.unwrap();
        house.clock.advance(TimeDelta::minutes(20));
    }
    assert_eq!(house.drawn(ana).await.len(), drawn.len());
    assert_eq!(house.verdicts(ana).await[0], Verdict::Nothing);

    // Once there is a tip again, it is chosen again.
    house.recommender.consent(ana, &[(Consent::ReadTasks, true)]).await.unwrap();
    house.tip(ana).await;
    house.clock.advance(TimeDelta::minutes(20));
    house.notifier.tick().await.unwrap();
    assert_eq!(house.drawn(ana).await.len(), drawn.len() + 1);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_others_would_have_done_is_written_down_and_forgotten(db: PgPool) {
    let house = House::new(db).await;
    let ana = house.person(OFTEN).await;
    house.device(ana).await;
    house.until_it_speaks(ana).await;
    house.notifier.deliver_pushes().await.unwrap();
    house.clock.advance(TimeDelta::minutes(80));
    house.notifier.tick().await.unwrap();
    let drawn = notifier::past::drawn(&house.db, ana).await.unwrap();
    assert!(drawn.iter().any(|it| it.choice.speak && it.was_said));
    for drawn in &drawn {
        let shadows: Vec<_> = drawn.shadows.keys().map(String::as_str).collect();
        assert_eq!(shadows, ["fixed", "prior", "random"]);
        assert!(drawn.shadows.values().all(|it| (0.0..=0.8 + 1e-9).contains(it) || *it >= 1.0));
    }

    house.notifier.forget(ana).await.unwrap();
    assert_eq!(notifier::past::drawn(&house.db, ana).await.unwrap(), []);
    let kept: i64 = sqlx::query_scalar("select count(shadows) from notifier.decision")
        .fetch_one(&house.db)
        .await
        .unwrap();
    assert_eq!(kept, 0);
}
