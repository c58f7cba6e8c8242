//! What fits before the next meeting.

use chrono::TimeDelta;
use kernel::UserId;
use sqlx::PgPool;
use testkit::{
    calendar::CalendarDouble,
    todoist::{DurationUnit, NewTask, TaskDuration},
};

use crate::house::{House, shown};

const FITS: &str = "It fits before your next meeting.";

fn taking(title: &str, minutes: u32) -> NewTask {
    let duration = Some(TaskDuration { amount: minutes, unit: DurationUnit::Minute });
    NewTask { duration, ..NewTask::titled(title) }
}

/// What was in the pool of the last decision, and takes time: in minutes, of tasks alone.
async fn pool(house: &House, user: UserId) -> Vec<i64> {
    sqlx::query_scalar(
        "select (possible -> 'features' ->> 'minutes')::bigint
         from recommender.snapshot
         join recommender.tip using (user_id, tip_id),
              jsonb_array_elements(snapshot.snapshot::jsonb -> 'candidates') as possible
         where user_id = $1
           and state = 'open'
           and possible ->> 'key' like 'todoist:%'
         order by 1",
    )
    .bind(user.uuid())
    .fetch_all(&house.db)
    .await
    .unwrap()
}

/// A house with three tasks, and somebody whose calendar has a meeting in so many minutes.
async fn meeting_in(db: PgPool, minutes: i64) -> (House, CalendarDouble, UserId) {
    let tasks = vec![taking("Report", 60), taking("Call", 20), taking("Sweep", 21)];
    let mut house = House::new(db, tasks).await;
    let calendar = CalendarDouble::start().await.unwrap();
    house.set_calendar(&calendar);
    let from = house.now() + TimeDelta::minutes(minutes);
    calendar.meet(&[(from, from + TimeDelta::hours(1))]);
    let user = house.person().await;
    house.integrations.connect_calendar(user, &calendar.address()).await.unwrap();
    (house, calendar, user)
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_takes_longer_than_there_is_time_is_left_out(db: PgPool) {
    let (house, _calendar, user) = meeting_in(db, 20).await;
    let tip = shown(house.recommender.look(user).await.unwrap());
    assert_eq!(pool(&house, user).await, [20]);
    assert_eq!(tip.reasons.first().unwrap(), FITS);
    // Nothing of the calendar is in what is kept of the decision, but that.
    let kept: String = sqlx::query_scalar("select snapshot::text from recommender.snapshot")
        .fetch_one(&house.db)
        .await
        .unwrap();
    assert!(!kept.contains("meeting") && !kept.contains("free"), "{kept}");
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_meeting_far_away_or_none_changes_nothing(db: PgPool) {
    let (house, calendar, user) = meeting_in(db, 241).await;
    let tip = shown(house.recommender.look(user).await.unwrap());
    assert_eq!(pool(&house, user).await, [20, 21, 60]);
    assert!(!tip.reasons.iter().any(|reason| reason == FITS));

    // Somebody else, without a calendar.
    let other = house.person().await;
    let asked = calendar.asked();
    shown(house.recommender.look(other).await.unwrap());
    assert_eq!(pool(&house, other).await, [20, 21, 60]);
    assert_eq!(calendar.asked(), asked);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_look_reads_the_calendar_anew_and_one_that_fails_is_no_trouble(db: PgPool) {
    let (house, calendar, user) = meeting_in(db, 300).await;
    // Another meeting was put in since.
    let from = house.now() + TimeDelta::minutes(50);
    calendar.meet(&[(from, from + TimeDelta::hours(1))]);
    house.advance(11 * 60);
    shown(house.recommender.look(user).await.unwrap());
    assert_eq!(pool(&house, user).await, [20, 21]);
    assert_eq!(calendar.asked(), 2);

    house.recommender.disconnected(user).await.unwrap();
    calendar.say(500, b"");
    house.advance(2 * 60 * 60);
    let look = house.recommender.look(user).await.unwrap();
    assert_eq!(look.trouble, None);
    shown(look);
    assert_eq!(pool(&house, user).await, [20, 21, 60]);
    assert_eq!(calendar.asked(), 3);
}
