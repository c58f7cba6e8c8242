use jiff::civil::date;

use super::*;
use crate::task::Due;

fn now() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

fn task(id: &str) -> Task {
    Task {
        id: id.into(),
        content: id.into(),
        priority: 1,
        due: None,
        deadline: None,
        duration_minutes: None,
        labels: Vec::new(),
        project: None,
        added_at: None,
        updated_at: None,
    }
}

fn on(id: &str, when: When) -> Task {
    Task { due: Some(Due { when, recurring: false }), ..task(id) }
}

fn order(tasks: Vec<Task>) -> Vec<String> {
    let mut most_urgent = MostUrgent::new(now());
    for task in tasks {
        most_urgent.offer(task);
    }
    most_urgent.into_tasks().into_iter().map(|task| task.id).collect()
}

#[test]
fn the_overdue_come_first_then_today_then_the_rest() {
    let added = |id, at: &str| Task { added_at: Some(at.parse().unwrap()), ..task(id) };
    let tasks = vec![
        added("old", "2026-01-01T00:00:00Z"),
        Task { priority: 4, ..task("urgent") },
        on("next week", When::Day(date(2026, 11, 28))),
        added("new", "2026-11-20T00:00:00Z"),
        on("today", When::Day(date(2026, 11, 21))),
        on("yesterday", When::Day(date(2026, 11, 20))),
        Task { priority: 3, ..on("today, important", When::Day(date(2026, 11, 21))) },
        on("an hour ago", When::Fixed("2026-11-21T11:00:00Z".parse().unwrap())),
        on("in an hour", When::Floating(date(2026, 11, 21).at(13, 0, 0, 0))),
        Task { deadline: Some(date(2026, 11, 19)), ..task("deadline missed") },
        on("long ago", When::Day(date(2025, 1, 1))),
    ];
    assert_eq!(
        order(tasks),
        [
            "long ago",
            "deadline missed",
            "yesterday",
            "an hour ago",
            "today, important",
            "in an hour",
            "today",
            "urgent",
            "next week",
            "new",
            "old",
        ]
    );
}

#[test]
fn the_least_urgent_are_left_out() {
    let mut tasks: Vec<_> = (0..1_000).map(|number| task(&format!("{number:04}"))).collect();
    tasks.insert(500, on("overdue", When::Day(date(2026, 11, 1))));
    let kept = order(tasks);
    assert_eq!(kept.len(), CANDIDATES);
    assert_eq!(kept[0], "overdue");
    assert_eq!(kept[199], "0198");
}

#[test]
fn a_due_date_knows_when_it_is_over() {
    let berlin: TimeZone = "Europe/Berlin".parse().unwrap();
    let due = |when| Due { when, recurring: false };
    let moment = |text: &str| Some(text.parse::<Timestamp>().unwrap());

    let day = due(When::Day(date(2026, 11, 21)));
    assert_eq!(day.moment(&berlin), moment("2026-11-21T23:00:00Z"));
    assert_eq!(day.time(&berlin), None);
    assert!(!day.is_overdue(now(), &berlin));

    let floating = due(When::Floating(date(2026, 11, 21).at(12, 30, 0, 0)));
    assert_eq!(floating.moment(&berlin), moment("2026-11-21T11:30:00Z"));
    assert!(floating.is_overdue(now(), &berlin) && !floating.is_overdue(now(), &TimeZone::UTC));

    let fixed = due(When::Fixed("2026-11-21T23:30:00Z".parse().unwrap()));
    assert_eq!(fixed.date(&berlin), date(2026, 11, 22));
    assert_eq!(fixed.time(&berlin), Some(jiff::civil::time(0, 30, 0, 0)));

    assert_eq!(due(When::Day(Date::MAX)).moment(&berlin), None);
}
