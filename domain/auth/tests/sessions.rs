//! Sessions, against a real Postgres.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{convert::Infallible, str::FromStr, sync::Arc};

use axum::http::{Request, Response, StatusCode, header};
use chrono::TimeDelta;
use kernel::{Clock, Entropy, ManualClock, Timestamp, UserId};
use sqlx::PgPool;
use tower::{ServiceBuilder, ServiceExt, service_fn};
use tower_sessions::{Session, SessionStore, session::Id};

use auth::{
    identity::demo_user,
    session::{self, Lifetime, Store, current_user, sign_in, sign_out},
};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

struct Bench {
    db: PgPool,
    clock: Arc<ManualClock>,
    store: Store,
    user: UserId,
}

impl Bench {
    async fn new(db: PgPool) -> Self {
        let clock = ManualClock::at(Timestamp::from_timestamp(1_800_000_000, 0).unwrap());
        let entropy = Entropy::seeded(1);
        let user = demo_user(&db, &*clock, &entropy).await.unwrap();
        let store = Store::new(db.clone(), clock.clone(), entropy, Lifetime::default());
        Self { db, clock, store, user }
    }

    /// A request that brings `id`.
    fn session(&self, id: Option<Id>) -> Session {
        Session::new(id, Arc::new(self.store.clone()), None)
    }

    async fn signed_in(&self) -> Id {
        let session = self.session(None);
        sign_in(&session, self.user, self.clock.now(), FIREFOX).await.unwrap();
        session.save().await.unwrap();
        session.id().unwrap()
    }

    async fn who(&self, id: Id) -> Option<UserId> {
        current_user(&self.session(Some(id))).await.unwrap()
    }

    async fn last_seen_at(&self) -> Timestamp {
        sqlx::query_scalar("select last_seen_at from auth.session")
            .fetch_one(&self.db)
            .await
            .unwrap()
    }

    async fn count(&self) -> i64 {
        sqlx::query_scalar("select count(*) from auth.session").fetch_one(&self.db).await.unwrap()
    }

    /// Sends a request through the layer to a page that does what `path` says.
    async fn call(&self, path: &str, cookie: Option<&str>) -> Response<String> {
        let user = self.user;
        let now = self.clock.now();
        let page = service_fn(move |request: Request<String>| async move {
            let session = request.extensions().get::<Session>().unwrap().clone();
            match request.uri().path() {
                "/sign-in" => sign_in(&session, user, now, FIREFOX).await.unwrap(),
                "/sign-out" => sign_out(&session).await.unwrap(),
                "/plain" => return Ok(Response::new(String::new())),
                _ => {}
            }
            let who = current_user(&session).await.unwrap();
            Ok::<_, Infallible>(Response::new(format!("{who:?}")))
        });
        let mut request = Request::get(path);
        if let Some(cookie) = cookie {
            request = request.header(header::COOKIE, format!("{}={cookie}", session::COOKIE));
        }
        ServiceBuilder::new()
            .layer(session::layer(self.store.clone()))
            .service(page)
            .oneshot(request.body(String::new()).unwrap())
            .await
            .unwrap()
    }
}

fn set_cookie(response: &Response<String>) -> Option<&str> {
    response.headers().get(header::SET_COOKIE).map(|value| value.to_str().unwrap())
}

fn cookie_value(response: &Response<String>) -> String {
    let (_, rest) = set_cookie(response).unwrap().split_once('=').unwrap();
    rest.split_once(';').unwrap().0.to_owned()
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_session_lives_from_sign_in_to_sign_out(db: PgPool) {
    let bench = Bench::new(db).await;
    let id = bench.signed_in().await;
    assert_eq!(bench.who(id).await, Some(bench.user));
    assert_eq!(bench.who(Id(7)).await, None);

    let replica = bench.session(Some(id));
    sign_out(&bench.session(Some(id))).await.unwrap();
    assert_eq!(current_user(&replica).await.unwrap(), None);
    assert_eq!(bench.count().await, 0);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_session_unused_for_thirty_days_ends(db: PgPool) {
    let bench = Bench::new(db).await;
    let id = bench.signed_in().await;

    bench.clock.advance(TimeDelta::days(30) - TimeDelta::microseconds(1));
    assert_eq!(bench.who(id).await, Some(bench.user), "and is thereby used");
    bench.clock.advance(TimeDelta::days(30));
    assert_eq!(bench.who(id).await, None);

    assert_eq!(bench.store.purge_expired().await.unwrap(), 1);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_session_in_use_ends_after_ninety_days(db: PgPool) {
    let bench = Bench::new(db).await;
    let id = bench.signed_in().await;

    for _ in 0..89 {
        bench.clock.advance(TimeDelta::days(1));
        assert_eq!(bench.who(id).await, Some(bench.user));
    }
    assert_eq!(bench.store.purge_expired().await.unwrap(), 0);
    bench.clock.advance(TimeDelta::days(1));
    assert_eq!(bench.who(id).await, None);
    assert_eq!(bench.store.purge_expired().await.unwrap(), 1);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn the_last_use_is_written_every_five_minutes_at_most(db: PgPool) {
    let bench = Bench::new(db).await;
    let began = bench.clock.now();
    let id = bench.signed_in().await;

    bench.clock.advance(TimeDelta::minutes(5) - TimeDelta::microseconds(1));
    bench.who(id).await;
    assert_eq!(bench.last_seen_at().await, began);

    bench.clock.advance(TimeDelta::microseconds(1));
    bench.who(id).await;
    assert_eq!(bench.last_seen_at().await, bench.clock.now());
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn the_database_does_not_know_the_id(db: PgPool) {
    let bench = Bench::new(db).await;
    let id = bench.signed_in().await;

    let dump: String = sqlx::query_scalar("select string_agg(session::text, '') from auth.session")
        .fetch_one(&bench.db)
        .await
        .unwrap();
    let hex = |number: i128| format!("{number:032x}");
    for raw in [id.to_string(), id.0.to_string(), hex(id.0), hex(id.0.swap_bytes())] {
        assert!(!dump.contains(&raw));
    }
    assert!(!format!("{:?}", bench.store).contains(&id.to_string()));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_sign_in_never_keeps_the_id(db: PgPool) {
    let bench = Bench::new(db).await;
    let planted = Id(7);
    let session = bench.session(Some(planted));
    sign_in(&session, bench.user, bench.clock.now(), FIREFOX).await.unwrap();
    session.save().await.unwrap();
    let first = session.id().unwrap();
    assert_ne!(first, planted);
    assert_eq!(bench.who(planted).await, None);

    let session = bench.session(Some(first));
    sign_in(&session, bench.user, bench.clock.now(), FIREFOX).await.unwrap();
    session.save().await.unwrap();
    assert_eq!(bench.who(first).await, None);
    assert_eq!(bench.who(session.id().unwrap()).await, Some(bench.user));
    assert_eq!(bench.count().await, 1);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn an_id_that_is_taken_is_not_given_twice(db: PgPool) {
    let bench = Bench::new(db).await;
    let twin = |seed| {
        let entropy = Entropy::seeded(seed);
        Store::new(bench.db.clone(), bench.clock.clone(), entropy, Lifetime::default())
    };
    let mut ids = Vec::new();
    for store in [twin(9), twin(9), twin(9)] {
        let session = Session::new(None, Arc::new(store), None);
        sign_in(&session, bench.user, bench.clock.now(), FIREFOX).await.unwrap();
        session.save().await.unwrap();
        ids.push(session.id().unwrap());
    }
    ids.sort_by_key(|id| id.0);
    ids.dedup();
    assert_eq!(ids.len(), 3);

    let session = Session::new(None, Arc::new(twin(9)), None);
    sign_in(&session, bench.user, bench.clock.now(), FIREFOX).await.unwrap();
    assert!(session.save().await.is_err(), "three attempts, all taken");
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn who_is_erased_is_signed_out(db: PgPool) {
    let bench = Bench::new(db).await;
    let id = bench.signed_in().await;
    sqlx::query("delete from auth.user").execute(&bench.db).await.unwrap();
    assert_eq!(bench.who(id).await, None);

    let entropy = Entropy::seeded(2);
    let again = demo_user(&bench.db, &*bench.clock, &entropy).await.unwrap();
    assert_ne!(again, bench.user);
    assert_eq!(demo_user(&bench.db, &*bench.clock, &entropy).await.unwrap(), again);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_late_save_does_not_bring_a_session_back(db: PgPool) {
    let bench = Bench::new(db).await;
    let id = bench.signed_in().await;
    let record = bench.store.load(&id).await.unwrap().unwrap();

    bench.store.save(&record).await.unwrap();
    bench.store.delete(&id).await.unwrap();
    bench.store.save(&record).await.unwrap();
    assert_eq!(bench.who(id).await, None);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_record_holds_a_sign_in_and_nothing_else(db: PgPool) {
    let bench = Bench::new(db).await;

    let anonymous = bench.session(None);
    anonymous.insert("theme", "dark").await.unwrap();
    assert!(anonymous.save().await.is_err());

    let id = bench.signed_in().await;
    let more = bench.session(Some(id));
    more.insert("theme", "dark").await.unwrap();
    assert!(more.save().await.is_err());

    let mut other = bench.store.load(&id).await.unwrap().unwrap();
    let someone = serde_json::json!({"user": uuid(9), "at": bench.clock.now()});
    other.data.insert("signed_in".to_owned(), someone);
    assert!(bench.store.save(&other).await.is_err());
    assert_eq!(bench.who(id).await, Some(bench.user));
}

fn uuid(number: u128) -> String {
    format!("{number:032x}")
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn reading_sets_no_cookie_and_writes_nothing(db: PgPool) {
    let bench = Bench::new(db).await;
    let nobody = bench.call("/", None).await;
    assert_eq!((nobody.body().as_str(), set_cookie(&nobody)), ("None", None));
    assert_eq!(bench.count().await, 0);

    let signed_in = bench.call("/sign-in", None).await;
    let cookie = cookie_value(&signed_in);
    assert_eq!(
        set_cookie(&signed_in).unwrap().split_once(';').unwrap().1,
        " HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=7776000"
    );

    let before: String = xmin(&bench.db).await;
    let read = bench.call("/", Some(&cookie)).await;
    assert_eq!(read.body(), &format!("{:?}", Some(bench.user)));
    assert_eq!(set_cookie(&read), None);
    assert_eq!(xmin(&bench.db).await, before, "no row was written");
}

async fn xmin(db: &PgPool) -> String {
    sqlx::query_scalar("select xmin::text from auth.session").fetch_one(db).await.unwrap()
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn the_cookie_is_taken_back_as_a_browser_wants_it(db: PgPool) {
    let bench = Bench::new(db).await;
    let cookie = cookie_value(&bench.call("/sign-in", None).await);

    let removal = "__Host-oo=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0";
    let signed_out = bench.call("/sign-out", Some(&cookie)).await;
    assert_eq!(set_cookie(&signed_out), Some(removal));
    assert_eq!(bench.count().await, 0);

    let dead = bench.call("/", Some(&cookie)).await;
    assert_eq!((dead.body().as_str(), set_cookie(&dead)), ("None", Some(removal)));
    let malformed = bench.call("/", Some("not-an-id")).await;
    assert_eq!((malformed.body().as_str(), set_cookie(&malformed)), ("None", Some(removal)));
    let twice = bench.call("/sign-out", None).await;
    assert_eq!((twice.status(), set_cookie(&twice)), (StatusCode::OK, None));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn signing_in_again_replaces_the_cookie(db: PgPool) {
    let bench = Bench::new(db).await;
    let old = cookie_value(&bench.call("/sign-in", None).await);
    let new = cookie_value(&bench.call("/sign-in", Some(&old)).await);
    assert_ne!(old, new);
    assert_eq!(bench.who(Id::from_str(&old).unwrap()).await, None);
    assert_eq!(bench.who(Id::from_str(&new).unwrap()).await, Some(bench.user));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_page_without_a_person_asks_the_database_nothing(db: PgPool) {
    let bench = Bench::new(db.clone()).await;
    let cookie = cookie_value(&bench.call("/sign-in", None).await);
    db.close().await;
    assert_eq!(bench.call("/plain", Some(&cookie)).await.status(), StatusCode::OK);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_person_sees_their_devices_and_signs_them_out(db: PgPool) {
    let bench = Bench::new(db).await;
    let phone = bench.signed_in().await;
    bench.clock.advance(TimeDelta::hours(1));
    let desk = bench.signed_in().await;
    let at_the_desk = bench.session(Some(desk));

    let devices = bench.store.devices(bench.user, &at_the_desk).await.unwrap();
    let [now, then] = &devices[..] else { panic!("{devices:?}") };
    assert!(now.is_current && !then.is_current);
    assert_eq!((now.name.as_str(), now.last_seen_at), ("Firefox on Linux", bench.clock.now()));
    assert_eq!(then.signed_in_at, bench.clock.now() - TimeDelta::hours(1));

    // Nobody else can, by handle.
    let stranger = UserId(then.id);
    assert!(!bench.store.end(stranger, then.id).await.unwrap());
    assert!(bench.store.devices(stranger, &at_the_desk).await.unwrap().is_empty());
    assert_eq!(bench.who(phone).await, Some(bench.user));

    assert!(bench.store.end(bench.user, then.id).await.unwrap());
    assert_eq!((bench.who(phone).await, bench.who(desk).await), (None, Some(bench.user)));
    bench.store.end_all(bench.user).await.unwrap();
    assert_eq!(bench.who(desk).await, None);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_device_that_is_signed_out_by_time_is_not_shown(db: PgPool) {
    let bench = Bench::new(db).await;
    let id = bench.signed_in().await;
    bench.clock.advance(Lifetime::default().idle);
    let session = bench.session(Some(id));
    assert!(bench.store.devices(bench.user, &session).await.unwrap().is_empty());
}
