//! How long it takes to think of those whose time has come: 500 of 100,000 people, all of whom could be spoken to. The
//! target is one second. It wants an empty Postgres at `DATABASE_URL`.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a bench prints, and fails by panicking"
)]

use std::time::Instant;

use chrono::TimeDelta;
use kernel::{UserId, db};
use sqlx::{Executor, PgPool};

#[expect(dead_code, reason = "it is the tests'")]
#[path = "../tests/it/house.rs"]
mod house;
#[expect(dead_code, reason = "it is the tests'")]
#[path = "../tests/it/letter.rs"]
mod letter;

use house::{House, OFTEN};

const PEOPLE: i64 = 100_000;
const DUE: usize = 500;
const TICKS: usize = 5;

/// As many people as there are to be, who allow everything and have a browser; only their time has not come.
const CROWD: [&str; 5] = [
    "insert into auth.user (user_id, created_at)
     select gen_random_uuid(), now() from generate_series(1, $1::bigint)",
    "insert into profile.consent (user_id, consent, decided_at, version, given)
     select user_id, consent, now(), version, true
     from auth.user
     cross join (select distinct consent, version from profile.consent) as given
     where $1::bigint > 0
     on conflict do nothing",
    "insert into profile.preference (user_id, quiet_from, quiet_until, most_a_day, updated_at)
     select user_id, '00:00', '00:00', 10, now() from auth.user where $1::bigint > 0
     on conflict do nothing",
    "insert into notifier.subscription (user_id, subscription_id, channel, endpoint, reach, name, rhythm,
                                        made_at, seen_at, confirmed_at)
     select user_id, gen_random_uuid(), 'push', user_id::text::bytea, '\\x00', 'Firefox on Linux', 'each',
            now(), now(), now()
     from auth.user where $1::bigint > 0",
    "insert into notifier.watch (user_id, next_at)
     select user_id, timestamptz '2100-01-01' from auth.user where $1::bigint > 0
     on conflict do nothing",
];

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let url = std::env::var("DATABASE_URL").expect("a database");
    let db = db::connect(&url, 10).await.unwrap();
    db::MIGRATOR.run(&db).await.unwrap();
    let house = House::new(db.clone()).await;
    house.person(OFTEN).await;
    for statement in CROWD {
        sqlx::query(statement).bind(PEOPLE).execute(&db).await.unwrap();
    }
    db.execute("analyze").await.unwrap();

    let due: Vec<UserId> = people(&db).await;
    let mut times = Vec::new();
    for _ in 0..TICKS {
        house.clock.advance(TimeDelta::hours(1));
        let wake = "update notifier.watch set next_at = $1 where user_id = any($2)";
        let ids: Vec<_> = due.iter().map(|user| user.uuid()).collect();
        sqlx::query(wake).bind(house.now()).bind(ids).execute(&db).await.unwrap();
        let start = Instant::now();
        let ticked = house.notifier.tick().await.unwrap();
        times.push(start.elapsed().as_secs_f64());
        assert_eq!(ticked.thought, DUE);
    }
    times.sort_by(f64::total_cmp);
    let (median, worst) = (times[TICKS / 2], times[TICKS - 1]);
    println!("tick: {DUE} of {PEOPLE} people: median {median:.2} s, worst {worst:.2} s");
}

/// Some of the crowd.
async fn people(db: &PgPool) -> Vec<UserId> {
    let most = i64::try_from(DUE).unwrap();
    let ids = sqlx::query_scalar("select user_id from notifier.watch limit $1").bind(most);
    ids.fetch_all(db).await.unwrap().into_iter().map(UserId).collect()
}
