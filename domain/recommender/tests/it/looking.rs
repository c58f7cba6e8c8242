//! What a look shows.

use kernel::UserId;
use recommender::{Reaction, Scene, Snooze, TipKind, Trouble};
use sqlx::PgPool;
use testkit::todoist::{Edit, Fault, FaultRule, NewTask};
use uuid::Uuid;

use crate::house::{House, shown};

/// Longer than a list counts as the present state.
const A_LITTLE_LATER: i64 = 61;

const A_LIFETIME: i64 = 6 * 3_600;

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_tip_is_decided_once(db: PgPool) {
    let mut house = House::with_task(db, "Water the plants").await;
    let (user, tip) = house.person_with_task().await;
    assert_eq!(tip.text, "Water the plants");
    for _ in 0..3 {
        assert_eq!(house.tip(user).await, tip);
        house.advance(A_LITTLE_LATER);
    }
    house.restart();
    assert_eq!(house.tip(user).await, tip);
    assert_eq!(house.kinds(user).await, ["tip_decided"]);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn who_peeks_sees_the_open_tip_and_decides_nothing(db: PgPool) {
    let mut house = House::with_task(db, "Water the plants").await;
    let user = house.person().await;
    assert_eq!(house.recommender.peek(user).await.unwrap(), Scene::Nothing);
    assert_eq!(house.recommender.peek(house.stranger().await).await.unwrap(), Scene::Nothing);
    assert!(house.kinds(user).await.is_empty());

    let (user, tip) = house.person_with_task().await;
    assert_eq!(house.recommender.peek(user).await.unwrap(), Scene::Tip(tip.clone()));
    house.restart();
    assert_eq!(house.recommender.peek(user).await.unwrap(), Scene::Tip(tip));

    // It has expired, but lapses only when somebody looks.
    house.advance(A_LIFETIME);
    assert_eq!(house.recommender.peek(user).await.unwrap(), Scene::Nothing);
    assert_eq!(house.kinds(user).await, ["tip_decided"]);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn who_peeks_is_told_when_the_tasks_cannot_be_read(db: PgPool) {
    let mut house = House::with_task(db, "Water the plants").await;
    let (user, _) = house.person_with_task().await;
    house.restart();
    house.todoist().inject(FaultRule::always(Fault::Unavailable));
    assert_eq!(house.recommender.peek(user).await.unwrap(), Scene::Trouble(Trouble::Unavailable));
    house.todoist().clear_faults();

    let id = house.only_task();
    house.todoist().delete(&house.account, &id);
    house.advance(A_LITTLE_LATER);
    assert_eq!(house.recommender.peek(user).await.unwrap(), Scene::Nothing);
    assert_eq!(house.kinds(user).await, ["tip_decided"]);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn many_looks_at_once_open_one_tip(db: PgPool) {
    let house = House::with_task(db, "Water the plants").await;
    for _ in 0..5 {
        let user = house.person().await;
        let looks: Vec<_> = (0..8)
            .map(|_| {
                let recommender = house.recommender.clone();
                tokio::spawn(async move { recommender.look(user).await.unwrap() })
            })
            .collect();
        let mut seen = Vec::new();
        for look in looks {
            match look.await.unwrap().scene {
                Scene::Tip(tip) => seen.push(tip.id),
                // A first fetch may take longer than a page waits.
                Scene::Loading => {}
                other => panic!("{other:?}"),
            }
        }
        seen.push(house.tip(user).await.id);
        seen.dedup();
        assert_eq!(seen, house.open_tips(user).await);
        assert_eq!(house.kinds(user).await, ["tip_decided"]);
    }
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn after_its_lifetime_a_tip_lapses_and_another_one_is_decided(db: PgPool) {
    let house = House::with_task(db, "Water the plants").await;
    let user = house.person().await;
    let first = house.tip(user).await;
    house.advance(A_LIFETIME - 1);
    assert_eq!(house.tip(user).await.id, first.id);
    house.advance(1);
    let second = house.tip(user).await;
    assert_ne!(second.id, first.id);
    assert_eq!(house.open_tips(user).await, [second.id]);

    let events = house.events(user).await;
    let [_, events::Payload::TipLapsed(lapsed), events::Payload::TipDecided(decided)] = &events[..]
    else {
        panic!("{events:?}")
    };
    assert_eq!(lapsed.cause(), events::v1::tip_lapsed::Cause::Expired);
    assert_eq!(lapsed.tip_id, first.id.to_string());
    assert_eq!(decided.tip_id, second.id.to_string());
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn many_looks_at_an_expired_tip_replace_it_once(db: PgPool) {
    let house = House::with_task(db, "Water the plants").await;
    let user = house.person().await;
    house.tip(user).await;
    house.advance(A_LIFETIME);
    let (a, b, c, d) = tokio::join!(
        house.recommender.look(user),
        house.recommender.look(user),
        house.recommender.look(user),
        house.recommender.look(user),
    );
    for look in [a, b, c, d] {
        look.unwrap();
    }
    house.tip(user).await;
    assert_eq!(house.kinds(user).await, ["tip_decided", "tip_lapsed", "tip_decided"]);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn who_has_connected_nothing_is_told_so(db: PgPool) {
    let house = House::with_task(db, "Water the plants").await;
    let user = house.newcomer().await;
    assert_eq!(house.look(user).await.scene, Scene::NotConnected);
    assert_eq!(house.kinds(user).await, Vec::<&str>::new());
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn who_disconnects_keeps_no_tip(db: PgPool) {
    let house = House::with_task(db, "Water the plants").await;
    let (with_task, _) = house.person_with_task().await;
    let (with_advice, _) = house.person_with_advice().await;
    for user in [with_task, with_advice] {
        house.integrations.disconnect(user).await.unwrap();
        house.recommender.disconnected(user).await.unwrap();
        assert_eq!(house.look(user).await.scene, Scene::NotConnected);
        assert_eq!(house.kinds(user).await, ["tip_decided", "tip_lapsed"]);
    }
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_tip_follows_its_task(db: PgPool) {
    let house = House::with_task(db, "Water the plants").await;
    let (user, tip) = house.person_with_task().await;
    let edit = Edit { content: Some("Water the garden".to_owned()), ..Edit::default() };
    assert!(house.todoist().edit(&house.account, &house.only_task(), edit));
    assert_eq!(house.tip(user).await.text, "Water the plants");

    house.advance(A_LITTLE_LATER);
    let followed = house.tip(user).await;
    assert_eq!((followed.id, followed.text.as_str()), (tip.id, "Water the garden"));
    assert_eq!(house.kinds(user).await, ["tip_decided"]);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_tip_goes_away_with_its_task(db: PgPool) {
    let house = House::with_task(db, "Water the plants").await;
    let task = house.only_task();
    let (finisher, _) = house.person_with_task().await;
    let (deleter, _) = house.person_with_task().await;

    house.advance(A_LITTLE_LATER);
    house.todoist().complete(&house.account, &task);
    assert_eq!(house.tip(finisher).await.kind, TipKind::Advice);
    house.todoist().delete(&house.account, &task);
    assert_eq!(house.tip(deleter).await.kind, TipKind::Advice);
    for user in [finisher, deleter] {
        let events = house.events(user).await;
        let [_, events::Payload::TipLapsed(lapsed), events::Payload::TipDecided(_)] = &events[..]
        else {
            panic!("{events:?}")
        };
        assert_eq!(lapsed.cause(), events::v1::tip_lapsed::Cause::TaskGone);
    }
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn while_todoist_fails_the_last_good_tip_stays(db: PgPool) {
    let house = House::with_task(db, "Water the plants").await;
    for (fault, trouble) in faults() {
        let (user, tip) = house.person_with_task().await;
        house.advance(A_LITTLE_LATER);
        house.todoist().inject(FaultRule::always(fault));
        let mut look = house.look(user).await;
        for _ in 0..50 {
            // A page that gave up waiting does not know of the failure yet.
            if look.trouble.is_some() {
                break;
            }
            look = house.look(user).await;
        }
        assert_eq!(look.trouble, Some(trouble), "{fault:?}");
        assert_eq!(shown(look), tip, "{fault:?}");

        house.todoist().clear_faults();
        house.advance(A_LITTLE_LATER);
        let look = house.look(user).await;
        if trouble != Trouble::Reconnect {
            assert_eq!(look.trouble, None, "{fault:?}");
        }
        assert_eq!(shown(look), tip, "{fault:?}");
    }
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn while_todoist_fails_a_tip_can_be_answered(db: PgPool) {
    let house = House::with_task(db, "Water the plants").await;
    let (user, tip) = house.person_with_task().await;
    house.advance(A_LITTLE_LATER);
    house.todoist().inject(FaultRule::always(Fault::ServerError));
    let look = house.react(user, tip.id, recommender::Reaction::Done).await;
    assert_eq!(shown(look).kind, TipKind::Advice);
    assert_eq!(house.jobs(user).await, 1);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_task_beyond_a_long_list_stays_until_it_is_known_to_be_gone(db: PgPool) {
    let house = House::with_task(db, "Water the plants").await;
    let (user, tip) = house.person_with_task().await;
    let task = house.only_task();
    let urgent = NewTask { priority: 4, ..NewTask::titled("Now") };
    house.todoist().add_tasks(&house.account, vec![urgent; 300]);
    house.advance(A_LITTLE_LATER);
    assert_eq!(house.tip(user).await, tip);

    house.todoist().inject(FaultRule::always(Fault::Unavailable).on(format!("/tasks/{task}")));
    assert_eq!(house.look(user).await.scene, Scene::Trouble(Trouble::Unavailable));
    house.todoist().clear_faults();
    assert_eq!(house.tip(user).await, tip);

    house.todoist().delete(&house.account, &task);
    assert_ne!(house.tip(user).await.id, tip.id);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn with_nothing_at_hand_a_failing_todoist_is_the_scene(db: PgPool) {
    let house = House::with_task(db, "Water the plants").await;
    for (fault, trouble) in faults() {
        let user = house.person().await;
        house.todoist().inject(FaultRule::always(fault));
        assert_eq!(house.look(user).await.scene, Scene::Trouble(trouble), "{fault:?}");
        assert_eq!(house.kinds(user).await, Vec::<&str>::new());
        house.todoist().clear_faults();
    }
}

fn faults() -> [(Fault, Trouble); 6] {
    [
        (Fault::ServerError, Trouble::Unavailable),
        (Fault::Unavailable, Trouble::Unavailable),
        (Fault::TooManyRequests { retry_after: 7 }, Trouble::Throttled),
        (Fault::Garbage, Trouble::Garbled),
        (Fault::Cut, Trouble::Unavailable),
        (Fault::Unauthorized, Trouble::Reconnect),
    ]
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_connection_that_ended_on_another_replica_brings_no_more_tips(db: PgPool) {
    let house = House::with_task(db, "Water the plants").await;
    let (asleep, _) = house.person_with_task().await;
    let (awake, tip) = house.person_with_task().await;
    let (integrations, recommender) = house.replica();
    for user in [asleep, awake] {
        integrations.disconnect(user).await.unwrap();
    }

    // An answer that comes in between counts, and no tip follows on it.
    let look = house.react(awake, tip.id, Reaction::Done).await;
    assert_eq!(look.scene, Scene::NotConnected);
    for user in [asleep, awake] {
        recommender.disconnected(user).await.unwrap();
        assert_eq!(house.look(user).await.scene, Scene::NotConnected);
        assert!(house.open_tips(user).await.is_empty());
    }
    assert_eq!(house.reactions(awake).await, 1);
}

/// Of the last ten answers to tips of the same arm, how many were *done*, and how many there are.
async fn record(house: &House, user: UserId, tip: Uuid) -> (i64, i64) {
    sqlx::query_as(
        "select count(*) filter (where reaction = 'done'), count(*)
         from (
              select reaction
              from recommender.reaction
              join recommender.tip using (user_id, tip_id)
              where user_id = $1
                and undone_at is null
                and arm = (select arm from recommender.tip where user_id = $1 and tip_id = $2)
              order by reaction_id desc
              limit 10
         ) as last",
    )
    .bind(user.uuid())
    .bind(tip)
    .fetch_one(&house.db)
    .await
    .unwrap()
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn only_what_was_done_is_told_as_done(db: PgPool) {
    let tasks = (1..=120).map(|number| NewTask::titled(format!("Task {number}"))).collect();
    let house = House::new(db, tasks).await;
    let (user, mut tip) = house.person_with_task().await;
    let mut told = 0;
    for round in 0..60 {
        let reaction = match round % 3 {
            0 => Reaction::Snooze(Snooze::NextWeek),
            _ => Reaction::Done,
        };
        if round % 5 == 0 {
            house.react(user, tip.id, Reaction::Done).await;
            house.recommender.undo(user, tip.id).await.unwrap();
        }
        tip = shown(house.react(user, tip.id, reaction).await);
        let (done, of) = record(&house, user, tip.id).await;
        let sentence = tip.reasons.iter().find(|reason| reason.contains("you did"));
        if let Some(sentence) = sentence {
            let expected = format!("The morning: you did {done} of the last {of} like it.");
            assert_eq!(*sentence, expected);
            told += 1;
        }
    }
    assert!(told > 5, "told {told} times");
}
