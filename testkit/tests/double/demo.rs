use std::collections::BTreeSet;

use kernel::TimeZone;
use testkit::todoist::{Task, demo_tasks};

use crate::{NOON, start};

#[tokio::test]
async fn the_demo_is_an_ordinary_week() {
    let (double, _, client) = start().await;
    let (handle, account) = (double.handle(), double.handle().account());
    let ids = handle.set_demo_tasks(&account);
    assert!((38..=45).contains(&ids.len()));

    let tasks = handle.tasks(&account);
    let count = |fits: fn(&Task) -> bool| tasks.iter().filter(|task| fits(task)).count();
    let due = |task: &Task| task.due.clone().map(|due| due.date[..10].to_owned());
    assert!(
        tasks
            .iter()
            .filter(|task| due(task).as_deref() < Some("2026-11-21") && task.due.is_some())
            .count()
            >= 5
    );
    assert!(tasks.iter().filter(|task| due(task).as_deref() == Some("2026-11-21")).count() >= 4);
    assert!(count(|task| task.due.as_ref().is_some_and(|due| due.date.contains('T'))) >= 3);
    assert!(count(|task| task.due.as_ref().is_some_and(|due| due.is_recurring)) >= 8);
    assert!(count(|task| task.due.is_none()) >= 5);
    assert!(count(|task| task.duration.is_some()) >= 30);
    assert!(count(|task| task.content.chars().count() > 80) >= 2);
    assert!(count(|task| !task.content.is_ascii()) >= 1);
    assert_eq!(tasks.iter().map(|task| task.priority).collect::<BTreeSet<_>>().len(), 4);
    assert_eq!(tasks.iter().map(|task| &task.content).collect::<BTreeSet<_>>().len(), tasks.len());

    let (_, projects) = client.get("/api/v1/projects").await;
    assert!(projects["results"].as_array().unwrap().len() >= 7);
    // Every repetition is in words that the double understands.
    for task in tasks.iter().filter(|task| task.due.as_ref().is_some_and(|due| due.is_recurring)) {
        assert!(handle.complete(&account, &task.id));
        let closed = handle.task(&account, &task.id).unwrap();
        assert!(!closed.checked, "{}", task.content);
        assert!(closed.due.unwrap().date.as_str() > "2026-11-21", "{}", task.content);
    }
}

#[test]
fn today_is_the_persons_own() {
    let now = NOON.parse().unwrap();
    let first = |zone: &str| {
        let zone: TimeZone = zone.parse().unwrap();
        let tasks = demo_tasks(now, &zone);
        tasks
            .into_iter()
            .find(|task| task.content.starts_with("Pick up"))
            .unwrap()
            .due
            .unwrap()
            .date
    };
    assert_eq!(first("UTC"), "2026-11-21T18:30:00");
    assert_eq!(first("Pacific/Kiritimati"), "2026-11-22T18:30:00");
}
