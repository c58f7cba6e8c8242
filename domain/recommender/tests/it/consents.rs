//! What a person does not allow does not happen, from that moment on.

use kernel::UserId;
use profile::Consent;
use recommender::{Reaction, Scene, UndoError};
use sqlx::PgPool;

use crate::house::{House, shown};

/// How many rows of `table` are of `user`.
async fn rows(house: &House, table: &str, user: UserId) -> i64 {
    let count = format!("select count(*) from {table} where user_id = $1");
    sqlx::query_scalar(sqlx::AssertSqlSafe(count))
        .bind(user.uuid())
        .fetch_one(&house.db)
        .await
        .unwrap()
}

/// All that is kept of what was proposed and learned.
async fn history(house: &House, user: UserId) -> Vec<i64> {
    let mut history = Vec::new();
    for table in ["events.event", "recommender.snapshot", "recommender.score"] {
        history.push(rows(house, table, user).await);
    }
    history
}

fn asked(house: &House) -> u64 {
    house.todoist().count("GET", "/api/v1/tasks")
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn nothing_is_read_or_decided_before_every_question_is_answered(db: PgPool) {
    let house = House::with_task(db, "Water the plants").await;
    let user = house.stranger().await;
    house.connect(user).await;
    assert_eq!(house.look(user).await.scene, Scene::Unasked);
    house.answer(user, &[(Consent::ReadTasks, true)]).await;
    assert_eq!(house.look(user).await.scene, Scene::Unasked);
    assert_eq!((asked(&house), house.tips(user).await.len()), (0, 0));

    house.answer(user, &Consent::ALL.map(|consent| (consent, false))).await;
    assert_eq!(house.look(user).await.scene, Scene::NotAllowed);
    assert_eq!((asked(&house), house.tips(user).await.len()), (0, 0));

    house.answer(user, &[(Consent::ReadTasks, true)]).await;
    house.tip(user).await;
    assert_eq!(asked(&house), 1);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn without_the_reading_the_task_on_the_page_is_gone_and_none_is_asked_for(db: PgPool) {
    let house = House::with_task(db, "Water the plants").await;
    let (user, tip) = house.person_with_task().await;
    let (_, replica) = house.replica();
    shown(replica.look(user).await.unwrap());
    let before = asked(&house);

    house.answer(user, &[(Consent::ReadTasks, false)]).await;
    for recommender in [&house.recommender, &replica] {
        assert_eq!(recommender.look(user).await.unwrap().scene, Scene::NotAllowed);
    }
    house.send(user, tip.id, Reaction::Done).await.unwrap_err();
    house.advance(3_600);
    assert_eq!(replica.look(user).await.unwrap().scene, Scene::NotAllowed);
    assert_eq!(asked(&house), before);
    assert_eq!(house.open_tips(user).await.len(), 0);

    house.answer(user, &[(Consent::ReadTasks, true)]).await;
    house.tip(user).await;
    assert!(asked(&house) > before);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn advice_stays_but_nothing_follows_it(db: PgPool) {
    let house = House::with_task(db, "Water the plants").await;
    let (user, tip) = house.person_with_advice().await;
    house.answer(user, &[(Consent::ReadTasks, false)]).await;
    assert_eq!(house.tip(user).await.id, tip.id);
    let look = house.react(user, tip.id, Reaction::Done).await;
    assert_eq!(look.scene, Scene::NotAllowed);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn without_the_writing_what_is_done_is_done_here_alone(db: PgPool) {
    let house = House::with_task(db, "Send the letter").await;
    let (user, tip) = house.person_with_task().await;
    house.answer(user, &[(Consent::WriteTasks, false)]).await;
    house.react(user, tip.id, Reaction::Done).await;
    assert_eq!(house.jobs(user).await, 0);
    assert!(!house.is_candidate(user, &house.only_task()).await);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn without_a_history_nothing_is_learned_or_written_down(db: PgPool) {
    let house = House::with_task(db, "Send the letter").await;
    let user = house.person().await;
    house.answer(user, &[(Consent::KeepHistory, false)]).await;
    let mut tip = house.tip(user).await;
    for reaction in [Reaction::Done, Reaction::Dismiss, Reaction::Done] {
        tip = shown(house.react(user, tip.id, reaction).await);
    }
    assert_eq!(history(&house, user).await, [0; 3]);
    assert_eq!(house.tips(user).await.len(), 4, "what was answered does not come back");
    assert_eq!(bare(&house, user).await, [true, true, true, false], "the open one has its reasons");
}

/// Whether nothing is told of each tip, in the order in which they were decided.
async fn bare(house: &House, user: UserId) -> Vec<bool> {
    sqlx::query_scalar(
        "select features = 'null' and reasons = '[]'
         from recommender.tip
         where user_id = $1
         order by tip_id",
    )
    .bind(user.uuid())
    .fetch_all(&house.db)
    .await
    .unwrap()
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_was_open_when_the_history_was_withdrawn_is_bare_when_it_is_over(db: PgPool) {
    let house = House::with_task(db, "Send the letter").await;
    let (user, tip) = house.person_with_task().await;
    let reasons = house.tip(user).await.reasons;
    house.answer(user, &[(Consent::KeepHistory, false)]).await;
    assert_eq!(house.tip(user).await.reasons, reasons);
    house.react(user, tip.id, Reaction::Dismiss).await;
    assert!(bare(&house, user).await[0]);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_question_that_is_asked_anew_forgets_nothing(db: PgPool) {
    let house = House::with_task(db, "Send the letter").await;
    let (user, tip) = house.person_with_task().await;
    house.react(user, tip.id, Reaction::Done).await;
    let before = history(&house, user).await;
    // As if its words had meant something else then.
    sqlx::query("update profile.consent set version = 99 where consent = 'keep_history'")
        .execute(&house.db)
        .await
        .unwrap();
    house.answer(user, &[(Consent::Notify, false)]).await;
    assert_eq!(history(&house, user).await, before);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn an_undo_opens_no_task_that_may_not_be_read(db: PgPool) {
    let house = House::with_task(db, "Send the letter").await;
    let (user, tip) = house.person_with_task().await;
    house.react(user, tip.id, Reaction::Done).await;
    house.answer(user, &[(Consent::ReadTasks, false)]).await;
    let look = house.recommender.undo(user, tip.id).await.unwrap();
    assert_eq!(look.scene, Scene::NotAllowed);
    assert_eq!(house.jobs(user).await, 0, "it is taken back all the same");
    let (_, state) = house.tips(user).await.remove(0);
    assert_eq!(state, "lapsed");
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_history_that_is_no_longer_wanted_is_forgotten_at_once(db: PgPool) {
    let house = House::with_task(db, "Send the letter").await;
    let task = house.only_task();
    let (user, tip) = house.person_with_task().await;
    let (other, _) = house.person_with_task().await;
    let next = shown(house.react(user, tip.id, Reaction::Done).await);
    let of_the_other = history(&house, other).await;
    assert!(history(&house, user).await.iter().all(|rows| *rows > 0));

    house.answer(user, &[(Consent::KeepHistory, false)]).await;
    assert_eq!(history(&house, user).await, [0; 3]);
    assert_eq!(history(&house, other).await, of_the_other);
    assert_eq!(house.tip(user).await.id, next.id);
    house.answer(user, &[(Consent::KeepHistory, true)]).await;
    assert!(!house.is_candidate(user, &task).await, "a wish that was heard is kept");
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_was_not_learned_is_not_unlearned(db: PgPool) {
    let house = House::with_task(db, "Send the letter").await;
    let user = house.person().await;
    let tip = house.tip(user).await;
    house.react(user, tip.id, Reaction::Done).await;
    house.answer(user, &[(Consent::KeepHistory, false)]).await;
    house.answer(user, &[(Consent::KeepHistory, true)]).await;
    house.recommender.undo(user, tip.id).await.unwrap();
    assert_eq!(house.beliefs(user).await, []);

    house.answer(user, &[(Consent::KeepHistory, false)]).await;
    let next = shown(house.react(user, tip.id, Reaction::Dismiss).await);
    house.answer(user, &[(Consent::KeepHistory, true)]).await;
    house.recommender.undo(user, tip.id).await.unwrap();
    assert_eq!(house.beliefs(user).await, []);
    let late = house.recommender.undo(user, next.id).await;
    assert!(matches!(late, Err(UndoError::TooLate)), "{late:?}");
}
