//! Whether oO speaks up.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use jiff::civil::{Weekday, time};
use kernel::TimeZone;
use notifier::Verdict;
use profile::{Consent, DaysOff, Hours};
use recommender::Reaction;
use sqlx::PgPool;

use crate::house::{House, OFTEN, at};

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn oo_speaks_of_the_open_tip_and_once(db: PgPool) {
    let house = House::new(db).await;
    let user = house.person(OFTEN).await;
    let device = house.device(user).await;
    house.until_it_speaks(user).await;
    assert_eq!(house.notifier.deliver_pushes().await.unwrap(), 1);

    let told = house.received(&device);
    assert_eq!(told.len(), 1);
    let tip = house.tip(user).await;
    assert_eq!(told[0]["notification"]["title"], tip.text.as_str());
    assert_eq!(told[0]["notification"]["tag"], tip.id.to_string());
    assert_eq!(told[0]["oo"]["tip_id"], tip.id.to_string());

    // It goes on being open, and nothing more is said of it.
    for _ in 0..30 {
        house.clock.advance(TimeDelta::minutes(20));
        house.notifier.tick().await.unwrap();
        house.notifier.deliver_pushes().await.unwrap();
        if house.tip(user).await.id != tip.id {
            break;
        }
        assert_eq!(house.received(&device).len(), 1);
    }
    assert!(house.verdicts(user).await.contains(&Verdict::ToldAlready));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn without_a_device_or_a_consent_it_is_not_even_thought_of(db: PgPool) {
    let house = House::new(db).await;
    let user = house.person(OFTEN).await;
    house.notifier.reconsider(user).await.unwrap();
    assert_eq!(house.notifier.tick().await.unwrap().thought, 0);

    house.device(user).await;
    house.recommender.consent(user, &[(Consent::Notify, false)]).await.unwrap();
    assert_eq!(house.notifier.tick().await.unwrap().thought, 1);
    assert_eq!(house.verdicts(user).await, []);
    house.clock.advance(TimeDelta::days(1));
    assert_eq!(house.notifier.tick().await.unwrap().thought, 0, "nobody is watched any more");

    house.recommender.consent(user, &[(Consent::Notify, true)]).await.unwrap();
    house.notifier.reconsider(user).await.unwrap();
    house.until_it_speaks(user).await;

    let never = house.person(Hours { most_a_day: 0, ..OFTEN }).await;
    house.device(never).await;
    house.notifier.tick().await.unwrap();
    assert_eq!(house.verdicts(never).await, []);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn quiet_hours_are_by_the_persons_clock_and_no_burst_follows(db: PgPool) {
    let house = House::new(db).await;
    let hours = Hours { quiet_from: time(22, 0, 0, 0), quiet_until: time(8, 0, 0, 0), ..OFTEN };
    let user = house.person(hours).await;
    // Nine in the morning in UTC is ten at night there.
    let zone: TimeZone = "Pacific/Auckland".parse().unwrap();
    profile::choose_time_zone(&house.db, user, Some(&zone), house.now()).await.unwrap();
    let device = house.device(user).await;
    for _ in 0..29 {
        house.notifier.tick().await.unwrap();
        house.notifier.deliver_pushes().await.unwrap();
        house.clock.advance(TimeDelta::minutes(20));
    }
    assert_eq!(house.verdicts(user).await, [Verdict::QuietHours]);
    assert_eq!(house.received(&device).len(), 0);

    house.clock.set(at("2026-11-23T19:00:00Z"));
    house.notifier.tick().await.unwrap();
    assert_ne!(house.verdicts(user).await[0], Verdict::QuietHours);
    assert_eq!(house.verdicts(user).await.len(), 2, "one thought, however long the night was");

    let tuesday = DaysOff::NONE.with(Weekday::Tuesday);
    let off = Hours { days_off: tuesday, ..OFTEN };
    profile::keep_hours(&house.db, user, off, house.now()).await.unwrap();
    house.clock.advance(TimeDelta::minutes(20));
    house.notifier.tick().await.unwrap();
    assert_eq!(house.verdicts(user).await[0], Verdict::DayOff, "it is Tuesday there");
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn oo_is_quiet_for_those_who_are_here_or_have_just_answered(db: PgPool) {
    let house = House::new(db).await;
    let user = house.person(OFTEN).await;
    house.device(user).await;
    house.notifier.is_here(user).await.unwrap();
    house.notifier.tick().await.unwrap();
    assert_eq!(house.verdicts(user).await, [Verdict::IsHere]);

    let tip = house.tip(user).await;
    house.react(user, tip.id, Reaction::Dismiss).await;
    house.clock.advance(TimeDelta::minutes(20));
    house.notifier.tick().await.unwrap();
    assert_eq!(house.verdicts(user).await[0], Verdict::JustAnswered);
    house.clock.advance(TimeDelta::minutes(24));
    assert_eq!(house.notifier.tick().await.unwrap().thought, 0);
    house.until_it_speaks(user).await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn no_more_often_a_day_than_they_want(db: PgPool) {
    let house = House::new(db).await;
    let user = house.person(Hours { most_a_day: 1, ..OFTEN }).await;
    house.device(user).await;
    house.clock.set(at("2026-11-23T00:00:00Z"));
    for _ in 0..5 * 72 {
        house.notifier.tick().await.unwrap();
        if house.verdicts(user).await.first() == Some(&Verdict::Spoke) {
            // Answered at once, so that there is always something to say.
            let tip = house.tip(user).await;
            house.react(user, tip.id, Reaction::Dismiss).await;
        }
        house.clock.advance(TimeDelta::minutes(20));
    }
    let entries = house.notifier.recent(user, u16::MAX).await.unwrap();
    let mut days: BTreeMap<_, Vec<Verdict>> = BTreeMap::new();
    for entry in entries.iter().rev() {
        days.entry(entry.at.date_naive()).or_default().push(entry.verdict);
    }
    assert_eq!(days.len(), 5);
    for (day, verdicts) in &days {
        let spoke = verdicts.iter().filter(|verdict| **verdict == Verdict::Spoke).count();
        let enough = verdicts.iter().position(|verdict| *verdict == Verdict::EnoughToday);
        assert!(spoke <= 1, "{day}: {verdicts:?}");
        assert!(
            enough.is_none_or(|at| spoke == 1 && at + 1 == verdicts.len()),
            "{day}: {verdicts:?}"
        );
    }
    let is_enough = |verdicts: &Vec<Verdict>| verdicts.contains(&Verdict::EnoughToday);
    assert!(days.values().any(is_enough), "some day it was");
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_is_drawn_is_written_down_with_its_probability(db: PgPool) {
    let house = House::new(db).await;
    let user = house.person(Hours { most_a_day: 1, ..OFTEN }).await;
    house.device(user).await;
    for _ in 0..20 {
        house.notifier.tick().await.unwrap();
        house.clock.advance(TimeDelta::minutes(20));
    }
    let drawn: Vec<(String, Option<f64>)> = sqlx::query_as(
        "select verdict, probability from notifier.decision where user_id = $1 order by slot",
    )
    .bind(user.uuid())
    .fetch_all(&house.db)
    .await
    .unwrap();
    assert!(drawn.len() > 5, "{drawn:?}");
    for (verdict, probability) in drawn {
        // A word for which there was no tip is one that was drawn.
        let is_drawn = ["spoke", "drew_silence", "nothing"].contains(&verdict.as_str());
        assert_eq!(probability.is_some(), is_drawn, "{verdict}");
        assert!(probability.is_none_or(|it| 0.0 < it && it <= 0.8));
    }
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn two_servers_say_it_once(db: PgPool) {
    let house = House::new(db).await;
    let user = house.person(OFTEN).await;
    let device = house.device(user).await;
    let other = house.replica();
    for _ in 0..200 {
        let (one, two) = tokio::join!(house.notifier.tick(), other.tick());
        let thought = one.unwrap().thought + two.unwrap().thought;
        assert!(thought <= 1, "{thought}");
        let (one, two) = tokio::join!(house.notifier.deliver_pushes(), other.deliver_pushes());
        if one.unwrap() + two.unwrap() > 0 {
            break;
        }
        house.clock.advance(TimeDelta::minutes(20));
    }
    assert_eq!(house.received(&device).len(), 1);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn whoever_was_claimed_by_a_process_that_ended_is_thought_of_again(db: PgPool) {
    let house = House::new(db).await;
    let user = house.person(OFTEN).await;
    house.device(user).await;
    let claim = "update notifier.watch set next_at = $1 where user_id = $2";
    let soon = house.now() + TimeDelta::minutes(2);
    sqlx::query(claim).bind(soon).bind(user.uuid()).execute(&house.db).await.unwrap();
    assert_eq!(house.notifier.tick().await.unwrap().thought, 0);
    house.clock.advance(TimeDelta::minutes(2));
    assert_eq!(house.notifier.tick().await.unwrap().thought, 1);
}
