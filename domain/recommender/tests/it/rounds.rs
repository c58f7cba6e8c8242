//! What the lab reads: decisions that were answered, as they were made.

use kernel::{PartOfDay, UserId};
use profile::Consent;
use recommender::{Reaction, Round, Snooze, Written, advised, people, rounds, written};
use sqlx::PgPool;

use uuid::Uuid;

use crate::house::{House, at, shown};

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

/// Lets the tip be one that a language model wrote: none is there yet to write one.
async fn write(house: &House, tip: Uuid, version: &str) {
    sqlx::query(
        "update recommender.tip
         set features = features || jsonb_build_object(
                 'source', 'llm', 'kind', 'nudge', 'prompt_version', $2, 'model', 'small'
             ),
             time_zone = 'Asia/Tokyo',
             decided_at = $3
         where tip_id = $1",
    )
    .bind(tip)
    .bind(version)
    .bind(at("2026-01-05T20:00:00Z"))
    .execute(&house.db)
    .await
    .unwrap();
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_was_written_is_told_with_whether_it_was_done(db: PgPool) {
    let house = House::new(db, Vec::new()).await;
    let user = house.person().await;
    let mut tip = house.tip(user).await;
    // The second one is from the library, and the last one is not answered.
    let answers = [Reaction::Done, Reaction::Done, Reaction::Snooze(Snooze::Later)];
    for (place, reaction) in answers.into_iter().enumerate() {
        if place != 1 {
            write(&house, tip.id, "v1").await;
        }
        house.advance(60);
        tip = shown(house.react(user, tip.id, reaction).await);
    }
    write(&house, tip.id, "v2").await;

    let told = written(&house.db, user).await.unwrap();
    let answers: Vec<(Option<&str>, Option<bool>)> =
        told.iter().map(|it| (it.prompt_version.as_deref(), it.done)).collect();
    let expected = [(Some("v1"), Some(true)), (Some("v1"), Some(false)), (Some("v2"), None)];
    assert_eq!(answers, expected);
    for Written { day, kind, model, propensity, .. } in &told {
        assert_eq!((day.to_string().as_str(), kind.as_str()), ("2026-01-06", "nudge"));
        assert_eq!(model.as_deref(), Some("small"));
        assert!(*propensity > 0.0 && *propensity <= 1.0);
    }

    let last = shown(house.react(user, tip.id, Reaction::Done).await);
    assert_eq!(written(&house.db, user).await.unwrap()[2].done, Some(true));
    house.recommender.undo(user, tip.id).await.unwrap();
    assert_eq!(written(&house.db, user).await.unwrap()[2].done, None, "{last:?}");

    house.answer(user, &[(Consent::KeepHistory, false)]).await;
    assert_eq!(written(&house.db, user).await.unwrap(), []);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn advice_that_was_answered_is_told_by_its_public_name(db: PgPool) {
    let house = House::new(db, Vec::new()).await;
    let (user, other) = (house.person().await, house.person().await);
    let mut tip = house.tip(user).await;
    let (mut names, mut kept) = (Vec::new(), Vec::new());
    let answers = [Reaction::Done, Reaction::Done, Reaction::Dismiss, Reaction::Done];
    for (place, reaction) in answers.into_iter().enumerate() {
        let told = sqlx::query_as("select candidate, arm from recommender.tip where tip_id = $1");
        let (candidate, arm): (String, String) =
            told.bind(tip.id).fetch_one(&house.db).await.unwrap();
        // The second one is not from the library.
        if place == 1 {
            write(&house, tip.id, "v1").await;
        } else {
            let part: PartOfDay = arm.rsplit('/').next().unwrap().parse().unwrap();
            names.push(candidate.strip_prefix("library:").unwrap().to_owned());
            kept.push((part, reaction == Reaction::Done));
        }
        house.advance(60);
        let answered = tip.id;
        tip = shown(house.react(user, tip.id, reaction).await);
        if place == 3 {
            house.recommender.undo(user, answered).await.unwrap();
        }
    }

    let told = advised(&house.db, user).await.unwrap();
    assert_eq!(told.len(), 2, "what was taken back is not told: {told:?}");
    for (told, (name, kept)) in told.iter().zip(names.iter().zip(&kept)) {
        assert_eq!((&told.advice, (told.part, told.is_done)), (name, *kept));
    }
    assert_eq!(advised(&house.db, other).await.unwrap(), []);
    house.answer(user, &[(Consent::KeepHistory, false)]).await;
    assert_eq!(advised(&house.db, user).await.unwrap(), []);
}
