//! An export holds everything, and no secret.

use std::{collections::BTreeSet, time::Duration};

use futures::{StreamExt, TryStreamExt};
use kernel::UserId;
use kernel::personal::{BY_USER_ID, Told};
use privacy::ExportError;
use serde_json::{Map, Value, json};
use sqlx::{AssertSqlSafe, PgPool};
use vault::Place;

use crate::support::House;

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn everything_that_is_told_is_in_it(db: PgPool) {
    let house = House::new(db).await;
    let (ana, bo) = (house.person("ana").await, house.person("bo").await);
    let export = house.export(ana).await;
    let text = export.to_string();

    for table in privacy::tables() {
        let told = &export["sections"][table.title]["rows"];
        let told = told.as_array().unwrap();
        // As the database would tell it, asked in another way.
        let stored = format!(
            "select to_jsonb(it) from {} it where {} order by {}",
            table.name, table.whose, table.order
        );
        let stored: Vec<Value> = sqlx::query_scalar(AssertSqlSafe(stored))
            .bind(ana.uuid())
            .fetch_all(&house.db)
            .await
            .unwrap();
        assert!(!stored.is_empty(), "{}: the test fills it", table.name);
        assert_eq!(told.len(), stored.len(), "{}", table.name);
        for column in table.columns {
            let what = format!("{}.{}", table.name, column.name);
            let is_filled = stored.iter().any(|stored| !stored[column.name].is_null());
            assert!(table.whose != BY_USER_ID || is_filled, "{what}: the test fills it");
            for (told, stored) in told.iter().zip(&stored) {
                let (told, stored) = (told.get(column.name), &stored[column.name]);
                match column.told {
                    Told::KeptBack(_) if stored.is_null() => assert_eq!(told, None, "{what}"),
                    _ if stored.is_null() => assert_eq!(told, Some(&Value::Null), "{what}"),
                    Told::AsIs => assert_eq!(told, Some(stored), "{what}"),
                    Told::Sealed { .. } => assert!(told.unwrap().is_string(), "{what}"),
                    Told::Decoded(_) => assert!(told.unwrap().is_object(), "{what}"),
                    Told::KeptBack(_) => {
                        assert_eq!(told, None, "{what}");
                        let secret = stored.as_str().unwrap().trim_start_matches("\\x");
                        assert!(!text.contains(secret), "{what}");
                    }
                }
            }
        }
    }
    assert!(!text.contains(&bo.to_string()) && !text.contains("\"bo\""), "another person's");
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn it_is_readable_and_in_its_published_form(db: PgPool) {
    let house = House::new(db).await;
    let ana = house.person("ana").await;
    let export = house.export(ana).await;
    conforms(&export, &privacy::schema(), "export");
    assert_eq!(export["schema"], json!({ "name": "oo-export", "version": 4 }));
    assert_eq!(export["person"], json!(ana));

    let sections = &export["sections"];
    let at = sections["account"]["rows"][0]["created_at"].as_str().unwrap();
    assert!(chrono::DateTime::parse_from_rfc3339(at).is_ok(), "{at}");
    assert_eq!(sections["tips"]["rows"][0]["features"], json!({ "canary_feature": 0.625 }));
    let happened: Vec<&Value> = sections["events"]["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| &event["payload"])
        .collect();
    let tip = "canary-event-tip";
    assert_eq!(
        happened,
        [
            &json!({
                "tip_id": tip, "candidate": "todoist:canary-event-candidate", "arm": "canary-event-arm",
                "policy": "canary-event-policy", "propensity": 0.515_625, "candidates": 7_919,
                "expires_at": "2027-01-15T08:00:00Z",
            }),
            &json!({
                "tip_id": tip, "reaction_id": "canary-event-reaction", "reaction": "snooze",
                "reward": 0.265_625, "rests_until": "2027-01-15T08:00:01Z", "closes_task": true,
            }),
            &json!({ "tip_id": tip, "reaction_id": "canary-event-undone" }),
            &json!({ "tip_id": tip, "cause": "task_gone" }),
            &json!({ "candidate": "todoist:canary-event-closed" }),
            &json!({ "candidate": "todoist:canary-event-reopened" }),
        ],
    );
    let kept_back = export["kept_back"].as_array().unwrap();
    let sealed = kept_back.iter().find(|it| it["what"] == "connections.access_sealed").unwrap();
    assert!(sealed["why"].as_str().unwrap().contains("sealed"));
}

/// As much of JSON Schema as ours uses.
fn conforms(value: &Value, schema: &Value, at: &str) {
    if let Some(expected) = schema.get("const") {
        assert_eq!(value, expected, "{at}");
    }
    match schema.get("type").and_then(Value::as_str) {
        Some("object") => {
            let value = value.as_object().unwrap_or_else(|| panic!("{at} is no object"));
            let properties = schema["properties"].as_object().unwrap();
            let keys = |of: &Map<String, Value>| of.keys().cloned().collect::<BTreeSet<_>>();
            assert_eq!(schema["additionalProperties"], json!(false), "{at}");
            assert_eq!(keys(value), keys(properties), "{at}");
            assert_eq!(schema["required"].as_array().unwrap().len(), properties.len(), "{at}");
            for (name, schema) in properties {
                conforms(&value[name], schema, &format!("{at}.{name}"));
            }
        }
        Some("array") => {
            for item in value.as_array().unwrap_or_else(|| panic!("{at} is no array")) {
                conforms(item, &schema["items"], &format!("{at}[]"));
            }
        }
        Some("string") => assert!(value.is_string(), "{at}"),
        Some(other) => panic!("{at}: {other}"),
        None => {}
    }
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn who_has_done_nothing_gets_a_document_too(db: PgPool) {
    let house = House::new(db).await;
    let user = house.stranger("bo").await;
    let export = house.export(user).await;
    conforms(&export, &privacy::schema(), "export");
    assert_eq!(export["sections"]["tips"]["rows"], json!([]));
    assert_eq!(export["sections"]["ways_in"]["rows"][0]["hint"], "bo…@ex…");
}

/// Writes so many events.
async fn live_long(house: &House, user: UserId, events: i32) {
    sqlx::query(
        "insert into events.event (user_id, event_id, kind, version, payload, occurred_at)
         select $1, gen_random_uuid(), 'task_closed', 1, '\\x0a0161', $2
         from generate_series(1, $3)",
    )
    .bind(user.uuid())
    .bind(house.now())
    .bind(events)
    .execute(&house.db)
    .await
    .unwrap();
}

/// A hundred thousand events: some twelve megabytes.
#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_long_history_streams(db: PgPool) {
    let house = House::new(db).await;
    let user = house.stranger("ana").await;
    live_long(&house, user, 100_000).await;

    let mut chunks = std::pin::pin!(house.privacy.export(user).await.unwrap());
    let (mut count, mut most, mut all) = (0, 0, Vec::new());
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.unwrap();
        count += 1;
        most = most.max(chunk.len());
        all.extend(chunk);
    }
    assert!(count > 100, "{count} chunks");
    assert!(most < 66 * 1024, "{most} bytes in one");
    let export: Value = serde_json::from_slice(&all).unwrap();
    assert_eq!(export["sections"]["events"]["rows"].as_array().unwrap().len(), 100_000);
}

/// More than fits into what is written ahead.
const LONG: i32 = 10_000;

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn it_is_of_one_moment(db: PgPool) {
    let house = House::new(db).await;
    let ana = house.stranger("ana").await;
    live_long(&house, ana, LONG).await;
    let begun = house.privacy.export(ana).await.unwrap();
    live_long(&house, ana, 1).await;
    house.privacy.erase(ana).await.unwrap();
    let document: Vec<u8> = begun.try_concat().await.unwrap();
    let export: Value = serde_json::from_slice(&document).unwrap();
    let told = export["sections"]["events"]["rows"].as_array().unwrap().len();
    assert_eq!(told, usize::try_from(LONG).unwrap());
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_person_has_one_at_a_time(db: PgPool) {
    let house = House::new(db).await;
    let (ana, bo) = (house.stranger("ana").await, house.stranger("bo").await);
    live_long(&house, ana, LONG).await;
    live_long(&house, bo, LONG).await;
    let first = house.privacy.export(ana).await.unwrap();
    let refused = house.privacy.export(ana).await.err().unwrap();
    assert!(matches!(refused, ExportError::Busy));
    // Others are not in its way, as long as there are not too many.
    let other = house.privacy.export(bo).await.unwrap();
    let refused = house.privacy.export(house.stranger("cy").await).await.err().unwrap();
    assert!(matches!(refused, ExportError::Busy));
    drop((first, other));
    for _ in 0..1_000 {
        match house.privacy.export(ana).await {
            Ok(_) => return,
            Err(ExportError::Busy) => tokio::time::sleep(Duration::from_millis(10)).await,
            Err(error) => panic!("{error}"),
        }
    }
    panic!("a reader that has gone away keeps its place");
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_failure_is_told_and_not_an_end(db: PgPool) {
    let house = House::new(db).await;
    let ana = house.person("ana").await;
    sqlx::query("alter table recommender.tip rename column arm to branch")
        .execute(&house.db)
        .await
        .unwrap();
    let parts: Vec<_> = house.privacy.export(ana).await.unwrap().collect().await;
    assert!(matches!(parts.last(), Some(Err(ExportError::Database(_)))), "{parts:?}");
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_is_sealed_for_a_person_is_told_to_them(db: PgPool) {
    let house = House::new(db).await;
    let (ana, bo) = (house.person("ana").await, house.person("bo").await);
    let row = "018f0000-0000-7000-8000-000000000003";
    for user in [ana, bo] {
        let mut tx = kernel::db::begin(&house.db).await.unwrap();
        let key = house.vault.key_or_replaced(&mut tx, user).await.unwrap();
        let place = Place { table: "advice.idea", row, field: "words" };
        let sealed = key.seal(place, &format!("Rest, {user}.").into()).unwrap();
        sqlx::query("update advice.idea set words = $2 where user_id = $1")
            .bind(user.uuid())
            .bind(sealed)
            .execute(&mut *tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }
    let ideas = &house.export(ana).await["sections"]["ideas"]["rows"];
    assert_eq!(ideas[0]["words"], json!(format!("Rest, {ana}.")));

    // A key that is lost does not stop the rest.
    sqlx::query("delete from vault.data_key").execute(&house.db).await.unwrap();
    let ideas = &house.export(ana).await["sections"]["ideas"]["rows"];
    assert_eq!(ideas[0]["words"], "(it does not open any more)");
}
