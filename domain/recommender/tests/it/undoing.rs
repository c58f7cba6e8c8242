//! Taking a reaction back.

use recommender::{Reaction, Snooze, UndoError};
use sqlx::PgPool;

use crate::house::{House, shown};

const REACTIONS: [Reaction; 3] =
    [Reaction::Done, Reaction::Snooze(Snooze::Later), Reaction::Dismiss];

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_task_is_closed_when_nothing_can_be_taken_back_any_more(db: PgPool) {
    let house = House::with_task(db, "Send the letter").await;
    let (user, tip) = house.person_with_task().await;
    let look = house.react(user, tip.id, Reaction::Done).await;
    let undo_for = look.answered.unwrap().undo_for.as_seconds_f64();
    let closes_after = house.closes_after(user).await;
    assert!(closes_after > undo_for, "after {closes_after} s, with {undo_for} s to take it back");
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn an_undo_takes_everything_back(db: PgPool) {
    let mut house = House::with_task(db, "Send the letter").await;
    for reaction in REACTIONS {
        let (user, tip) = house.person_with_task().await;
        let before = house.beliefs(user).await;
        let next = shown(house.react(user, tip.id, reaction).await);
        assert_eq!(house.jobs(user).await, i64::from(reaction == Reaction::Done));

        house.restart();
        house.advance(9);
        let look = house.recommender.undo(user, tip.id).await.unwrap();
        assert_eq!(look.answered, None);
        assert_eq!(house.beliefs(user).await, before);
        assert_eq!(house.jobs(user).await, 0);
        assert_eq!(house.tip(user).await.id, tip.id);
        let states = [(tip.id, "open".to_owned()), (next.id, "lapsed".to_owned())];
        assert_eq!(house.tips(user).await, states);
        let kinds = ["tip_decided", "tip_reacted", "tip_decided", "tip_lapsed", "reaction_undone"];
        assert_eq!(house.kinds(user).await, kinds);

        // And it can be answered again, and that taken back again.
        house.react(user, tip.id, Reaction::Done).await;
        assert_eq!(house.jobs(user).await, 1);
        house.recommender.undo(user, tip.id).await.unwrap();
        assert_eq!(house.jobs(user).await, 0);
        assert_eq!(house.beliefs(user).await, before);
        house.react(user, tip.id, Reaction::Dismiss).await;
        assert_eq!(house.lessons(user).await, [0.0], "only what stands was learned");
    }
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn after_an_undo_the_candidate_rests_no_longer(db: PgPool) {
    let house = House::with_task(db, "Send the letter").await;
    let task = house.only_task();
    for reaction in REACTIONS {
        let (user, tip) = house.person_with_task().await;
        house.react(user, tip.id, reaction).await;
        house.recommender.undo(user, tip.id).await.unwrap();
        house.advance(6 * 3_600);
        assert!(house.is_candidate(user, &task).await);
    }
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn after_ten_seconds_it_is_too_late(db: PgPool) {
    let house = House::with_task(db, "Send the letter").await;
    let (user, tip) = house.person_with_task().await;
    let next = shown(house.react(user, tip.id, Reaction::Done).await);
    house.advance(9);
    let left = house.look(user).await.answered.unwrap().undo_for;
    assert_eq!(left, chrono::TimeDelta::seconds(1));
    house.advance(1);
    assert_eq!(house.look(user).await.answered, None);
    let beliefs = house.beliefs(user).await;
    let late = house.recommender.undo(user, tip.id).await;
    assert!(matches!(late, Err(UndoError::TooLate)), "{late:?}");
    assert_eq!(house.beliefs(user).await, beliefs);
    assert_eq!(house.jobs(user).await, 1);
    assert_eq!(house.open_tips(user).await, [next.id]);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_second_undo_changes_nothing(db: PgPool) {
    let house = House::with_task(db, "Send the letter").await;
    let (user, tip) = house.person_with_task().await;
    house.react(user, tip.id, Reaction::Done).await;
    let (one, two) =
        tokio::join!(house.recommender.undo(user, tip.id), house.recommender.undo(user, tip.id));
    let (one, two) = (shown(one.unwrap()), shown(two.unwrap()));
    assert_eq!((one.id, two.id), (tip.id, tip.id));
    let (beliefs, kinds) = (house.beliefs(user).await, house.kinds(user).await);
    house.recommender.undo(user, tip.id).await.unwrap();
    assert_eq!(house.beliefs(user).await, beliefs);
    assert_eq!(house.kinds(user).await, kinds);
    assert_eq!(kinds.iter().filter(|kind| **kind == "reaction_undone").count(), 1);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn only_the_newest_reaction_can_be_taken_back(db: PgPool) {
    let house = House::with_task(db, "Send the letter").await;
    let (user, first) = house.person_with_task().await;
    let second = shown(house.react(user, first.id, Reaction::Done).await);
    house.advance(1);
    let third = shown(house.react(user, second.id, Reaction::Dismiss).await);
    let kinds = house.kinds(user).await;
    let refused = house.recommender.undo(user, first.id).await;
    assert!(matches!(refused, Err(UndoError::TooLate)), "{refused:?}");
    let refused = house.recommender.undo(user, house.uuid()).await;
    assert!(matches!(refused, Err(UndoError::Unknown)), "{refused:?}");
    assert_eq!(house.kinds(user).await, kinds);
    assert_eq!(house.open_tips(user).await, [third.id]);

    // One after the other, both can.
    house.recommender.undo(user, second.id).await.unwrap();
    house.recommender.undo(user, first.id).await.unwrap();
    assert_eq!(house.tip(user).await.id, first.id);
    assert_eq!(house.open_tips(user).await, [first.id]);
    assert_eq!(house.jobs(user).await, 0);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn nobody_undoes_what_another_person_did(db: PgPool) {
    let house = House::with_task(db, "Send the letter").await;
    let (user, tip) = house.person_with_task().await;
    let (thief, _) = house.person_with_task().await;
    house.react(user, tip.id, Reaction::Done).await;
    let refused = house.recommender.undo(thief, tip.id).await;
    assert!(matches!(refused, Err(UndoError::Unknown)), "{refused:?}");
    assert_eq!(house.jobs(user).await, 1);
}
