//! A calendar is connected, read, kept in memory, and let go.

use std::sync::Arc;

use chrono::TimeDelta;
use integrations::{Busy, CalendarError, CalendarLink, Integrations};
use kernel::{Clock, Timestamp, db, http::Http};
use sqlx::PgPool;
use testkit::calendar::{CalendarDouble, SECRET};

use crate::support::{USER, World, until};

/// Somebody who has no calendar yet, and a calendar with one meeting, an hour from now.
struct Office {
    world: World,
    calendar: CalendarDouble,
    integrations: Integrations,
}

impl Office {
    async fn new(db: PgPool) -> Self {
        let world = World::new(db).await;
        let calendar = CalendarDouble::start().await.unwrap();
        let integrations = reaching(&world, &calendar);
        let office = Self { world, calendar, integrations };
        office.calendar.meet(&[office.meeting()]);
        office
    }

    async fn connected(db: PgPool) -> Self {
        let office = Self::new(db).await;
        office.integrations.connect_calendar(USER, &office.calendar.address()).await.unwrap();
        office
    }

    fn meeting(&self) -> (Timestamp, Timestamp) {
        let from = self.in_minutes(60);
        (from, from + TimeDelta::minutes(30))
    }

    /// In whole seconds, as calendars count.
    fn in_minutes(&self, minutes: i64) -> Timestamp {
        let now = self.world.clock.now().timestamp();
        Timestamp::from_timestamp(now, 0).unwrap() + TimeDelta::minutes(minutes)
    }

    fn later(&self, minutes: i64) {
        self.world.clock.advance(TimeDelta::minutes(minutes));
    }

    async fn busy(&self) -> Option<Vec<(Timestamp, Timestamp)>> {
        told(self.integrations.busy(USER).await.unwrap())
    }

    async fn at_hand(&self) -> Option<Vec<(Timestamp, Timestamp)>> {
        told(self.integrations.busy_at_hand(USER).await)
    }

    async fn link(&self) -> CalendarLink {
        self.integrations.calendar(USER).await.unwrap()
    }

    async fn rows(&self) -> i64 {
        let rows = sqlx::query_scalar("select count(*) from integrations.calendar");
        rows.fetch_one(&self.world.db).await.unwrap()
    }
}

/// Another process, whose operator has named the calendar's host.
fn reaching(world: &World, calendar: &CalendarDouble) -> Integrations {
    let http = Http::new(<_>::default()).unwrap();
    world.replica().with_calendar_hosts(&http, calendar.host().parse().unwrap())
}

fn told(busy: Option<Arc<Busy>>) -> Option<Vec<(Timestamp, Timestamp)>> {
    busy.map(|busy| busy.intervals().to_vec())
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_calendar_is_connected_read_and_let_go(db: PgPool) {
    let office = Office::new(db).await;
    assert_eq!((office.link().await, office.busy().await), (CalendarLink::None, None));

    let meeting = office.meeting();
    let address = format!(" {}\n", office.calendar.address());
    office.integrations.connect_calendar(USER, &address).await.unwrap();
    assert_eq!(office.link().await, CalendarLink::Active { host: "127.0.0.1".into() });
    // It was read once, and is at hand.
    assert_eq!(office.at_hand().await, Some(vec![meeting]));
    assert_eq!(office.busy().await, Some(vec![meeting]));
    assert_eq!(office.calendar.asked(), 1);

    // Another process opens the same address.
    let replica = reaching(&office.world, &office.calendar);
    assert_eq!(told(replica.busy(USER).await.unwrap()), Some(vec![meeting]));

    office.integrations.disconnect_calendar(USER).await.unwrap();
    assert_eq!((office.link().await, office.at_hand().await), (CalendarLink::None, None));
    assert_eq!((office.busy().await, office.rows().await), (None, 0));
    assert_eq!(office.calendar.asked(), 2);
    // The other one learns it when it tidies up.
    replica.forget_gone().await.unwrap();
    assert_eq!(told(replica.busy_at_hand(USER).await), None);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn it_is_fresh_for_ten_minutes_and_of_use_for_an_hour(db: PgPool) {
    let office = Office::connected(db).await;
    let (first, second) = (office.meeting(), (office.in_minutes(200), office.in_minutes(210)));
    office.calendar.meet(&[second]);
    office.later(9);
    assert_eq!(office.busy().await, Some(vec![first]));
    office.later(1);
    assert_eq!(office.busy().await, Some(vec![second]));
    assert_eq!(office.calendar.asked(), 2);

    office.calendar.say(503, b"");
    office.later(59);
    assert_eq!(office.busy().await, Some(vec![second]));
    assert_eq!(office.calendar.asked(), 3);
    // Not again and again.
    assert_eq!(office.busy().await, Some(vec![second]));
    assert_eq!(office.calendar.asked(), 3);
    office.later(1);
    assert_eq!((office.busy().await, office.at_hand().await), (None, None));
    assert_eq!(office.calendar.asked(), 4);
    assert!(matches!(office.link().await, CalendarLink::Active { .. }));

    office.calendar.meet(&[second]);
    office.later(1);
    assert_eq!(office.busy().await, Some(vec![second]));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn one_that_is_gone_is_told_and_may_come_back(db: PgPool) {
    let office = Office::connected(db).await;
    office.calendar.say(404, b"");
    office.later(61);
    assert_eq!(office.busy().await, None);
    assert_eq!(office.link().await, CalendarLink::Broken { host: "127.0.0.1".into() });
    office.calendar.meet(&[]);
    office.later(1);
    assert_eq!(office.busy().await, Some(vec![]));
    assert_eq!(office.link().await, CalendarLink::Active { host: "127.0.0.1".into() });
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_cannot_be_connected_is_told_and_changes_nothing(db: PgPool) {
    let office = Office::connected(db).await;
    let connect = async |address: &str| {
        office.integrations.connect_calendar(USER, address).await.unwrap_err()
    };
    let there = office.calendar.address();
    assert!(matches!(connect("my calendar").await, CalendarError::NotAnAddress));
    let elsewhere = there.replace(SECRET, "guessed");
    assert!(matches!(connect(&elsewhere).await, CalendarError::NotThere));
    for (status, body, large) in [
        (200, &b"<!doctype html>"[..], false),
        (200, &b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n"[..], false),
        (204, &b""[..], false),
        (200, &vec![b'a'; 1024 * 1024 + 1], true),
    ] {
        office.calendar.say(status, body);
        let error = connect(&there).await;
        let expected = if large {
            matches!(error, CalendarError::TooLarge)
        } else {
            matches!(error, CalendarError::NotACalendar)
        };
        assert!(expected, "{error:?}");
    }
    office.calendar.say(500, b"");
    assert!(matches!(connect(&there).await, CalendarError::Unreachable));
    // It was not asked to compress.
    office.calendar.meet(&[]);
    office.calendar.head("content-encoding", "gzip");
    assert!(matches!(connect(&there).await, CalendarError::NotACalendar));
    // It leads inside: though the host is named, nobody else sends there.
    office.calendar.say(302, b"");
    office.calendar.head("location", "https://127.0.0.1/secret.ics");
    assert!(matches!(connect(&there).await, CalendarError::NotAllowed));

    assert!(matches!(office.link().await, CalendarLink::Active { .. }));
    assert_eq!(office.at_hand().await, Some(vec![office.meeting()]));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn an_address_leads_nowhere_inside(db: PgPool) {
    let office = Office::new(db).await;
    // The operator has named this host, but for something else: for Todoist.
    let todoist = office.world.double.base_url();
    let before = office.world.asked("GET", "/api/v1/tasks");
    let unnamed = office.world.replica();
    for address in [
        office.calendar.address(),
        format!("{todoist}/api/v1/tasks"),
        office.calendar.address().replace("http:", "https:"),
        office.calendar.address().replace("http:", "webcal:"),
        office.calendar.address().replace("http://127.0.0.1", "https://localhost"),
        "https://169.254.169.254/latest/meta-data".to_owned(),
        "https://[::1]/a.ics".to_owned(),
        "http://example.org/a.ics".to_owned(),
    ] {
        let refused = unnamed.connect_calendar(USER, &address).await;
        assert!(matches!(refused, Err(CalendarError::NotAllowed)), "{address}: {refused:?}");
    }
    assert_eq!(office.calendar.asked(), 0);
    assert_eq!(office.world.asked("GET", "/api/v1/tasks"), before);
    assert_eq!(office.rows().await, 0);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn its_address_is_in_no_row_and_no_error(db: PgPool) {
    let office = Office::connected(db).await;
    let row: String = sqlx::query_scalar("select row.*::text from integrations.calendar as row")
        .fetch_one(&office.world.db)
        .await
        .unwrap();
    // As Postgres writes bytes.
    let hex = |text: &str| text.bytes().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    for secret in [SECRET, "127.0.0.1", "basic.ics"] {
        assert!(!row.contains(secret) && !row.contains(&hex(secret)), "{secret}");
    }
    office.calendar.say(200, format!("no calendar {SECRET}").as_bytes());
    let address = office.calendar.address();
    let error = office.integrations.connect_calendar(USER, &address).await.unwrap_err();
    let told = format!("{error} {error:?} {:?}", office.integrations);
    assert!(!told.contains(SECRET), "{told}");
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn it_goes_with_its_person(db: PgPool) {
    let office = Office::connected(db).await;
    let mut tx = db::begin(&office.world.db).await.unwrap();
    office.integrations.let_go(&mut tx, USER).await.unwrap();
    sqlx::query("delete from auth.user").execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    office.integrations.forget(USER).await;
    assert_eq!((office.at_hand().await, office.rows().await), (None, 0));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn who_gives_up_leaves_it_to_the_next_one(db: PgPool) {
    let office = Office::connected(db).await;
    office.later(11);
    let other = (office.in_minutes(5), office.in_minutes(6));
    office.calendar.meet(&[other]);
    // Asked once, and let go at once.
    let asked = futures::FutureExt::now_or_never(office.integrations.busy(USER));
    assert!(asked.is_none());
    until(async || office.at_hand().await == Some(vec![other])).await;
    assert_eq!(office.calendar.asked(), 2);
}
