//! Flows, against a real Postgres.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use chrono::TimeDelta;
use kernel::{Entropy, ManualClock, Timestamp};
use secrecy::ExposeSecret;
use sqlx::PgPool;

use auth::{
    flow::{Begun, Flow, Flows, ReturnPath},
    identity::demo_user,
};

fn bench(db: &PgPool) -> (Flows, Arc<ManualClock>) {
    let clock = ManualClock::at(Timestamp::from_timestamp(1_800_000_000, 0).unwrap());
    (Flows::new(db.clone(), clock.clone(), Entropy::seeded(1)), clock)
}

async fn begin(flows: &Flows) -> Begun {
    flows.begin("oidc", None, "/settings?a=b".parse().unwrap(), None).await.unwrap()
}

async fn finish(flows: &Flows, purpose: &str, begun: &Begun) -> Option<Flow> {
    flows.finish(&[purpose], begun.state.expose_secret(), begun.cookie.value()).await.unwrap()
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_flow_comes_back_once(db: PgPool) {
    let (flows, _) = bench(&db);
    let begun = begin(&flows).await;

    let flow = finish(&flows, "oidc", &begun).await.unwrap();
    assert_eq!(flow.user, None);
    assert_eq!(flow.nonce.expose_secret(), begun.nonce.expose_secret());
    assert_eq!(flow.pkce_verifier.expose_secret(), begun.pkce_verifier.expose_secret());
    assert_eq!(flow.return_path.as_str(), "/settings?a=b");

    assert!(finish(&flows, "oidc", &begun).await.is_none());
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn of_many_returns_at_once_one_finds_the_flow(db: PgPool) {
    let (flows, _) = bench(&db);
    let begun = begin(&flows).await;
    let all = futures::future::join_all((0..8).map(|_| finish(&flows, "oidc", &begun))).await;
    assert_eq!(all.into_iter().flatten().count(), 1);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_flow_lives_ten_minutes(db: PgPool) {
    let (flows, clock) = bench(&db);
    let early = begin(&flows).await;
    let late = begin(&flows).await;
    begin(&flows).await;

    clock.advance(TimeDelta::minutes(10) - TimeDelta::microseconds(1));
    assert!(finish(&flows, "oidc", &early).await.is_some());
    assert_eq!(flows.purge_expired().await.unwrap(), 0);
    clock.advance(TimeDelta::microseconds(1));
    assert!(finish(&flows, "oidc", &late).await.is_none());
    assert_eq!(flows.purge_expired().await.unwrap(), 1, "the one that never came back");
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_flow_belongs_to_its_browser_and_purpose(db: PgPool) {
    let (flows, _) = bench(&db);
    let begun = begin(&flows).await;
    let other = begin(&flows).await;
    let state = begun.state.expose_secret();

    assert!(finish(&flows, "todoist", &begun).await.is_none());
    for stranger in [other.cookie.value(), "", state] {
        assert!(flows.finish(&["oidc"], state, stranger).await.unwrap().is_none());
    }
    assert!(flows.finish(&["oidc"], "", begun.cookie.value()).await.unwrap().is_none());
    assert!(finish(&flows, "oidc", &begun).await.is_some(), "none of it used the flow up");
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn two_tabs_of_a_browser_share_the_cookie(db: PgPool) {
    let (flows, _) = bench(&db);
    let first = begin(&flows).await;
    let cookie = first.cookie.value();
    let second = flows.begin("oidc", None, ReturnPath::default(), Some(cookie)).await.unwrap();
    assert_eq!(second.cookie.value(), cookie);
    assert!(finish(&flows, "oidc", &first).await.is_some());
    assert!(finish(&flows, "oidc", &second).await.is_some());

    for forged in ["", "short", &"a".repeat(44), &"!".repeat(43)] {
        let begun = flows.begin("oidc", None, ReturnPath::default(), Some(forged)).await.unwrap();
        assert_ne!(begun.cookie.value(), forged);
    }
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_connection_remembers_who_began_it(db: PgPool) {
    let (flows, clock) = bench(&db);
    let user = demo_user(&db, &*clock, &Entropy::seeded(2)).await.unwrap();
    let begun = flows.begin("todoist", Some(user), ReturnPath::default(), None).await.unwrap();
    assert_eq!(finish(&flows, "todoist", &begun).await.unwrap().user, Some(user));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_the_browser_holds_is_stored_nowhere_and_printed_nowhere(db: PgPool) {
    let (flows, _) = bench(&db);
    let begun = begin(&flows).await;
    let dump: String = sqlx::query_scalar("select string_agg(flow::text, '') from auth.flow")
        .fetch_one(&db)
        .await
        .unwrap();
    let printed = format!("{flows:?} {begun:?}");
    for secret in [begun.state.expose_secret(), begun.cookie.value()] {
        let hex = secret.bytes().fold(String::new(), |hex, it| hex + &format!("{it:02x}"));
        assert!(!dump.contains(secret) && !dump.contains(&hex) && !printed.contains(secret));
    }
    assert!(!printed.contains(begun.pkce_verifier.expose_secret()));
    assert!(!printed.contains(begun.nonce.expose_secret()));

    assert_eq!(
        begun.cookie.set_cookie(),
        format!(
            "__Host-oo-flow={}; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=600",
            begun.cookie.value()
        )
    );
}
