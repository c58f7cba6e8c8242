//! What the lab reads: decisions that were answered, as they were made.

use kernel::UserId;
use profile::Consent;
use recommender::{Reaction, Round, Snooze, people, rounds};
use sqlx::PgPool;

use crate::house::{House, shown};

async fn of(house: &House, user: UserId) -> Vec<Round> {
    rounds(&house.db, user).await.unwrap()
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_was_answered_is_told_as_it_was_decided(db: PgPool) {
    let house = House::new(db, Vec::new()).await;
    let (user, other) = (house.person().await, house.person().await);
    let mut tip = house.tip(user).await;
    let answers =
        [Reaction::Done, Reaction::Dismiss, Reaction::Snooze(Snooze::Later), Reaction::Done];
    let mut arms = Vec::new();
    for reaction in answers {
        let arm: String = sqlx::query_scalar("select arm from recommender.tip where tip_id = $1")
            .bind(tip.id)
            .fetch_one(&house.db)
            .await
            .unwrap();
        arms.push(arm);
        house.advance(60);
        tip = shown(house.react(user, tip.id, reaction).await);
    }

    let told = of(&house, user).await;
    assert_eq!(told.iter().map(|it| it.reward).collect::<Vec<_>>(), answers.map(Reaction::reward));
    for (place, (round, arm)) in told.iter().zip(&arms).enumerate() {
        assert_eq!(&round.candidates[round.chosen].arm, arm);
        assert_eq!(round.prior, house.recommender.prior());
        assert_eq!(round.lessons.len(), place, "the answers until then");
        assert!(round.propensity > 0.0 && round.propensity <= 1.0);
        let mut earned: Vec<f64> = round.lessons.iter().map(|lesson| lesson.reward()).collect();
        earned.reverse();
        for (earned, reaction) in earned.iter().zip(answers) {
            assert!((earned - reaction.reward()).abs() < 0.01, "{earned}");
        }
    }
    assert_eq!(of(&house, other).await, []);
    let mut here = vec![user, other];
    here.sort_by_key(|user| user.uuid());
    assert_eq!(people(&house.db).await.unwrap(), here);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_was_taken_back_or_may_not_be_kept_is_not_told(db: PgPool) {
    let house = House::new(db, Vec::new()).await;
    let user = house.person().await;
    let tip = house.tip(user).await;
    house.react(user, tip.id, Reaction::Done).await;
    house.recommender.undo(user, tip.id).await.unwrap();
    assert_eq!(of(&house, user).await, []);

    let next = shown(house.react(user, tip.id, Reaction::Done).await);
    house.react(user, next.id, Reaction::Dismiss).await;
    assert_eq!(of(&house, user).await.len(), 2);
    house.answer(user, &[(Consent::KeepHistory, false)]).await;
    assert_eq!(of(&house, user).await, []);
}
