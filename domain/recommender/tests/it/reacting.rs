//! What a reaction does, and how often.

use profile::{Consent, SnoozeTimes};
use recommender::{Answer, ReactError, Reaction, Scene, Snooze, TipKind, features::Moment};
use sqlx::PgPool;
use testkit::todoist::{Due, NewTask};

use crate::house::{House, shown};

const A_DAY: i64 = 86_400;

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_is_done_never_returns(db: PgPool) {
    let mut house = House::with_task(db, "Send the letter").await;
    let task = house.only_task();
    let (user, tip) = house.person_with_task().await;
    house.react(user, tip.id, Reaction::Done).await;
    assert!(!house.is_candidate(user, &task).await);
    house.restart();
    assert!(!house.is_candidate(user, &task).await);
    for days in [1, 7, 40, 400] {
        house.advance(days * A_DAY);
        assert!(!house.is_candidate(user, &task).await, "after {days} days");
    }
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_recurs_returns_on_its_next_date(db: PgPool) {
    let due = Some(Due::repeating("2026-11-23", "every 2 days"));
    let house = House::new(db, vec![NewTask { due, ..NewTask::titled("Run") }]).await;
    let task = house.only_task();
    let (user, tip) = house.person_with_task().await;
    house.react(user, tip.id, Reaction::Done).await;
    assert!(!house.is_candidate(user, &task).await, "not yet closed");
    house.todoist().complete(&house.account, &task);
    house.advance(61);
    assert!(!house.is_candidate(user, &task).await, "closed");
    house.advance(A_DAY);
    assert!(!house.is_candidate(user, &task).await, "between its dates");
    house.advance(A_DAY);
    assert!(house.is_candidate(user, &task).await, "on its next date");
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_recurs_returns_also_when_it_was_done_with_no_tasks_at_hand(db: PgPool) {
    let due = Some(Due::repeating("2026-11-23", "every day"));
    let mut house = House::new(db, vec![NewTask { due, ..NewTask::titled("Run") }]).await;
    let task = house.only_task();
    let (user, tip) = house.person_with_task().await;
    house.restart();
    house.react(user, tip.id, Reaction::Done).await;
    house.advance(61);
    assert!(!house.is_candidate(user, &task).await, "not yet closed");
    house.todoist().complete(&house.account, &task);
    house.advance(61);
    assert!(!house.is_candidate(user, &task).await, "closed");
    house.advance(A_DAY);
    assert!(house.is_candidate(user, &task).await, "on its next date");
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_recurs_and_was_not_closed_over_there_waits_for_its_date_to_move(db: PgPool) {
    let due = Some(Due::repeating("2026-11-23", "every day"));
    let house = House::new(db, vec![NewTask { due, ..NewTask::titled("Run") }]).await;
    let task = house.only_task();
    let (user, tip) = house.person_with_task().await;
    house.answer(user, &[(Consent::WriteTasks, false)]).await;
    house.react(user, tip.id, Reaction::Done).await;
    assert_eq!(house.jobs(user).await, 0);
    house.advance(3 * A_DAY);
    assert!(!house.is_candidate(user, &task).await);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_was_snoozed_returns_to_the_second(db: PgPool) {
    let house = House::with_task(db, "Send the letter").await;
    let task = house.only_task();
    for snooze in Snooze::ALL {
        let (user, tip) = house.person_with_task().await;
        let until =
            snooze.until(&Moment::new(house.now(), kernel::TimeZone::UTC), SnoozeTimes::default());
        house.react(user, tip.id, Reaction::Snooze(snooze)).await;
        assert!(!house.is_candidate(user, &task).await, "{snooze}: at once");
        house.clock.set(until - chrono::TimeDelta::microseconds(1));
        assert!(!house.is_candidate(user, &task).await, "{snooze}: too early");
        house.clock.set(until);
        assert!(house.is_candidate(user, &task).await, "{snooze}: in time");
    }
}

/// A choice of another time holds from the next snooze on: what was told already stays true.
#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_was_snoozed_returns_when_its_person_has_chosen(db: PgPool) {
    let house = House::with_task(db.clone(), "Send the letter").await;
    let task = house.only_task();
    let usual = SnoozeTimes::default();
    let (user, tip) = house.person_with_task().await;
    let chosen = SnoozeTimes::new(5, usual.evening(), usual.morning()).unwrap();
    profile::keep_snooze_times(&db, user, chosen, house.now()).await.unwrap();
    let look = house.react(user, tip.id, Reaction::Snooze(Snooze::Later)).await;
    let five_hours = chrono::TimeDelta::hours(5);
    assert_eq!(look.answered.and_then(|it| it.rests_for), Some(five_hours));
    profile::keep_snooze_times(&db, user, usual, house.now()).await.unwrap();
    assert_eq!(house.look(user).await.answered.and_then(|it| it.rests_for), Some(five_hours));

    house.advance(5 * 3_600 - 1);
    assert!(!house.is_candidate(user, &task).await);
    house.advance(1);
    assert!(house.is_candidate(user, &task).await);

    // Who has chosen nothing is not touched by it.
    let (other, tip) = house.person_with_task().await;
    let look = house.react(other, tip.id, Reaction::Snooze(Snooze::Later)).await;
    let three_hours = chrono::TimeDelta::hours(3);
    assert_eq!(look.answered.and_then(|it| it.rests_for), Some(three_hours));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_was_dismissed_rests_for_a_week(db: PgPool) {
    let house = House::with_task(db, "Send the letter").await;
    let task = house.only_task();
    let (user, tip) = house.person_with_task().await;
    house.react(user, tip.id, Reaction::Dismiss).await;
    house.advance(7 * A_DAY - 1);
    assert!(!house.is_candidate(user, &task).await);
    house.advance(1);
    assert!(house.is_candidate(user, &task).await);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_reaction_teaches_once(db: PgPool) {
    let house = House::with_task(db, "Send the letter").await;
    for (reaction, reward) in
        [(Reaction::Done, 1.0), (Reaction::Snooze(Snooze::Later), 0.25), (Reaction::Dismiss, 0.0)]
    {
        let (user, tip) = house.person_with_advice().await;
        let answer = Answer { tip: tip.id, key: house.uuid(), reaction };
        let first = house.recommender.react(user, answer).await.unwrap();
        let beliefs = house.beliefs(user).await;
        let second = house.recommender.react(user, answer).await.unwrap();

        assert_eq!(second, first);
        assert_eq!(house.beliefs(user).await, beliefs);
        assert_eq!(house.reactions(user).await, 1);
        assert_eq!(house.kinds(user).await, ["tip_decided", "tip_reacted", "tip_decided"]);
        assert_eq!(house.totals(user).await, (reward, 1.0 - reward));
        assert_eq!(house.lessons(user).await, [reward], "the next tip is chosen with it");
    }
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn the_same_answer_many_times_at_once_counts_once(db: PgPool) {
    let mut house = House::with_task(db, "Send the letter").await;
    let (user, tip) = house.person_with_task().await;
    let before = house.totals(user).await;
    let answer = Answer { tip: tip.id, key: house.uuid(), reaction: Reaction::Done };
    let sent: Vec<_> = (0..8)
        .map(|_| {
            let recommender = house.recommender.clone();
            tokio::spawn(async move { recommender.react(user, answer).await.unwrap() })
        })
        .collect();
    let mut next = Vec::new();
    for look in sent {
        next.push(shown(look.await.unwrap()).id);
    }
    house.restart();
    next.push(shown(house.recommender.react(user, answer).await.unwrap()).id);
    next.dedup();
    assert_eq!(next, house.open_tips(user).await);
    assert_eq!(house.reactions(user).await, 1);
    assert_eq!(house.jobs(user).await, 1);
    assert_eq!(house.totals(user).await, (before.0 + 1.0, before.1));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_key_is_good_for_one_answer(db: PgPool) {
    let house = House::with_task(db, "Send the letter").await;
    let (user, tip) = house.person_with_advice().await;
    let key = house.uuid();
    let answer = Answer { tip: tip.id, key, reaction: Reaction::Snooze(Snooze::Later) };
    let next = shown(house.recommender.react(user, answer).await.unwrap());
    let others = [
        Answer { reaction: Reaction::Done, ..answer },
        Answer { reaction: Reaction::Snooze(Snooze::Tomorrow), ..answer },
        Answer { tip: next.id, ..answer },
    ];
    for other in others {
        let refused = house.recommender.react(user, other).await;
        assert!(matches!(refused, Err(ReactError::KeyReused)), "{refused:?}");
    }
    assert_eq!(house.reactions(user).await, 1);

    // Another person's keys are theirs.
    let (other, tip) = house.person_with_advice().await;
    let answer = Answer { tip: tip.id, key, reaction: Reaction::Done };
    house.recommender.react(other, answer).await.unwrap();
    assert_eq!(house.reactions(other).await, 1);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_tip_is_answered_once(db: PgPool) {
    let house = House::with_task(db, "Send the letter").await;
    let (user, tip) = house.person_with_advice().await;
    house.react(user, tip.id, Reaction::Done).await;
    let late = house.send(user, tip.id, Reaction::Done).await;
    assert!(matches!(late, Err(ReactError::AnsweredElsewhere)), "{late:?}");
    assert_eq!(house.reactions(user).await, 1);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn of_two_devices_one_wins_and_the_other_is_told(db: PgPool) {
    let house = House::with_task(db, "Send the letter").await;
    for _ in 0..10 {
        let user = house.person().await;
        let tip = house.tip(user).await;
        let (one, two) = tokio::join!(
            house.send(user, tip.id, Reaction::Done),
            house.send(user, tip.id, Reaction::Dismiss),
        );
        let reward = match (&one, &two) {
            (Ok(_), Err(ReactError::AnsweredElsewhere)) => 1.0,
            (Err(ReactError::AnsweredElsewhere), Ok(_)) => 0.0,
            both => panic!("{both:?}"),
        };
        assert_eq!(house.totals(user).await, (reward, 1.0 - reward));
        assert_eq!(house.kinds(user).await, ["tip_decided", "tip_reacted", "tip_decided"]);
    }
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_is_not_open_cannot_be_answered(db: PgPool) {
    let house = House::with_task(db, "Send the letter").await;
    let (user, tip) = house.person_with_advice().await;
    let (thief, _) = house.person_with_advice().await;
    for (who, what) in [(thief, tip.id), (user, house.uuid()), (house.stranger().await, tip.id)] {
        let refused = house.send(who, what, Reaction::Done).await;
        assert!(matches!(refused, Err(ReactError::Unknown)), "{refused:?}");
    }
    house.advance(6 * 3_600);
    for _ in 0..2 {
        // Expired, then lapsed.
        let refused = house.send(user, tip.id, Reaction::Done).await;
        assert!(matches!(refused, Err(ReactError::Gone)), "{refused:?}");
        house.tip(user).await;
    }
    assert_eq!(house.reactions(user).await, 0);
    assert_eq!(house.beliefs(user).await, []);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn the_next_tip_needs_no_further_call(db: PgPool) {
    let house = House::new(db, Vec::new()).await;
    house.todoist().set_demo_tasks(&house.account);
    let user = house.person().await;
    let mut tip = house.tip(user).await;
    let asked = house.todoist().requests();
    // However old the tasks at hand are.
    for reaction in [Reaction::Done, Reaction::Snooze(Snooze::Evening), Reaction::Dismiss] {
        house.advance(3_600);
        let look = house.react(user, tip.id, reaction).await;
        let answered = look.answered.unwrap();
        assert_eq!((answered.tip, answered.reaction), (tip.id, reaction));
        assert_eq!(answered.undo_for, chrono::TimeDelta::seconds(10));
        let Scene::Tip(next) = look.scene else { panic!("{:?}", look.scene) };
        assert_ne!(next.id, tip.id);
        tip = next;
    }
    assert_eq!(house.todoist().requests(), asked);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn only_a_task_that_is_done_is_closed(db: PgPool) {
    let house = House::with_task(db, "Send the letter").await;
    for (reaction, jobs) in
        [(Reaction::Done, 1), (Reaction::Snooze(Snooze::Later), 0), (Reaction::Dismiss, 0)]
    {
        let (user, tip) = house.person_with_task().await;
        assert_eq!(tip.kind, TipKind::Todo);
        house.react(user, tip.id, reaction).await;
        assert_eq!(house.jobs(user).await, jobs);
        let (user, tip) = house.person_with_advice().await;
        house.react(user, tip.id, reaction).await;
        assert_eq!(house.jobs(user).await, 0);
    }
}
