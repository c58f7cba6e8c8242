use std::collections::BTreeSet;

use serde_json::{Value, json};
use testkit::todoist::{Due, Edit, NewTask};

use crate::start;

#[tokio::test]
async fn cursors_lead_to_the_end() {
    let (double, _, client) = start().await;
    let handle = double.handle();
    let ids = handle.add_synthetic(&handle.account(), 451, "canary");
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 451);

    let (mut seen, mut cursor, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let (status, page) = client.get(&format!("/api/v1/tasks?limit=200&cursor={cursor}")).await;
        assert_eq!(status, 200);
        for task in page["results"].as_array().unwrap() {
            seen.push(task["id"].as_str().unwrap().to_owned());
            assert!(task["content"].as_str().unwrap().contains("canary"));
        }
        pages += 1;
        // What is deleted in between shifts nothing.
        handle.delete(&handle.account(), &seen[0]);
        let Some(next) = page["next_cursor"].as_str() else { break };
        next.clone_into(&mut cursor);
    }
    assert_eq!((pages, seen), (3, ids));
    assert_eq!(client.get("/api/v1/tasks").await.1["results"].as_array().unwrap().len(), 50);
}

#[tokio::test]
async fn wrong_requests_are_told_so() {
    let (double, _, client) = start().await;
    let handle = double.handle();
    handle.add_synthetic(&handle.account(), 3, "a");
    let cursor = client.get("/api/v1/tasks?limit=1").await.1["next_cursor"].clone();
    let foreign = format!("/api/v1/tasks?label=x&cursor={}", cursor.as_str().unwrap());
    for path in [
        "/api/v1/tasks?limit=0",
        "/api/v1/tasks?limit=201",
        "/api/v1/tasks?limit=ten",
        "/api/v1/tasks?cursor=nonsense",
        "/api/v1/tasks/filter",
        &foreign,
    ] {
        let (status, error) = client.get(path).await;
        assert_eq!((status, &error["http_code"]), (400, &json!(400)), "{path}");
    }
    let (status, error) = client.get("/api/v1/tasks/none").await;
    assert_eq!(
        (status, &error["error_code"], &error["error_tag"]),
        (404, &json!(478), &json!("NOT_FOUND"))
    );
    assert_eq!(client.get("/rest/v2/tasks").await.0, 410);
    assert_eq!(client.get("/sync/v9/sync").await.0, 410);
    assert_eq!(client.get("/api/v1/nothing").await.0, 404);
    assert_eq!(client.post("/api/v1/tasks", &json!({})).await.0, 400);

    let answer = client.with_token("unknown").raw("GET", "/api/v1/tasks", None).await.unwrap();
    assert_eq!(answer.status.as_u16(), 401);
    assert!(answer.headers.contains_key("www-authenticate"));
}

#[tokio::test]
async fn a_task_lives() {
    let (double, _, client) = start().await;
    let task = json!({ "content": "Sing", "priority": 4, "labels": ["loud"], "due_string": "tomorrow at 18:00",
        "duration": 20, "duration_unit": "minute" });
    let (status, task) = client.post("/api/v1/tasks", &task).await;
    assert_eq!(status, 200);
    assert_eq!(task["due"]["date"], "2026-11-22T18:00:00");
    assert_eq!(task["duration"], json!({ "amount": 20, "unit": "minute" }));
    let path = format!("/api/v1/tasks/{}", task["id"].as_str().unwrap());

    let (_, changed) =
        client.post(&path, &json!({ "content": "Hum", "due_string": "no date" })).await;
    assert_eq!((&changed["content"], &changed["due"]), (&json!("Hum"), &Value::Null));
    assert_eq!(changed["priority"], 4);

    assert_eq!(client.post(&format!("{path}/close"), &json!({})).await.0, 204);
    assert_eq!(client.get("/api/v1/tasks").await.1["results"], json!([]));
    assert_eq!(client.get(&path).await.1["checked"], true);
    let span = "/api/v1/tasks/completed/by_completion_date?since=2026-11-21T00:00:00Z&until=2026-11-22T00:00:00Z";
    assert_eq!(client.get(span).await.1["items"][0]["content"], "Hum");

    assert_eq!(client.post(&format!("{path}/reopen"), &json!({})).await.0, 204);
    assert_eq!(client.get("/api/v1/tasks?label=loud").await.1["results"][0]["checked"], false);
    let gone = client.raw("DELETE", &path, None).await.unwrap();
    assert_eq!(gone.status.as_u16(), 204);
    assert_eq!(client.get(&path).await.0, 404);
    assert_eq!(double.handle().count("POST", "/close"), 1);
}

#[tokio::test]
async fn closing_a_recurring_task_moves_its_date_on() {
    let (double, _, client) = start().await;
    let (handle, account) = (double.handle(), double.handle().account());
    // Noon of Saturday, 21 November 2026.
    let cases = [
        ("every day", "2026-11-21", "2026-11-22"),
        ("every day", "2026-11-11", "2026-11-22"),
        ("every day", "2026-11-25", "2026-11-26"),
        ("every day at 07:30", "2026-11-21T07:30:00", "2026-11-22T07:30:00"),
        ("every 3 days", "2026-11-20", "2026-11-23"),
        ("every! 3 days", "2026-11-10", "2026-11-24"),
        ("every monday", "2026-11-16", "2026-11-23"),
        ("every workday", "2026-11-20", "2026-11-23"),
        ("every 2 weeks", "2026-11-20", "2026-12-04"),
        ("every month", "2026-10-31", "2026-11-30"),
        ("every year", "2026-11-21", "2027-11-21"),
    ];
    for (words, before, after) in cases {
        let due = Some(Due::repeating(before, words));
        let ids = handle.set_tasks(&account, vec![NewTask { due, ..NewTask::titled(words) }]);
        let path = format!("/api/v1/tasks/{}", ids[0]);
        assert_eq!(client.post(&format!("{path}/close"), &json!({})).await.0, 204);
        let (_, task) = client.get(&path).await;
        assert_eq!(
            (&task["due"]["date"], &task["checked"]),
            (&json!(after), &json!(false)),
            "{words}"
        );
        assert_eq!(task["due"]["is_recurring"], true);

        // How a client takes it back.
        let back = json!({ "due_string": words, "due_date": before });
        assert_eq!(client.post(&path, &back).await.1["due"]["date"], before);
    }
}

#[tokio::test]
async fn a_date_in_utc_keeps_its_wall_clock_over_the_change_of_the_hour() {
    let (double, clock, client) = start().await;
    let (handle, account) = (double.handle(), double.handle().account());
    clock.set("2026-10-24T12:00:00Z".parse().unwrap());
    let timezone = Some("Europe/Berlin".into());
    let due = Due { timezone, ..Due::repeating("2026-10-24T16:00:00Z", "every day at 18:00") };
    let ids = handle.set_tasks(&account, vec![NewTask { due: Some(due), ..NewTask::titled("a") }]);
    client.post(&format!("/api/v1/tasks/{}/close", ids[0]), &json!({})).await;
    assert_eq!(handle.task(&account, &ids[0]).unwrap().due.unwrap().date, "2026-10-25T17:00:00Z");
}

#[tokio::test]
async fn filters_find() {
    let (double, _, client) = start().await;
    let (handle, account) = (double.handle(), double.handle().account());
    let task = |title: &str, date: Option<&str>, priority| NewTask {
        due: date.map(Due::on),
        priority,
        ..NewTask::titled(title)
    };
    let tasks = vec![
        task("late", Some("2026-11-20"), 4),
        task("now", Some("2026-11-21T23:00:00"), 1),
        NewTask { labels: vec!["home".into()], ..task("free", None, 1) },
    ];
    handle.set_tasks(&account, tasks);
    let cases = [
        ("today", "now"),
        ("overdue", "late"),
        ("no date", "free"),
        ("today | overdue", "late,now"),
        ("(today | overdue) & p1", "late"),
        ("!@home", "late,now"),
        ("search: REE", "free"),
        ("#Inbox & 3 days", "now"),
    ];
    for (query, expected) in cases {
        let query: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
        let (_, page) = client.get(&format!("/api/v1/tasks/filter?query={query}")).await;
        let titles: Vec<_> = page["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|task| task["content"].as_str().unwrap())
            .collect();
        assert_eq!(titles.join(","), expected, "{query}");
    }
    assert_eq!(client.get("/api/v1/tasks/filter?query=what%20else").await.0, 400);
}

#[tokio::test]
async fn the_person_changes_things_elsewhere() {
    let (double, _, client) = start().await;
    let (handle, account) = (double.handle(), double.handle().account());
    let ids = handle.set_tasks(&account, vec![NewTask::titled("a"), NewTask::titled("b")]);
    let due = Some(Some(Due::on("2026-12-01")));
    assert!(handle.edit(
        &account,
        &ids[0],
        Edit { content: Some("A".into()), due, ..Edit::default() }
    ));
    let path = format!("/_double/accounts/first/tasks/{}", ids[0]);
    let edit = json!({ "due": null, "priority": 3 });
    assert_eq!(client.raw("PATCH", &path, Some(&edit)).await.unwrap().status.as_u16(), 204);
    let (_, task) = client.get(&format!("/api/v1/tasks/{}", ids[0])).await;
    assert_eq!(
        (&task["content"], &task["priority"], &task["due"]),
        (&json!("A"), &json!(3), &Value::Null)
    );

    assert!(handle.complete(&account, &ids[0]) && handle.delete(&account, &ids[1]));
    assert!(!handle.delete(&account, &ids[1]));
    assert_eq!(client.get("/api/v1/tasks").await.1["results"], json!([]));
}
