//! The log tells everything, and a decision is kept with what it was made from.

use std::collections::BTreeMap;

use events::Payload;
use recommender::{Reaction, Snooze};
use sqlx::PgPool;
use testkit::todoist::NewTask;
use uuid::Uuid;

use crate::house::{House, SHADOW, shown};

/// The states of all tips, as the log tells them. Panics when it tells of something impossible.
pub(crate) fn replay(log: &[Payload]) -> BTreeMap<Uuid, String> {
    let mut states: BTreeMap<Uuid, String> = BTreeMap::new();
    let mut answers: BTreeMap<Uuid, String> = BTreeMap::new();
    for event in log {
        let (tip, from, to) = match event {
            // These tell of Todoist, not of a tip.
            Payload::TaskClosed(_) | Payload::TaskReopened(_) => continue,
            Payload::TipDecided(event) => (&event.tip_id, None, "open"),
            Payload::TipReacted(event) => (&event.tip_id, Some("open"), "answered"),
            Payload::ReactionUndone(event) => (&event.tip_id, Some("answered"), "open"),
            Payload::TipLapsed(event) => (&event.tip_id, Some("open"), "lapsed"),
        };
        let tip: Uuid = tip.parse().unwrap();
        assert_eq!(states.get(&tip).map(String::as_str), from, "{event:?}");
        states.insert(tip, to.to_owned());
        assert!(states.values().filter(|state| *state == "open").count() <= 1, "{event:?}");
        match event {
            Payload::TipReacted(event) => {
                answers.insert(tip, event.reaction_id.clone());
            }
            Payload::ReactionUndone(event) => {
                assert_eq!(answers.remove(&tip).as_ref(), Some(&event.reaction_id));
            }
            _ => {}
        }
    }
    states
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn the_log_replays_to_the_same_states(db: PgPool) {
    let mut house = House::new(db, Vec::new()).await;
    house.todoist().set_demo_tasks(&house.account);
    let user = house.person().await;
    for round in 0..6 {
        let tip = house.tip(user).await;
        house.react(user, tip.id, Reaction::Done).await;
        house.recommender.undo(user, tip.id).await.unwrap();
        house.react(user, tip.id, Reaction::Snooze(Snooze::Later)).await;
        if round % 2 == 0 {
            house.restart();
        }
        let tip = house.tip(user).await;
        house.react(user, tip.id, Reaction::Dismiss).await;
        house.advance(6 * 3_600);
        let told = replay(&house.events(user).await);
        assert_eq!(told, house.tips(user).await.into_iter().collect());
    }
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn the_log_tells_what_a_reaction_is_worth(db: PgPool) {
    let house = House::with_task(db, "Send the letter").await;
    let (user, tip) = house.person_with_task().await;
    house.react(user, tip.id, Reaction::Done).await;
    let (other, advice) = house.person_with_advice().await;
    house.react(other, advice.id, Reaction::Snooze(Snooze::Later)).await;

    let events = house.events(user).await;
    let [Payload::TipDecided(decided), Payload::TipReacted(reacted), Payload::TipDecided(_)] =
        &events[..]
    else {
        panic!("{events:?}")
    };
    assert_eq!(decided.candidate, format!("todoist:{}", house.only_task()));
    assert_eq!(decided.policy, "personal");
    assert_eq!(decided.arm, "todoist/someday/morning");
    assert!(decided.candidates > 1);
    assert_eq!(reacted.tip_id, tip.id.to_string());
    assert_eq!(reacted.reaction(), events::v1::Reaction::Done);
    assert_eq!((reacted.reward.to_bits(), reacted.rests_until_micros), (1f64.to_bits(), None));
    assert!(reacted.closes_task);

    let events = house.events(other).await;
    let Payload::TipReacted(reacted) = &events[1] else { panic!("{events:?}") };
    assert_eq!(reacted.reaction(), events::v1::Reaction::Snooze);
    assert_eq!(reacted.reward.to_bits(), 0.25f64.to_bits());
    let until = house.now() + chrono::TimeDelta::hours(3);
    assert_eq!(reacted.rests_until_micros, Some(until.timestamp_micros()));
    assert!(!reacted.closes_task);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn every_policy_has_its_row_of_every_decision(db: PgPool) {
    let tasks = (1..=300).map(|number| NewTask::titled(format!("Task {number}"))).collect();
    let house = House::new(db, tasks).await;
    let user = house.person().await;
    let mut tip = house.tip(user).await;
    for _ in 0..20 {
        tip = shown(house.react(user, tip.id, Reaction::Snooze(Snooze::NextWeek)).await);
    }

    let decisions = house.tips(user).await.len();
    assert_eq!(decisions, 21);
    let rows: Vec<(Uuid, String, String, String, f64, bool)> = sqlx::query_as(
        "select tip_id, policy, candidate, arm, propensity, serves
         from recommender.score
         where user_id = $1
         order by tip_id, serves desc",
    )
    .bind(user.uuid())
    .fetch_all(&house.db)
    .await
    .unwrap();
    assert_eq!(rows.len(), 2 * decisions);
    for scores in rows.chunks(2) {
        let [served, shadow] = scores else { panic!("{scores:?}") };
        assert_eq!((served.1.as_str(), served.5), ("personal", true));
        assert_eq!((shadow.1.as_str(), shadow.5), (SHADOW, false));
        assert_eq!(served.0, shadow.0);
        assert!(scores.iter().all(|score| score.4 > 0.0 && score.4 <= 1.0), "{scores:?}");
    }

    // The serving policy's row is the tip's own, and what it chose is in the snapshot.
    let same: i64 = sqlx::query_scalar(
        "select count(*)
         from recommender.tip
         join recommender.score using (user_id, tip_id, policy, candidate, arm, propensity)
         join recommender.snapshot using (user_id, tip_id)
         where user_id = $1
           and tip.features_version = $2
           and score.serves
           and tip.arm = concat_ws('/', tip.features ->> 'source', tip.features ->> 'kind',
                                   tip.features ->> 'part')
           and snapshot -> 'candidates' @> jsonb_build_array(
               jsonb_build_object('key', tip.candidate, 'features', tip.features))",
    )
    .bind(user.uuid())
    .bind(recommender::features::VERSION)
    .fetch_one(&house.db)
    .await
    .unwrap();
    assert_eq!(usize::try_from(same).unwrap(), decisions);
}
