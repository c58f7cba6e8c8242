//! People and their ways in, against a real Postgres.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use auth::{
    AuthError,
    identity::{
        Linking, Registration, Unlinking, VerifiedIdentity, is_owner, link, linked, sign_in_with,
        unlink,
    },
};
use chrono::TimeDelta;
use kernel::{Entropy, ManualClock, SharedEntropy, Timestamp, UserId};
use sqlx::PgPool;

static OPEN: Registration = Registration { is_open: true, allowed: Vec::new() };
static CLOSED: Registration = Registration { is_open: false, allowed: Vec::new() };

struct Bench {
    db: PgPool,
    clock: Arc<ManualClock>,
    entropy: SharedEntropy,
}

impl Bench {
    fn new(db: PgPool) -> Self {
        let clock = ManualClock::at(Timestamp::from_timestamp(1_800_000_000, 0).unwrap());
        Self { db, clock, entropy: Entropy::seeded(1) }
    }

    async fn enter(&self, registration: &Registration, who: &str) -> Result<UserId, AuthError> {
        self.clock.advance(TimeDelta::seconds(1));
        sign_in_with(&self.db, &*self.clock, &self.entropy, registration, &identity(who)).await
    }

    async fn link(&self, user: UserId, who: &str) -> Linking {
        self.clock.advance(TimeDelta::seconds(1));
        link(&self.db, &*self.clock, &self.entropy, user, &identity(who)).await.unwrap()
    }

    async fn issuers(&self, user: UserId) -> Vec<String> {
        let linked = linked(&self.db, user).await.unwrap();
        linked.into_iter().map(|identity| identity.issuer).collect()
    }
}

/// Of the account `name@issuer`.
fn identity(who: &str) -> VerifiedIdentity {
    let (subject, issuer) = who.split_once('@').unwrap();
    let issuer = format!("https://{issuer}");
    VerifiedIdentity::new(&issuer, subject).unwrap().with_email(who)
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn the_first_one_runs_a_closed_house(db: PgPool) {
    let bench = Bench::new(db);
    let ana = bench.enter(&CLOSED, "ana@well.test").await.unwrap();
    assert!(is_owner(&bench.db, ana).await.unwrap());
    let refused = bench.enter(&CLOSED, "bo@well.test").await;
    assert!(matches!(refused, Err(AuthError::NotAdmitted)));
    let people: i64 =
        sqlx::query_scalar("select count(*) from auth.user").fetch_one(&bench.db).await.unwrap();
    assert_eq!(people, 1, "nothing is left of who was refused");

    let listed = Registration { is_open: false, allowed: vec!["@well.test".to_owned()] };
    let bo = bench.enter(&listed, "bo@well.test").await.unwrap();
    assert!(!is_owner(&bench.db, bo).await.unwrap());
    assert_eq!(bench.enter(&CLOSED, "bo@well.test").await.unwrap(), bo, "who is here stays");
    assert_eq!(bench.enter(&CLOSED, "ana@well.test").await.unwrap(), ana);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn of_many_who_are_first_at_once_one_runs_the_house(db: PgPool) {
    let bench = Bench::new(db);
    let names: Vec<_> = (0..12).map(|number| format!("p{number}@well.test")).collect();
    let done = futures::future::join_all(names.iter().map(|who| bench.enter(&CLOSED, who))).await;
    assert_eq!(done.iter().filter(|done| done.is_ok()).count(), 1, "{done:?}");
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn one_person_has_several_ways_in_and_keeps_the_last(db: PgPool) {
    let bench = Bench::new(db);
    let ana = bench.enter(&OPEN, "ana@well.test").await.unwrap();
    assert_eq!(bench.link(ana, "ana@spring.test").await, Linking::Linked);
    assert_eq!(bench.link(ana, "ana@spring.test").await, Linking::Linked, "twice is once");
    assert_eq!(bench.issuers(ana).await, ["https://well.test", "https://spring.test"]);
    assert_eq!(bench.enter(&CLOSED, "ana@spring.test").await.unwrap(), ana);

    let bo = bench.enter(&OPEN, "bo@well.test").await.unwrap();
    assert_eq!(bench.link(bo, "ana@spring.test").await, Linking::Taken);
    let [well, spring] = &linked(&bench.db, ana).await.unwrap()[..] else { unreachable!() };
    assert_eq!(unlink(&bench.db, bo, well.id).await.unwrap(), Unlinking::Unknown);
    assert_eq!(bench.issuers(ana).await.len(), 2, "nobody else can, by handle");

    assert_eq!(unlink(&bench.db, ana, well.id).await.unwrap(), Unlinking::Unlinked);
    assert_eq!(unlink(&bench.db, ana, well.id).await.unwrap(), Unlinking::Unknown);
    assert_eq!(unlink(&bench.db, ana, spring.id).await.unwrap(), Unlinking::Last);
    assert_eq!(bench.issuers(ana).await, ["https://spring.test"]);
    assert!(matches!(bench.enter(&CLOSED, "ana@well.test").await, Err(AuthError::NotAdmitted)));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn two_that_unlink_at_once_leave_one(db: PgPool) {
    let bench = Bench::new(db);
    let ana = bench.enter(&OPEN, "ana@well.test").await.unwrap();
    bench.link(ana, "ana@spring.test").await;
    let ids: Vec<_> = linked(&bench.db, ana).await.unwrap().iter().map(|it| it.id).collect();
    let done = futures::future::join_all(ids.iter().map(|id| unlink(&bench.db, ana, *id))).await;
    let done: Vec<_> = done.into_iter().map(Result::unwrap).collect();
    assert!(done.contains(&Unlinking::Unlinked) && done.contains(&Unlinking::Last), "{done:?}");
    assert_eq!(bench.issuers(ana).await.len(), 1);
}
