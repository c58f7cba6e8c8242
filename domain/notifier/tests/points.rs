//! Decision points, and what is known of them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use chrono::TimeDelta;
use jiff::civil::{Time, Weekday};
use kernel::{TimeZone, Timestamp, UserId};
use notifier::points::{Push, Recently, ahead, next};
use profile::{DaysOff, Hours};
use uuid::Uuid;

fn at(moment: &str) -> Timestamp {
    moment.parse().unwrap()
}

fn berlin() -> TimeZone {
    "Europe/Berlin".parse().unwrap()
}

#[test]
fn everybody_has_their_own_minute_and_keeps_it() {
    let mut minutes = std::collections::BTreeSet::new();
    for person in 0..600 {
        let user = UserId(Uuid::from_u128(person * 0x9e37_79b9_7f4a_7c15));
        let mut point = next(user, at("2026-06-06T09:00:00Z"));
        minutes.insert((point.timestamp() % 1_200) / 60);
        for _ in 0..10 {
            let following = next(user, point);
            assert_eq!(following - point, TimeDelta::minutes(20));
            assert_eq!(next(user, following - TimeDelta::microseconds(1)), following);
            point = following;
        }
    }
    assert_eq!(minutes.len(), 20);
}

#[test]
fn what_is_left_of_a_day_ends_with_its_open_hours() {
    let hours = Hours::default();
    // Saturday, noon by the clock of Berlin; quiet from nine.
    let noon = at("2026-06-06T10:00:00Z");
    let moments = ahead(&hours, &berlin(), noon, &Recently::default());
    assert_eq!(moments.len(), 27);
    assert!((moments[0].hour - 12.0).abs() < 1e-9 && moments[0].is_weekend);
    assert!((moments[0].left - 540.0).abs() < 1e-9 && (moments[26].left - 20.0).abs() < 1e-9);
    assert!(moments[0].since_push.is_none() && moments[0].most_a_day == 3);

    assert!(ahead(&hours, &berlin(), at("2026-06-06T20:00:00Z"), &Recently::default()).is_empty());
    let saturdays = Hours { days_off: DaysOff::default().with(Weekday::Saturday), ..hours };
    assert!(ahead(&saturdays, &berlin(), noon, &Recently::default()).is_empty());
    // Who works at night and sleeps from ten to six in the afternoon has two open spans a day; who wants no quiet, midnight.
    let time = |hour| Time::constant(hour, 0, 0, 0);
    let nights = Hours { quiet_from: time(10), quiet_until: time(18), ..hours };
    let moments = ahead(&nights, &berlin(), at("2026-06-06T07:00:00Z"), &Recently::default());
    assert_eq!(moments.iter().filter(|moment| moment.hour < 10.0).count(), 3);
    assert_eq!(moments.iter().filter(|moment| moment.hour >= 18.0).count(), 18);
    assert_eq!(moments.len(), 21);
    let always = Hours { quiet_from: time(8), ..hours };
    let moments = ahead(&always, &berlin(), noon, &Recently::default());
    assert_eq!(moments.len(), 36);
}

#[test]
fn what_was_done_of_late_is_told_as_it_will_be_then() {
    let now = at("2026-06-06T10:00:00Z");
    let ago = |hours| now - TimeDelta::hours(hours);
    let push = |hours, answered| Push { at: ago(hours), answered };
    let recently = Recently {
        pushes: vec![
            push(24 * 8, Some(true)),
            push(24, Some(false)),
            push(2, Some(true)),
            push(0, None),
            // What has not been yet is not known.
            push(-1, None),
        ],
        reaction: Some(ago(3)),
    };
    let moments = ahead(&Hours::default(), &berlin(), now, &recently);
    let (first, later) = (moments[0], moments[3]);
    assert_eq!((first.today, first.since_push, first.since_reaction), (2, Some(0.0), Some(3.0)));
    assert!(!first.is_free() && later.is_free());
    assert_eq!((later.since_push, later.since_reaction), (Some(1.0), Some(4.0)));
    assert!((first.answered - 0.5).abs() < 1e-9);
    let dose = (0.5 + 0.5_f64.powf(2.0 / 24.0) + 1.0) / 3.0;
    assert!((first.dose - dose).abs() < 1e-9 && later.dose < first.dose);
}
