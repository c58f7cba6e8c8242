//! Tokens that run out, rotate and break.

use std::time::Duration;

use chrono::TimeDelta;
use integrations::{Access, Connection, Freshness, TaskError, TodoistConfig};
use kernel::{Clock, http::Http};
use secrecy::ExposeSecret;
use sqlx::PgPool;
use testkit::todoist::{CLIENT_ID, CLIENT_SECRET, Fault, FaultRule};
use url::Url;
use vault::Vault;

use crate::support::{USER, World, integrations, titles, until};

const TOKEN: &str = "/oauth/access_token";

#[derive(Debug, PartialEq, sqlx::FromRow)]
struct TokenRow {
    access_sealed: Vec<u8>,
    refresh_sealed: Option<Vec<u8>>,
    status: String,
}

async fn sealed(db: &PgPool) -> TokenRow {
    sqlx::query_as("select access_sealed, refresh_sealed, status from integrations.token")
        .fetch_one(db)
        .await
        .unwrap()
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn tokens_rotate_for_as_long_as_one_likes(db: PgPool) {
    let world = World::connected(db, &["Sweep"]).await;
    let mut before = sealed(&world.db).await;
    for round in 1..=3 {
        world.clock.advance(TimeDelta::minutes(61));
        assert_eq!(titles(&world.fetch().await.unwrap()), ["Sweep"]);
        assert_eq!(world.asked("POST", TOKEN), round);
        let after = sealed(&world.db).await;
        assert_ne!(after.access_sealed, before.access_sealed);
        assert_ne!(after.refresh_sealed, before.refresh_sealed);
        before = after;
    }
    // The time was known to be over: no call was made in vain.
    assert_eq!(world.asked("GET", "/api/v1/tasks"), 3);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn an_answer_without_a_refresh_token_keeps_the_stored_one(db: PgPool) {
    let world = World::connected(db, &["Sweep"]).await;
    let tokens = world.grant(Access::ReadWrite);
    world.integrations.connect_with_tokens(USER, tokens.clone()).await.unwrap();
    world.clock.advance(TimeDelta::minutes(61));

    // A refresh whose answer was lost.
    let refresh = tokens.refresh.unwrap();
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh.expose_secret()),
        ("client_id", CLIENT_ID),
        ("client_secret", CLIENT_SECRET),
    ];
    let url: Url = format!("{}{TOKEN}", world.double.base_url()).parse().unwrap();
    let http = Http::new([&url].into_iter().collect()).unwrap();
    let answer = http.send(http.client().post(url).form(&form), 10_000).await.unwrap();
    assert!(answer.status.is_success());

    let before = sealed(&world.db).await;
    assert_eq!(titles(&world.fetch().await.unwrap()), ["Sweep"]);
    let after = sealed(&world.db).await;
    assert_ne!(after.access_sealed, before.access_sealed);
    assert_eq!(after.refresh_sealed, before.refresh_sealed);
    assert!(after.refresh_sealed.is_some());
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn two_replicas_refresh_once(db: PgPool) {
    let world = World::connected(db, &["Sweep"]).await;
    let (one, other) = (world.replica(), world.replica());
    world.clock.advance(TimeDelta::minutes(61));
    world.todoist().set_latency(Duration::from_millis(50));

    let fresh = Freshness::Within(Duration::ZERO);
    let (one, other) = tokio::join!(one.tasks(USER, fresh), other.tasks(USER, fresh));
    assert_eq!(titles(&one.unwrap()), ["Sweep"]);
    assert_eq!(titles(&other.unwrap()), ["Sweep"]);
    assert_eq!(world.asked("POST", TOKEN), 1);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_token_that_is_not_taken_is_refreshed_once(db: PgPool) {
    let world = World::connected(db, &["Sweep"]).await;
    world.todoist().expire_access_tokens();
    assert_eq!(titles(&world.fetch().await.unwrap()), ["Sweep"]);
    assert_eq!(world.asked("POST", TOKEN), 1);

    // A 401 says how long to wait as well, which means nothing.
    world.todoist().inject(FaultRule::next(1, Fault::Unauthorized));
    assert_eq!(titles(&world.fetch().await.unwrap()), ["Sweep"]);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_stays_refused_has_to_be_connected_again(db: PgPool) {
    let world = World::connected(db, &["Sweep"]).await;
    world.fetch().await.unwrap();
    world.todoist().forget_requests();
    world.todoist().inject(FaultRule::always(Fault::Unauthorized));

    assert!(matches!(world.fetch().await, Err(TaskError::Reconnect)));
    assert_eq!(world.asked("POST", TOKEN), 1);
    assert_eq!(world.asked("GET", "/api/v1/tasks"), 2);
    assert_eq!(world.integrations.connection(USER).await.unwrap(), Connection::Broken);
    assert_eq!(world.at_hand().await.unwrap(), ["Sweep"]);

    // Nobody is asked any more.
    world.todoist().clear_faults();
    assert!(matches!(world.fetch().await, Err(TaskError::Reconnect)));
    assert_eq!(world.asked("GET", "/api/v1/tasks"), 2);

    world.connect(Access::ReadWrite).await;
    assert_eq!(titles(&world.fetch().await.unwrap()), ["Sweep"]);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_revoked_grant_has_to_be_made_again(db: PgPool) {
    let world = World::connected(db, &["Sweep"]).await;
    world.todoist().revoke(&world.account);
    assert!(matches!(world.fetch().await, Err(TaskError::Reconnect)));
    assert_eq!(sealed(&world.db).await.status, "broken");
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_refresh_that_fails_for_now_breaks_nothing(db: PgPool) {
    let world = World::connected(db, &["Sweep"]).await;
    world.clock.advance(TimeDelta::minutes(61));
    let before = sealed(&world.db).await;
    let inject = |fault| world.todoist().inject(FaultRule::next(1, fault).on(TOKEN));

    inject(Fault::Unavailable);
    assert!(matches!(world.fetch().await, Err(TaskError::Unavailable)));
    inject(Fault::Html);
    assert!(matches!(world.fetch().await, Err(TaskError::Garbled)));
    inject(Fault::TooManyRequests { retry_after: 7 });
    let Err(TaskError::Throttled { until }) = world.fetch().await else { panic!("not throttled") };
    assert_eq!(until, world.clock.now() + TimeDelta::seconds(7));
    assert_eq!(sealed(&world.db).await, before);

    world.clock.set(until);
    assert_eq!(titles(&world.fetch().await.unwrap()), ["Sweep"]);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_lost_refresh_answer_is_asked_for_again(db: PgPool) {
    let world = World::connected(db, &["Sweep"]).await;
    world.clock.advance(TimeDelta::minutes(61));
    // Todoist has rotated the token, and nobody heard it.
    world.todoist().inject(FaultRule::next(1, Fault::Cut).on(TOKEN));
    assert!(matches!(world.fetch().await, Err(TaskError::Unavailable)));
    assert_eq!(titles(&world.fetch().await.unwrap()), ["Sweep"]);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_refresh_goes_on_when_its_caller_gives_up(db: PgPool) {
    let world = World::connected(db, &["Sweep"]).await;
    world.clock.advance(TimeDelta::minutes(61));
    let before = sealed(&world.db).await;
    world.todoist().set_latency(Duration::from_millis(100));
    tokio::select! {
        _ = world.integrations.task(USER, "some-task") => panic!("it should have given up"),
        () = until(|| async { world.asked("POST", TOKEN) == 1 }) => {}
    }
    until(|| async { sealed(&world.db).await != before }).await;

    // The rotated token was stored: the next refresh, an hour later, is good.
    world.todoist().set_latency(Duration::ZERO);
    world.clock.advance(TimeDelta::minutes(61));
    assert_eq!(titles(&world.fetch().await.unwrap()), ["Sweep"]);
    assert_eq!(world.asked("POST", TOKEN), 2);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_key_that_is_lost_asks_to_connect_again_and_can_be_found(db: PgPool) {
    let world = World::connected(db, &["Sweep"]).await;
    let keyless = world.replica_with_other_keys();
    let tasks = keyless.tasks(USER, Freshness::Within(Duration::ZERO)).await;
    assert!(matches!(tasks, Err(TaskError::Reconnect)), "{tasks:?}");
    world.clock.advance(TimeDelta::minutes(61));
    let tasks = keyless.tasks(USER, Freshness::Within(Duration::ZERO)).await;
    assert!(matches!(tasks, Err(TaskError::Reconnect)), "{tasks:?}");

    assert_eq!(titles(&world.fetch().await.unwrap()), ["Sweep"]);
    keyless.disconnect(USER).await.unwrap();
    assert_eq!(world.integrations.connection(USER).await.unwrap(), Connection::None);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn who_connects_again_does_not_need_the_lost_key(db: PgPool) {
    let world = World::connected(db, &["Sweep"]).await;
    let keyless = world.replica_with_other_keys();
    keyless.connect_with_tokens(USER, world.grant(Access::ReadWrite)).await.unwrap();
    world.clock.advance(TimeDelta::minutes(61));
    let tasks = keyless.tasks(USER, Freshness::Within(Duration::ZERO)).await.unwrap();
    assert_eq!(titles(&tasks), ["Sweep"]);
    assert!(matches!(world.fetch().await, Err(TaskError::Reconnect)));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn without_its_data_key_a_token_is_as_good_as_none(db: PgPool) {
    let world = World::connected(db, &["Sweep"]).await;
    let replica = world.replica();
    replica.tasks(USER, Freshness::Within(Duration::ZERO)).await.unwrap();
    let mut tx = kernel::db::begin(&world.db).await.unwrap();
    Vault::destroy(&mut tx, USER).await.unwrap();
    tx.commit().await.unwrap();

    assert!(matches!(world.fetch().await, Err(TaskError::Reconnect)));
    world.clock.advance(TimeDelta::minutes(61));
    let tasks = replica.tasks(USER, Freshness::Within(Duration::ZERO)).await;
    assert!(matches!(tasks, Err(TaskError::Reconnect)), "{tasks:?}");
    world.connect(Access::ReadWrite).await;
    assert_eq!(titles(&world.fetch().await.unwrap()), ["Sweep"]);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn tokens_of_the_earlier_layout_ask_to_connect_again(db: PgPool) {
    let world = World::connected(db, &["Sweep"]).await;
    // version 1 · length of the key's id · key's id · nonce · ciphertext and tag
    let earlier = [&[1, 2][..], b"k1", &[7; 24], &[9; 56]].concat();
    for with_data_key in [true, false] {
        sqlx::query("update integrations.token set access_sealed = $1, refresh_sealed = $1")
            .bind(&earlier)
            .execute(&world.db)
            .await
            .unwrap();
        if !with_data_key {
            sqlx::query("delete from vault.data_key").execute(&world.db).await.unwrap();
        }
        assert!(matches!(world.fetch().await, Err(TaskError::Reconnect)));
        world.connect(Access::ReadWrite).await;
        assert_eq!(titles(&world.fetch().await.unwrap()), ["Sweep"]);
    }
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_client_that_is_not_taken_does_not_end_the_connection(db: PgPool) {
    let world = World::connected(db, &["Sweep"]).await;
    let origin = url::Url::parse(&world.double.base_url()).unwrap();
    let config = TodoistConfig::at(&origin, CLIENT_ID, "not the secret".into()).unwrap();
    let refused = integrations(&world.db, config, &world.clock);
    world.clock.advance(TimeDelta::minutes(61));
    let tasks = refused.tasks(USER, Freshness::Within(Duration::ZERO)).await;
    assert!(matches!(tasks, Err(TaskError::Unavailable)), "{tasks:?}");
    assert_eq!(titles(&world.fetch().await.unwrap()), ["Sweep"]);
}
