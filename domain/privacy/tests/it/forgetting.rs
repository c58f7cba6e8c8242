//! History that goes by itself.

use chrono::TimeDelta;
use events::{Payload, v1};
use kernel::{UserId, db};
use profile::{Consent, KeepHistory};
use sqlx::PgPool;

use crate::support::House;

/// A closed tip that was decided `days` ago, all that hangs on it, and an event.
async fn remember(house: &House, user: UserId, days: i64, state: &str) {
    let at = house.now() - TimeDelta::days(days);
    let tip = house.entropy.id(at);
    for insert in [
        "insert into recommender.tip
         values ($1, $2, 'library:a', 'arm', $4, 'thompson', 1, '{}', 1, '[]', 'UTC', $3,
                 $3 + case $4 when 'open' then interval '100 years' else interval '0' end)",
        "insert into recommender.snapshot select $1, $2, '{}', '\\x01' where $3::timestamptz is not null and $4::text is not null",
        "insert into recommender.score select $1, $2, 'thompson', 'library:a', 'arm', 1, true
         where $3::timestamptz is not null and $4::text is not null",
        "insert into recommender.reaction
         select $1, $2, $2, $2, 'done', null, 'library:a', null, 1, null, false, $3, null, true where $4::text = 'answered'",
    ] {
        sqlx::query(insert)
            .bind(user.uuid())
            .bind(tip)
            .bind(at)
            .bind(state)
            .execute(&house.db)
            .await
            .unwrap();
    }
    let mut tx = db::begin(&house.db).await.unwrap();
    let payload = Payload::TaskClosed(v1::TaskClosed { candidate: "todoist:1".into() });
    events::append(&mut tx, &house.entropy, user, at, &payload).await.unwrap();
    tx.commit().await.unwrap();
}

/// How many days ago those tips were decided that are still there, and how many events, reactions, snapshots and
/// scores there are.
async fn remembered(house: &House, user: UserId) -> (Vec<i64>, [i64; 4]) {
    let decided: Vec<kernel::Timestamp> = sqlx::query_scalar(
        "select decided_at from recommender.tip where user_id = $1 order by decided_at desc",
    )
    .bind(user.uuid())
    .fetch_all(&house.db)
    .await
    .unwrap();
    let mut counts = [0; 4];
    for (count, query) in counts.iter_mut().zip([
        "select count(*) from events.event where user_id = $1",
        "select count(*) from recommender.reaction where user_id = $1",
        "select count(*) from recommender.snapshot where user_id = $1",
        "select count(*) from recommender.score where user_id = $1",
    ]) {
        *count = sqlx::query_scalar(query).bind(user.uuid()).fetch_one(&house.db).await.unwrap();
    }
    (decided.into_iter().map(|at| (house.now() - at).num_days()).collect(), counts)
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_is_older_than_a_person_wants_goes(db: PgPool) {
    let house = House::new(db).await;
    let mut people = Vec::new();
    for (name, may_learn, keep, left) in [
        ("ana", true, Some(KeepHistory::Month), vec![1, 29]),
        ("bo", true, Some(KeepHistory::Quarter), vec![1, 29, 31, 89]),
        ("cy", true, None, vec![1, 29, 31, 89, 91, 364]),
        ("di", true, Some(KeepHistory::NoEnd), vec![1, 29, 31, 89, 91, 364, 366, 3_000]),
        ("ed", false, Some(KeepHistory::NoEnd), vec![1, 29]),
    ] {
        let user = house.stranger(name).await;
        // Who has not been asked has not said no.
        if name != "cy" {
            let answer = [(Consent::KeepHistory, may_learn)];
            profile::decide(&house.db, user, &answer, house.now()).await.unwrap();
        }
        for days in [1, 29, 31, 89, 91, 364, 366, 3_000] {
            remember(&house, user, days, "answered").await;
        }
        if let Some(keep) = keep {
            profile::keep_history(&house.db, user, keep, house.now()).await.unwrap();
        }
        people.push((user, left));
    }
    let forgotten = house.privacy.forget_old().await.unwrap();
    assert_eq!(forgotten, 2 * (6 + 4 + 2 + 6));
    for (user, left) in &people {
        let count = i64::try_from(left.len()).unwrap();
        assert_eq!(remembered(&house, *user).await, (left.clone(), [count; 4]));
    }
    assert_eq!(house.privacy.forget_old().await.unwrap(), 0);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_is_open_stays(db: PgPool) {
    let house = House::new(db).await;
    let user = house.person("ana").await;
    remember(&house, user, 3_000, "open").await;
    house.privacy.forget_old().await.unwrap();
    assert_eq!(remembered(&house, user).await.0.last(), Some(&3_000));
}

/// More than one batch.
#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_long_history_goes_to_its_end(db: PgPool) {
    let house = House::new(db).await;
    let user = house.stranger("ana").await;
    let mut tx = db::begin(&house.db).await.unwrap();
    for number in 0..2_500 {
        let at = house.now() - TimeDelta::days(400) - TimeDelta::seconds(number);
        let payload = Payload::TaskClosed(v1::TaskClosed { candidate: "todoist:1".into() });
        events::append(&mut tx, &house.entropy, user, at, &payload).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(house.privacy.forget_old().await.unwrap(), 2_500);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_is_open_of_somebody_who_stays_away_goes_too(db: PgPool) {
    let house = House::new(db).await;
    let user = house.stranger("ana").await;
    remember(&house, user, 400, "open").await;
    sqlx::query("update recommender.tip set expires_at = decided_at + interval '6 hours'")
        .execute(&house.db)
        .await
        .unwrap();
    house.privacy.forget_old().await.unwrap();
    assert_eq!(remembered(&house, user).await, (vec![], [0; 4]));
}
