//! Todoist hears that somebody has left, however long that takes, and by nobody's name.

use chrono::TimeDelta;
use graphile_worker::{Worker, WorkerOptions};
use sqlx::PgPool;
use testkit::todoist::{Fault, FaultRule};

use crate::support::House;

/// A worker of `house`.
async fn worker(house: &House) -> Worker {
    let options = WorkerOptions::default().pg_pool(house.db.clone()).concurrency(1);
    integrations::jobs::register(options, &house.integrations).init().await.unwrap()
}

/// Runs what waits, with its pause left out.
async fn run(house: &House, worker: &Worker) {
    sqlx::query("update graphile_worker._private_jobs set run_at = now()")
        .execute(&house.db)
        .await
        .unwrap();
    worker.run_once().await.unwrap();
}

/// How many jobs there are, and all that stands in them.
async fn jobs(house: &House) -> (i64, String) {
    sqlx::query_as(
        "select count(*), coalesce(string_agg(it::text, ''), '') from graphile_worker._private_jobs it",
    )
    .fetch_one(&house.db)
    .await
    .unwrap()
}

fn revocations(house: &House) -> u64 {
    house.double.handle().count("POST", "/revoke")
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn todoist_is_told_until_it_agrees(db: PgPool) {
    use secrecy::ExposeSecret;

    let house = House::new(db).await;
    let worker = worker(&house).await;
    let ana = house.stranger("ana").await;
    let tokens = house.connect(ana).await;
    house.privacy.erase(ana).await.unwrap();

    let (count, waiting) = jobs(&house).await;
    assert_eq!(count, 1);
    assert!(waiting.contains("access") && !waiting.contains(&ana.to_string()), "{waiting}");
    let secrets = [Some(&tokens.access), tokens.refresh.as_ref()];
    for secret in secrets.into_iter().flatten() {
        assert!(!waiting.contains(secret.expose_secret()), "{waiting}");
    }

    let todoist = house.double.handle();
    for fault in [
        Fault::Unavailable,
        Fault::TooManyRequests { retry_after: 30 },
        Fault::Cut,
        Fault::Unauthorized,
    ] {
        todoist.inject(FaultRule::next(1, fault).on("/revoke"));
        run(&house, &worker).await;
        assert_eq!(jobs(&house).await.0, 1, "{fault:?}");
    }
    let told = revocations(&house);
    run(&house, &worker).await;
    assert_eq!(jobs(&house).await.0, 0);
    assert_eq!(revocations(&house), told + 2, "access and refresh");

    // They are worth nothing any more.
    let bo = house.stranger("bo").await;
    let may_read = [(profile::Consent::ReadTasks, true)];
    profile::decide(&house.db, bo, &may_read, house.now()).await.unwrap();
    house.integrations.connect_with_tokens(bo, tokens).await.unwrap();
    let within = integrations::Freshness::Within(std::time::Duration::ZERO);
    let refused = house.integrations.tasks(bo, within).await.unwrap_err();
    assert!(matches!(refused, integrations::TaskError::Reconnect), "{refused:?}");
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn after_a_week_nothing_is_left_of_it(db: PgPool) {
    let house = House::new(db).await;
    let worker = worker(&house).await;
    let ana = house.person("ana").await;
    house.privacy.erase(ana).await.unwrap();
    house.double.handle().inject(FaultRule::always(Fault::Unavailable).on("/revoke"));

    house.clock.advance(TimeDelta::days(7));
    run(&house, &worker).await;
    assert_eq!(jobs(&house).await.0, 1);
    let told = revocations(&house);
    house.clock.advance(TimeDelta::seconds(1));
    run(&house, &worker).await;
    assert_eq!(jobs(&house).await.0, 0);
    assert_eq!(revocations(&house), told);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn tokens_that_do_not_open_keep_nobody_here(db: PgPool) {
    let house = House::new(db).await;
    let ana = house.person("ana").await;
    sqlx::query("update vault.data_key set wrapped = 'broken'").execute(&house.db).await.unwrap();
    house.privacy.erase(ana).await.unwrap();
    assert!(house.rows_of(ana).await.is_empty());
    assert_eq!(jobs(&house).await.0, 0);
}
