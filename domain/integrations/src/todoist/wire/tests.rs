use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn full() -> Value {
    json!({
        "id": "6Xd2aaaa", "content": "**Call** [Ann](tel:1)", "description": "not kept",
        "checked": false, "is_deleted": false, "labels": ["phone", "\u{200b}"], "priority": 4,
        "due": {"date": "2026-11-21T09:00:00Z", "timezone": "Europe/Berlin", "is_recurring": true,
                "string": "every day", "lang": "en"},
        "deadline": {"date": "2026-12-01", "lang": "en"},
        "duration": {"amount": 45, "unit": "minute"},
        "project_id": "6Xd2bbbb", "added_at": "2026-11-01T08:00:00.123456Z",
        "updated_at": "2026-11-02T08:00:00Z", "child_order": 3, "day_order": -1
    })
}

fn read(task: &Value) -> Option<task::Task> {
    serde_json::from_value::<Task>(task.clone()).unwrap().read()
}

fn with(field: &str, value: Value) -> Value {
    let mut task = full();
    task[field] = value;
    task
}

#[test]
fn reads_a_task() {
    let task = read(&full()).unwrap();
    assert_eq!(task.id, "6Xd2aaaa");
    assert_eq!(task.content, "Call Ann");
    assert_eq!(task.priority, 4);
    let when = When::Fixed("2026-11-21T09:00:00Z".parse().unwrap());
    assert_eq!(task.due, Some(Due { when, recurring: true }));
    assert_eq!(task.deadline, Some(jiff::civil::date(2026, 12, 1)));
    assert_eq!(task.duration_minutes, Some(45));
    assert_eq!(task.added_at, "2026-11-01T08:00:00.123456Z".parse().ok());
}

#[test]
fn reads_every_kind_of_date() {
    let when =
        |date: &str| read(&with("due", json!({"date": date}))).unwrap().due.map(|due| due.when);
    let day = jiff::civil::date(2026, 11, 21);
    assert_eq!(when("2026-11-21"), Some(When::Day(day)));
    assert_eq!(when("2026-11-21T12:00:00"), Some(When::Floating(day.at(12, 0, 0, 0))));
    assert_eq!(when("2026-11-21T12:00:00.000000"), Some(When::Floating(day.at(12, 0, 0, 0))));
    let fixed = |text: &str| Some(When::Fixed(text.parse().unwrap()));
    assert_eq!(when("2026-11-21T12:00:00Z"), fixed("2026-11-21T12:00:00Z"));
    assert_eq!(when("2026-11-21T12:00:00+01:00"), fixed("2026-11-21T11:00:00Z"));
    assert_eq!(when("someday"), None);
    assert_eq!(when("2026-02-30"), None);
}

#[test]
fn leaves_out_what_cannot_become_a_tip() {
    for (field, value) in [
        ("checked", json!(true)),
        ("is_deleted", json!(true)),
        ("content", json!(" \u{200b} ")),
        ("content", json!("* A heading")),
        ("id", json!("")),
        ("id", json!("../../user")),
        ("id", json!("a".repeat(65))),
    ] {
        assert_eq!(read(&with(field, value.clone())), None, "{field} {value}");
    }
}

#[test]
fn takes_little_for_enough_and_bounds_the_rest() {
    let task = read(&json!({"id": "1", "content": "x"})).unwrap();
    assert_eq!((task.priority, task.due, task.duration_minutes), (1, None, None));
    assert_eq!(read(&with("priority", json!(-9))).unwrap().priority, 1);
    assert_eq!(read(&with("priority", json!(99))).unwrap().priority, 4);
    let minutes = |amount: i64, unit: &str| {
        read(&with("duration", json!({"amount": amount, "unit": unit}))).unwrap().duration_minutes
    };
    assert_eq!(minutes(2, "day"), Some(2_880));
    assert_eq!(minutes(0, "minute"), None);
    assert_eq!(minutes(i64::MAX, "day"), None);
    assert_eq!(minutes(4_000_000_000, "day"), None);
    assert_eq!(minutes(1, "week"), None);
}

#[test]
fn a_page_holds_no_more_than_was_asked_for() {
    let page = |count: usize| {
        let page = json!({"results": vec![full(); count], "next_cursor": "abc"}).to_string();
        serde_json::from_str::<Page>(&page).map(Page::read)
    };
    let full = page(200).unwrap().unwrap();
    assert_eq!((full.tasks.len(), full.next.as_deref()), (200, Some("abc")));
    assert!(page(201).is_err());

    let cursor = "c".repeat(MAX_CURSOR + 1);
    let page = json!({"results": [], "next_cursor": cursor}).to_string();
    assert!(serde_json::from_str::<Page>(&page).unwrap().read().is_none());
}

/// JSON of any shape, with names that matter.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,20}".prop_map(Value::from),
        Just(Value::from("2026-11-21T12:00:00Z")),
    ];
    let name = prop_oneof![
        Just("results".to_owned()),
        Just("id".to_owned()),
        Just("content".to_owned()),
        Just("due".to_owned()),
        Just("date".to_owned()),
        Just("duration".to_owned()),
        Just("next_cursor".to_owned()),
        "[a-z]{1,8}",
    ];
    leaf.prop_recursive(5, 64, 8, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            proptest::collection::btree_map(name.clone(), inner, 0..8)
                .prop_map(|map| map.into_iter().collect::<Value>()),
        ]
    })
}

/// What holds of a page, whatever it was read from.
fn is_fit_for_use(page: &client::Page) -> bool {
    page.tasks.len() <= MAX_PAGE
        && page.next.as_ref().is_none_or(|cursor| cursor.len() <= MAX_CURSOR)
        && page.tasks.iter().all(is_fit_for_a_tip)
}

fn is_fit_for_a_tip(task: &task::Task) -> bool {
    is_id(&task.id)
        && !task.content.is_empty()
        && task.content.chars().count() <= title::MAX_CHARS
        && (1..=4).contains(&task.priority)
        && task.duration_minutes != Some(0)
}

proptest! {
    /// What hangs on a task may be anything: the task is there all the same, or the answer is none.
    #[test]
    fn fuzz_todoist_json(due in any_json(), duration in any_json(), deadline in any_json(),
                         priority in any_json(), page in any_json()) {
        let hanging =
            [("due", due), ("duration", duration), ("deadline", deadline), ("priority", priority)];
        for (field, value) in hanging {
            if let Ok(task) = serde_json::from_value::<Task>(with(field, value)) {
                prop_assert!(task.read().is_some_and(|task| is_fit_for_a_tip(&task)));
            }
        }
        if let Ok(Some(page)) = serde_json::from_value::<Page>(page).map(Page::read) {
            prop_assert!(is_fit_for_use(&page));
        }
    }

    /// An answer that was changed, cut off or made up.
    #[test]
    fn fuzz_todoist_bytes(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
                          end in any::<prop::sample::Index>(),
                          noise in proptest::collection::vec(any::<u8>(), 0..64)) {
        let mut bytes = json!({"results": [full(), full()], "next_cursor": "abc"}).to_string().into_bytes();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(end.index(2 * bytes.len()));
        for bytes in [&bytes, &noise] {
            if let Ok(Some(page)) = serde_json::from_slice::<Page>(bytes).map(Page::read) {
                prop_assert!(is_fit_for_use(&page));
            }
        }
    }

    #[test]
    fn fuzz_todoist_text(id in ".*", content in ".*", date in ".*", unit in ".*") {
        let task = json!({"id": id, "content": content, "due": {"date": date},
                          "deadline": {"date": date}, "duration": {"amount": 1, "unit": unit},
                          "added_at": date, "updated_at": date});
        prop_assert!(read(&task).is_none_or(|task| is_fit_for_a_tip(&task)));
    }
}
