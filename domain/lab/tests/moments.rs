//! Choosers of moments are judged by the log.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use bandit::estimate::Estimator;
use chrono::TimeDelta;
use kernel::{Timestamp, UserId};
use lab::{
    LabError,
    moments::{Chooser, Moments},
};
use notifier::{
    past::Drawn,
    timing::{Choice, Outcome, Shadows},
};
use profile::Consent;
use rand::{RngExt, SeedableRng, rngs::ChaCha12Rng};
use serde_json::Value;
use sqlx::PgPool;
use uuid::Uuid;

fn now() -> Timestamp {
    Timestamp::from_timestamp(1_790_000_000, 0).unwrap_or_default()
}

/// The log of somebody who does what they are told of in the evening, and nothing else. Somebody else would have spoken in
/// the evening only.
fn life(days: i64, seed: u64) -> Vec<Drawn> {
    let mut rng = ChaCha12Rng::seed_from_u64(seed);
    let mut drawn = |n: i64| {
        let hour = [9.0, 12.0, 15.0, 18.0][usize::try_from(n % 4).unwrap()];
        let is_evening = hour > 17.0;
        let speak = rng.random_bool(0.25);
        let done = rng.random_bool(if speak && is_evening { 0.6 } else { 0.05 });
        Drawn {
            at: now() + TimeDelta::days(n / 4) + TimeDelta::hours(3 * (n % 4)),
            hour,
            choice: Choice { speak, probability: 0.25 },
            was_said: true,
            outcome: if done { Outcome::Done } else { Outcome::Nothing },
            shadows: [("fixed".to_owned(), f64::from(u8::from(is_evening)))].into(),
        }
    };
    (0..4 * days).map(&mut drawn).collect()
}

fn chooser<'a>(moments: &'a Moments, name: &str) -> &'a Chooser {
    moments.choosers.iter().find(|chooser| chooser.name == name).unwrap()
}

#[test]
fn whoever_speaks_at_the_right_hour_would_have_earned_more() {
    let moments = Moments::of((0..5).map(|seed| life(150, seed)).collect()).unwrap();
    assert_eq!((moments.people, moments.drawn), (5, 3_000));
    let (served, even, fixed) =
        (chooser(&moments, "served"), chooser(&moments, "even"), chooser(&moments, "fixed"));
    // An evening's word 0.6 · 1 − 0.4 · 0.05, other words 0.05 · 1 − 0.95 · 0.05, silence 0.05.
    let truth = 0.25 * 0.58 + 0.75 * 0.05;
    for (estimator, value, interval) in &fixed.worth {
        assert!(interval.contains(truth), "{estimator:?}: {value}, {interval:?}, {truth}");
        assert!(interval.high - interval.low < 0.1, "{interval:?}");
    }
    for ((estimator, value, interval), (_, best, _)) in served.worth.iter().zip(&fixed.worth) {
        let truth = 0.25 * (0.25 * 0.58 + 0.75 * 0.0025) + 0.75 * 0.05;
        assert!(interval.contains(truth), "{estimator:?}: {value}, {interval:?}, {truth}");
        assert!(best > &interval.high, "{estimator:?}");
    }
    let width = |it: Estimator| {
        let (.., interval) = fixed.worth.iter().find(|(estimator, ..)| *estimator == it).unwrap();
        interval.high - interval.low
    };
    assert!(width(Estimator::Dr) < width(Estimator::Ipw), "a model makes it more precise");

    assert!((fixed.a_day - served.a_day).abs() < 1e-9, "a quarter of the moments, both");
    let share = |chooser: &Chooser| chooser.answered.unwrap();
    assert!(share(fixed).1.contains(0.6) && share(served).1.contains(0.1875));
    assert!((share(served).0 - share(even).0).abs() < 1e-9);
    assert!(moments.choosers.iter().all(|chooser| chooser.name != "prior"), "it was not asked");

    let table = moments.table();
    assert!(table.starts_with("drawn 3000 times, for 5 people on "), "{table}");
    let json: Value = serde_json::from_str(&moments.json()).unwrap();
    assert_eq!(json["choosers"][0]["estimates"][2]["name"], "dr");
}

#[test]
fn few_moments_claim_nothing() {
    assert!(matches!(Moments::of(vec![Vec::new()]), Err(LabError::NothingDrawn)));
    let one = Drawn { shadows: Shadows::new(), ..life(1, 1).remove(0) };
    let moments = Moments::of(vec![vec![one]]).unwrap();
    assert!(moments.table().contains("(unknown)"), "{}", moments.table());
}

async fn person(db: &PgPool, id: u128) -> UserId {
    let user = UserId(Uuid::from_u128(id));
    sqlx::query("insert into auth.user (user_id, created_at) values ($1, $2)")
        .bind(user.uuid())
        .bind(now())
        .execute(db)
        .await
        .unwrap();
    profile::decide(db, user, &[(Consent::KeepHistory, true)], now()).await.unwrap();
    user
}

/// A decision that was drawn, `hours` from now.
async fn decide(db: &PgPool, user: UserId, hours: i64, verdict: &str, outcome: Option<&str>) {
    let at = now() + TimeDelta::hours(hours);
    sqlx::query(
        r#"insert into notifier.decision
               (user_id, slot, decided_at, verdict, probability, tip_id, rhythm, outcome, moment, shadows)
           values ($1, $2, $2, $3, 0.25, case when $3 = 'spoke' then gen_random_uuid() end,
                   case when $3 = 'spoke' then 'each' end, $4,
                   '{"hour": 9.5, "is_weekend": false, "since_reaction": null, "since_push": null,
                     "today": 0, "most_a_day": 3, "dose": 0, "answered": 0.5, "left": 600}',
                   '{"random": 0.1, "prior": 0.3}')"#,
    )
    .bind(user.uuid())
    .bind(at)
    .bind(verdict)
    .bind(outcome)
    .execute(db)
    .await
    .unwrap();
}

/// A push service took what was said `hours` from now, or not.
async fn deliver(db: &PgPool, user: UserId, hours: i64, state: &str) {
    let statement = "with device as (
             insert into notifier.subscription
                 (user_id, subscription_id, channel, endpoint, reach, name, rhythm, made_at, seen_at, confirmed_at)
             values ($1, gen_random_uuid(), 'push', gen_random_uuid()::text::bytea, '', '', 'each', $2, $2, $2)
             returning subscription_id
         )
         insert into notifier.delivery (user_id, slot, subscription_id, state, next_at)
         select $1, $2, subscription_id, $3, $2 from device";
    sqlx::query(statement)
        .bind(user.uuid())
        .bind(now() + TimeDelta::hours(hours))
        .bind(state)
        .execute(db)
        .await
        .unwrap();
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn the_log_has_those_who_let_their_history_be_kept(db: PgPool) {
    let (ana, ben) = (person(&db, 1).await, person(&db, 2).await);
    for user in [ana, ben] {
        decide(&db, user, 0, "drew_silence", Some("nothing")).await;
        decide(&db, user, 2, "spoke", Some("done")).await;
        deliver(&db, user, 2, "accepted").await;
        // Its hour is not over, and what nobody heard.
        decide(&db, user, 4, "drew_silence", None).await;
        decide(&db, user, 6, "spoke", Some("nothing")).await;
        deliver(&db, user, 6, "refused").await;
    }
    assert_eq!(lab::drawn(&db).await.unwrap().len(), 2);
    profile::decide(&db, ben, &[(Consent::KeepHistory, false)], now()).await.unwrap();
    let drawn = lab::drawn(&db).await.unwrap();
    assert_eq!(drawn.len(), 1, "Ben lets nothing be kept any more");
    let told: Vec<_> = drawn[0].iter().map(|it| (it.choice.speak, it.outcome)).collect();
    assert_eq!(told, [(false, Outcome::Nothing), (true, Outcome::Done)]);

    let moments = Moments::of(drawn).unwrap();
    assert_eq!((moments.people, moments.days, moments.drawn), (1, 1, 2));
    let names: Vec<_> = moments.choosers.iter().map(|chooser| chooser.name).collect();
    assert_eq!(names, ["served", "even", "random", "prior"]);

    sqlx::query("delete from auth.user where user_id = $1")
        .bind(ana.uuid())
        .execute(&db)
        .await
        .unwrap();
    assert!(lab::drawn(&db).await.unwrap().is_empty(), "whoever leaves takes it along");
}
