//! The calendar in the settings: pasted, told, let go.

use reqwest::StatusCode;
use server::config::Mode;
use sqlx::PgPool;
use testkit::calendar::{CalendarDouble, SECRET};

use crate::house::{Browser, House};

const FORM: &str = r#"action="/settings/calendar""#;

/// Saves an address, and tells what the settings say then.
async fn save(browser: &mut Browser, address: &str) -> String {
    let reply = browser.post("/settings/calendar", &[("address", address)]).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER);
    let to = reply.header("location").to_owned();
    assert!(!to.contains(SECRET), "{to}");
    browser.get(&to).await.text
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_calendar_is_pasted_and_let_go(db: PgPool) {
    let calendar = CalendarDouble::start().await.unwrap();
    let hosts = [("OO_CALENDAR_HOSTS", &*calendar.host())];
    let house = House::start(Mode::Demo, &db, &hosts).await;
    let mut browser = house.visitor().await;
    assert!(browser.get("/settings").await.text.contains(FORM));

    let address = calendar.address();
    for (pasted, said) in [
        ("soon", "not the address of a calendar"),
        ("https://10.0.0.1/basic.ics", "does not go to that address"),
        (&*address.replace(SECRET, "guessed"), "There is no calendar at that address"),
    ] {
        let page = save(&mut browser, pasted).await;
        assert!(page.contains(said) && page.contains(FORM), "{pasted}");
    }
    calendar.say(200, b"<!doctype html>");
    assert!(save(&mut browser, &address).await.contains("is not a calendar"));
    calendar.say(500, b"");
    assert!(save(&mut browser, &address).await.contains("Nobody answers"));
    calendar.say(200, &vec![b' '; 2 * 1024 * 1024]);
    assert!(save(&mut browser, &address).await.contains("too large"));

    calendar.meet(&[]);
    let page = save(&mut browser, &address).await;
    assert!(page.contains("Saved.") && page.contains("Connected, 127.0.0.1."));
    assert!(!page.contains(SECRET) && !page.contains(FORM));

    let reply = browser.post("/settings/calendar/disconnect", &[]).await;
    assert_eq!(reply.header("location"), "/settings?notice=saved");
    let page = browser.get("/settings").await.text;
    assert!(page.contains("Not connected.") && page.contains(FORM));
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn nobody_has_none(db: PgPool) {
    let house = House::demo(&db).await;
    let mut nobody = house.browser();
    let reply = nobody.post("/settings/calendar", &[("address", "https://example.org/")]).await;
    assert!(matches!(reply.status, StatusCode::SEE_OTHER | StatusCode::UNAUTHORIZED));
    let rows: i64 = sqlx::query_scalar("select count(*) from integrations.calendar")
        .fetch_one(&db)
        .await
        .unwrap();
    assert_eq!(rows, 0);
    house.stop().await;
}
