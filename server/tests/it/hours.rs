//! When oO may speak up, and when a snoozed tip comes back, as their person says it in the settings.

use sqlx::PgPool;
use uuid::Uuid;

use crate::house::{Browser, House};

const SAVED: &str = "/settings?notice=saved";

async fn location(browser: &mut Browser, path: &str, form: &[(&str, &str)]) -> String {
    browser.post(path, form).await.header("location").to_owned()
}

/// The hours and times of everybody but the demo's person.
async fn of_others(db: &PgPool) -> String {
    let all = "select string_agg(preference::text, ' ') from profile.preference where user_id = $1";
    sqlx::query_scalar(all).bind(Uuid::from_u128(7)).fetch_one(db).await.unwrap()
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn hours_and_days_off_are_kept_for_their_person_alone(db: PgPool) {
    let house = House::demo(&db).await;
    let mut browser = house.visitor().await;
    for statement in [
        "insert into auth.user (user_id, created_at) values ($1, now())",
        "insert into profile.preference (user_id, updated_at) values ($1, now())",
    ] {
        sqlx::query(statement).bind(Uuid::from_u128(7)).execute(&db).await.unwrap();
    }
    let others = of_others(&db).await;
    let page = browser.get("/settings").await.text;
    assert!(page.contains("Quiet from 21:00 to 8:00; three times a day at most."), "{page}");

    let form =
        [("from", "22:30"), ("until", "07:15"), ("most", "1"), ("day", "sat"), ("day", "sun")];
    assert_eq!(location(&mut browser, "/settings/hours", &form).await, SAVED);
    let times = [("later", "5"), ("evening", "19:45"), ("morning", "06:30")];
    assert_eq!(location(&mut browser, "/settings/snooze", &times).await, SAVED);

    let told = "Quiet from 22:30 to 7:15, and on Saturdays and Sundays; once a day at most.";
    let page = browser.get("/settings").await.text;
    assert!(page.contains(told) && page.contains("selected>in five hours<"), "{page}");
    assert!(page.contains("value=\"19:45\"") && page.contains("value=\"06:30\""), "{page}");

    // A day that is not ticked is on again.
    let form = [("from", "08:00"), ("until", "08:00"), ("most", "0")];
    assert_eq!(location(&mut browser, "/settings/hours", &form).await, SAVED);
    let page = browser.get("/settings").await.text;
    assert!(page.contains("oO never speaks up by itself.") && page.contains("19:45"), "{page}");
    assert_eq!(of_others(&db).await, others);
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_is_no_hour_is_told_calmly_and_changes_nothing(db: PgPool) {
    let house = House::demo(&db).await;
    let mut browser = house.visitor().await;
    let form = [("from", "22:30"), ("until", "07:15"), ("most", "1"), ("day", "sat")];
    assert_eq!(location(&mut browser, "/settings/hours", &form).await, SAVED);
    let before = browser.get("/settings").await.text;

    let bad: [&[(&str, &str)]; 9] = [
        &[],
        &[("from", "25:00"), ("until", "07:15"), ("most", "1")],
        &[("from", "22:30"), ("until", "7 o'clock"), ("most", "1")],
        &[("from", "22:30"), ("until", "07:15"), ("most", "11")],
        &[("from", "22:30"), ("until", "07:15"), ("most", "-1")],
        &[("from", "22:30"), ("until", "07:15"), ("most", "")],
        &[("from", "22:30"), ("until", "07:15")],
        &[("until", "07:15"), ("most", "1")],
        &[("from", "22:30"), ("until", "07:15"), ("most", "1"), ("day", "someday")],
    ];
    for form in bad {
        let told = location(&mut browser, "/settings/hours", form).await;
        assert_eq!(told, "/settings?notice=bad-hours", "{form:?}");
    }
    let bad: [&[(&str, &str)]; 7] = [
        &[],
        &[("later", "0"), ("evening", "18:00"), ("morning", "08:00")],
        &[("later", "13"), ("evening", "18:00"), ("morning", "08:00")],
        &[("later", "3"), ("evening", "11:59"), ("morning", "08:00")],
        &[("later", "3"), ("evening", "18:00"), ("morning", "12:00")],
        &[("later", "3"), ("evening", "24:00"), ("morning", "08:00")],
        &[("later", "3"), ("morning", "08:00")],
    ];
    for form in bad {
        let told = location(&mut browser, "/settings/snooze", form).await;
        assert_eq!(told, "/settings?notice=bad-snooze", "{form:?}");
    }
    for (path, told) in
        [("hours", "no hours that oO can keep to"), ("snooze", "begins before noon")]
    {
        let page = browser.get(&format!("/settings?notice=bad-{path}")).await.text;
        assert!(page.contains(told), "{page}");
    }
    let after = browser.get("/settings").await.text;
    let main = |page: &str| page.split_once("<main").unwrap().1.to_owned();
    assert_eq!(main(&after), main(&before));
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn the_menu_says_when_later_is(db: PgPool) {
    let house = House::demo(&db).await;
    let mut browser = house.visitor().await;
    assert!(browser.get("/").await.text.contains(">In three hours</button>"));
    let times = [("later", "1"), ("evening", "18:00"), ("morning", "08:00")];
    assert_eq!(location(&mut browser, "/settings/snooze", &times).await, SAVED);
    let page = browser.get("/").await;
    assert!(page.text.contains(">In an hour</button>"), "{}", page.text);

    let (tip, key) = (page.field("tip_id"), page.field("key"));
    let form = [("tip_id", &*tip), ("key", &*key), ("reaction", "snooze"), ("snooze", "later")];
    browser.post("/api/react", &form).await;
    let page = browser.get("/").await.text;
    assert!(page.contains("Back in an hour."), "{page}");
    house.stop().await;
}
