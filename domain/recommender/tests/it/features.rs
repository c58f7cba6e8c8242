//! What is known of a candidate.

use advice::Library;
use chrono::TimeDelta;
use integrations::{Due, Task, When};
use recommender::features::{Features, Moment};

use crate::house::{MONDAY, at};

fn moment(zone: &str) -> Moment {
    Moment::new(at(MONDAY), zone.parse().unwrap())
}

fn task() -> Task {
    Task {
        id: "1".to_owned(),
        content: "Send the letter".to_owned(),
        priority: 1,
        due: None,
        deadline: None,
        duration_minutes: None,
        labels: Vec::new(),
        project: None,
        added_at: Some(at(MONDAY) - TimeDelta::days(2)),
        updated_at: None,
    }
}

fn day(date: &str) -> Due {
    Due { when: When::Day(date.parse().unwrap()), recurring: false }
}

fn floating(time: &str) -> Due {
    Due { when: When::Floating(time.parse().unwrap()), recurring: false }
}

fn added(days: i64) -> kernel::Timestamp {
    at(MONDAY) - TimeDelta::days(days)
}

#[test]
fn a_task_is_of_one_kind() {
    let every_month = Due { when: When::Day("2026-12-23".parse().unwrap()), recurring: true };
    let table = [
        ("someday", task()),
        ("overdue", Task { due: Some(day("2026-11-22")), ..task() }),
        ("overdue", Task { due: Some(floating("2026-11-23T08:59:00")), ..task() }),
        ("overdue", Task { due: Some(day("2020-01-01")), priority: 4, ..task() }),
        ("overdue", Task { deadline: Some("2026-11-22".parse().unwrap()), ..task() }),
        ("due_today", Task { due: Some(day("2026-11-23")), ..task() }),
        ("due_today", Task { due: Some(floating("2026-11-23T09:01:00")), ..task() }),
        ("due_today", Task { deadline: Some("2026-11-23".parse().unwrap()), ..task() }),
        ("due_soon", Task { due: Some(day("2026-11-24")), ..task() }),
        ("due_soon", Task { due: Some(day("2026-11-26")), priority: 4, ..task() }),
        ("someday", Task { due: Some(day("2026-11-27")), ..task() }),
        ("urgent", Task { due: Some(day("2026-11-27")), priority: 4, ..task() }),
        ("urgent", Task { priority: 4, duration_minutes: Some(5), ..task() }),
        ("quick", Task { duration_minutes: Some(15), ..task() }),
        ("someday", Task { duration_minutes: Some(16), priority: 3, ..task() }),
        ("recurring", Task { due: Some(every_month), ..task() }),
        ("stale", Task { added_at: Some(added(31)), ..task() }),
        ("someday", Task { added_at: Some(added(30)), ..task() }),
        ("someday", Task { added_at: Some(added(400)), due: Some(day("2027-11-23")), ..task() }),
        ("someday", Task { added_at: None, ..task() }),
    ];
    for (kind, task) in table {
        let features = Features::of_task(&task, &moment("UTC"));
        assert_eq!(features.kind, kind, "{:?} {:?} {}", task.due, task.deadline, task.priority);
        assert_eq!(features.arm(), format!("todoist/{kind}/morning"));
    }
}

#[test]
fn a_day_is_that_of_the_person() {
    let fixed = When::Fixed(at("2026-11-23T20:00:00Z"));
    let task = Task { due: Some(Due { when: fixed, recurring: false }), ..task() };
    let features = |zone| Features::of_task(&task, &moment(zone));
    let (here, there) = (features("UTC"), features("Australia/Sydney"));
    assert_eq!((here.due_in_days, here.kind.as_str()), (Some(0), "due_today"));
    assert_eq!((there.due_in_days, there.kind.as_str()), (Some(1), "due_soon"));
    assert_eq!((here.due_in_hours, there.due_in_hours), (Some(11.0), Some(11.0)));
    assert_eq!((here.weekday, there.weekday), (1, 1));
    assert_eq!(there.arm(), "todoist/due_soon/evening");
}

#[test]
fn advice_has_the_arm_of_its_kind() {
    let library = Library::shipped().unwrap();
    for advice in library.iter() {
        let features = Features::of_advice(advice, &moment("Australia/Sydney"));
        assert_eq!(features.arm(), format!("library/{}/evening", advice.kind.as_str()));
        assert_eq!(features.minutes, Some(u32::from(advice.minutes)));
        assert_eq!(usize::from(features.length), advice.text.chars().count());
    }
}

#[test]
fn features_hold_no_words() {
    let features =
        Features::of_task(&Task { due: Some(day("2026-11-24")), ..task() }, &moment("UTC"));
    assert!(!format!("{features:?}").contains("letter"));
    assert_eq!(features.length, 15);
}
