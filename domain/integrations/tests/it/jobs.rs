//! Closing and reopening through the real worker.

use std::time::Duration;

use chrono::TimeDelta;
use graphile_worker::{SweepStaleWorkersOptions, Worker, WorkerOptions, WorkerUtils};
use integrations::{Access, jobs, jobs::Undone};
use kernel::Clock;
use profile::Consent;
use sqlx::PgPool;
use testkit::todoist::{Due, Fault, FaultRule, NewTask};

use crate::support::{USER, World, titles, until};

/// A world with a worker, and one open task.
struct Shop {
    world: World,
    worker: Worker,
    task: String,
}

impl Shop {
    async fn new(db: PgPool) -> Self {
        jobs::migrate_jobs(&db).await.unwrap();
        let world = World::connected(db, &[]).await;
        let task = world.add(&["Sweep"]).remove(0);
        let options = WorkerOptions::default().pg_pool(world.db.clone()).concurrency(2);
        let worker = jobs::register(options, &world.integrations).init().await.unwrap();
        Self { world, worker, task }
    }

    /// The same, with a task that repeats every day.
    async fn repeating(db: PgPool) -> Self {
        let mut shop = Self::new(db).await;
        let due = Some(Due::repeating(shop.day(0), "every day"));
        let task = NewTask { due, ..NewTask::titled("Pills") };
        shop.task = shop.world.todoist().set_tasks(&shop.world.account, vec![task]).remove(0);
        shop
    }

    fn day(&self, days: i64) -> String {
        (self.world.clock.now() + TimeDelta::days(days)).date_naive().to_string()
    }

    /// The date of a task that repeats.
    fn date(&self) -> String {
        self.world.todoist().task(&self.world.account, &self.task).unwrap().due.unwrap().date
    }

    /// Enqueues the closing of the task at the present moment, by the database's clock.
    async fn close(&self) {
        let mut tx = kernel::db::begin(&self.world.db).await.unwrap();
        jobs::enqueue_close(&mut tx, USER, &self.task, TimeDelta::zero()).await.unwrap();
        // Todoist's clock shows the same, however slow the machine is.
        let now = sqlx::query_scalar("select now()").fetch_one(&mut *tx).await.unwrap();
        self.world.clock.set(now);
        tx.commit().await.unwrap();
    }

    async fn cancel(&self) -> Undone {
        let mut tx = kernel::db::begin(&self.world.db).await.unwrap();
        let undone = jobs::cancel_close(&mut tx, USER, &self.task).await.unwrap();
        tx.commit().await.unwrap();
        undone
    }

    /// Runs what is due, and what waits for another attempt.
    async fn run(&self) {
        sqlx::query("update graphile_worker._private_jobs set run_at = now() where attempts > 0")
            .execute(&self.world.db)
            .await
            .unwrap();
        self.worker.run_once().await.unwrap();
    }

    /// Runs what was taken over from a dead worker, with its pause left out.
    async fn recover(&self) {
        sqlx::query("update graphile_worker._private_jobs set run_at = now()")
            .execute(&self.world.db)
            .await
            .unwrap();
        self.worker.run_once().await.unwrap();
    }

    /// How many jobs there are that will run.
    async fn waiting(&self) -> i64 {
        sqlx::query_scalar("select count(*) from graphile_worker._private_jobs where is_available")
            .fetch_one(&self.world.db)
            .await
            .unwrap()
    }

    /// The kinds of what is in the person's log.
    async fn log(&self) -> Vec<&'static str> {
        let events = events::read(&self.world.db, USER, None, 100).await.unwrap();
        events.iter().map(|event| event.payload.kind()).collect()
    }

    fn is_done(&self) -> bool {
        self.world.todoist().task(&self.world.account, &self.task).unwrap().checked
    }
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_task_is_closed_and_forgotten(db: PgPool) {
    let shop = Shop::new(db).await;
    shop.world.add(&["Wash"]);
    shop.world.fetch().await.unwrap();
    shop.close().await;
    assert!(!shop.is_done());
    shop.run().await;
    assert!(shop.is_done());
    assert_eq!(shop.waiting().await, 0);
    assert_eq!(shop.log().await, ["task_closed"]);
    assert_eq!(shop.world.at_hand().await.unwrap(), ["Wash"]);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_job_waits_for_its_time_and_for_its_transaction(db: PgPool) {
    let shop = Shop::new(db).await;
    let mut tx = kernel::db::begin(&shop.world.db).await.unwrap();
    jobs::enqueue_close(&mut tx, USER, &shop.task, TimeDelta::hours(1)).await.unwrap();
    shop.run().await;
    tx.commit().await.unwrap();
    shop.run().await;
    assert!(!shop.is_done());
    assert_eq!(shop.waiting().await, 1);
    assert_eq!(shop.cancel().await, Undone::Cancelled);

    let mut tx = kernel::db::begin(&shop.world.db).await.unwrap();
    jobs::enqueue_close(&mut tx, USER, &shop.task, TimeDelta::zero()).await.unwrap();
    tx.rollback().await.unwrap();
    shop.run().await;
    assert!(!shop.is_done());
    assert_eq!(shop.waiting().await, 0);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_job_is_tried_until_it_succeeds(db: PgPool) {
    let shop = Shop::new(db).await;
    shop.world.todoist().inject(FaultRule::next(1, Fault::Unavailable).on("/close"));
    shop.world.todoist().inject(FaultRule::next(1, Fault::ServerError).on("/close"));
    let throttled = Fault::TooManyRequests { retry_after: 5 };
    shop.world.todoist().inject(FaultRule::next(1, throttled).on("/close"));
    shop.close().await;
    for _ in 0..3 {
        shop.run().await;
        assert!(!shop.is_done());
        assert_eq!(shop.waiting().await, 1);
    }
    // Throttled: nobody is asked before the time.
    shop.world.todoist().forget_requests();
    shop.run().await;
    assert_eq!(shop.world.asked("POST", "/close"), 0);

    shop.world.clock.advance(TimeDelta::seconds(5));
    shop.run().await;
    assert!(shop.is_done());
    assert_eq!(shop.waiting().await, 0);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn an_expired_token_is_refreshed_for_a_job(db: PgPool) {
    let shop = Shop::new(db).await;
    shop.world.todoist().expire_access_tokens();
    shop.close().await;
    shop.run().await;
    assert!(shop.is_done());
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_repeating_task_is_closed_once_though_the_answer_was_lost(db: PgPool) {
    let shop = Shop::repeating(db).await;
    assert_eq!(shop.date(), shop.day(0));
    shop.world.todoist().inject(FaultRule::next(1, Fault::Cut).on("/close"));
    shop.close().await;
    shop.run().await;
    assert_eq!(shop.date(), shop.day(1));
    assert_eq!(shop.waiting().await, 1);
    assert!(shop.log().await.is_empty());
    shop.run().await;
    assert_eq!(shop.date(), shop.day(1));
    assert_eq!(shop.waiting().await, 0);
    assert_eq!(shop.log().await, ["task_closed"]);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_has_not_run_is_taken_back_without_a_trace(db: PgPool) {
    let shop = Shop::new(db).await;
    shop.close().await;
    assert_eq!(shop.cancel().await, Undone::Cancelled);
    shop.run().await;
    assert_eq!(shop.world.asked("POST", "/api/v1/tasks"), 0);
    let jobs: i64 = sqlx::query_scalar("select count(*) from graphile_worker._private_jobs")
        .fetch_one(&shop.world.db)
        .await
        .unwrap();
    assert_eq!(jobs, 0);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_has_run_is_reopened(db: PgPool) {
    let shop = Shop::new(db).await;
    shop.close().await;
    shop.run().await;
    assert!(shop.is_done());
    assert!(titles(&shop.world.fetch().await.unwrap()).is_empty());

    assert_eq!(shop.cancel().await, Undone::Reopening);
    shop.run().await;
    assert!(!shop.is_done());
    assert_eq!(shop.log().await, ["task_closed", "task_reopened"]);

    // The list in memory knows that it is old.
    let within = integrations::Freshness::Within(Duration::from_hours(1));
    let list = shop.world.integrations.tasks(USER, within).await.unwrap();
    assert_eq!(titles(&list), ["Sweep"]);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_may_have_run_is_reopened(db: PgPool) {
    let shop = Shop::new(db).await;
    shop.world.todoist().inject(FaultRule::next(1, Fault::Cut).on("/close"));
    shop.close().await;
    shop.run().await;
    assert!(shop.is_done());
    assert_eq!(shop.waiting().await, 1);

    assert_eq!(shop.cancel().await, Undone::Reopening);
    assert_eq!(shop.waiting().await, 1);
    shop.run().await;
    assert!(!shop.is_done());
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_is_running_is_reopened_afterwards(db: PgPool) {
    for fault in [None, Some(Fault::Unavailable)] {
        let shop = Shop::new(db.clone()).await;
        let failing = fault.is_some();
        if let Some(fault) = fault {
            shop.world.todoist().inject(FaultRule::next(1, fault).on("/close"));
        }
        shop.world.todoist().set_latency(Duration::from_millis(200));
        shop.close().await;
        let ((), undone) = tokio::join!(shop.run(), async {
            until(|| async { shop.world.asked("POST", "/close") == 1 }).await;
            shop.cancel().await
        });
        assert_eq!(undone, Undone::Reopening);
        shop.run().await;
        shop.run().await;
        assert!(!shop.is_done(), "failing: {failing}");
        assert_eq!(shop.world.asked("POST", "/close"), 1);
        assert_eq!(shop.world.asked("POST", "/reopen"), 1);
        assert_eq!(shop.waiting().await, 0);
    }
}

/// Kills the worker in the middle of a job, and lets six minutes go by.
async fn die(shop: &Shop) {
    shop.world.todoist().set_latency(Duration::from_millis(200));
    shop.close().await;
    tokio::select! {
        () = shop.run() => panic!("it should have died"),
        () = until(|| async { shop.world.asked("POST", "/close") == 1 }) => {}
    }
    shop.world.todoist().set_latency(Duration::ZERO);
    assert_eq!(shop.waiting().await, 0);
    // What Todoist made of the request, nobody has heard.
    shop.world.todoist().complete(&shop.world.account, &shop.task);

    sqlx::query(
        "update graphile_worker._private_jobs set locked_at = now() - interval '6 minutes'",
    )
    .execute(&shop.world.db)
    .await
    .unwrap();
    let utils = WorkerUtils::new(shop.world.db.clone(), "graphile_worker");
    let swept = utils.sweep_stale_workers(SweepStaleWorkersOptions::default()).await.unwrap();
    assert_eq!(shop.waiting().await, 1, "{swept:?}");
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_a_dead_worker_began_is_not_done_twice(db: PgPool) {
    let shop = Shop::repeating(db).await;
    die(&shop).await;
    let date = shop.date();
    shop.recover().await;
    assert_eq!(shop.waiting().await, 0);
    assert_eq!(shop.date(), date);
    assert_eq!(shop.world.asked("POST", "/close"), 1);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_a_dead_worker_began_is_reopened(db: PgPool) {
    let shop = Shop::new(db).await;
    die(&shop).await;
    assert_eq!(shop.cancel().await, Undone::Reopening);
    shop.recover().await;
    assert!(!shop.is_done());
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn the_last_wish_counts(db: PgPool) {
    let shop = Shop::new(db).await;
    shop.close().await;
    shop.run().await;
    // Done, undone, and done again before the worker came.
    assert_eq!(shop.cancel().await, Undone::Reopening);
    shop.close().await;
    assert_eq!(shop.waiting().await, 1);
    shop.run().await;
    assert!(shop.is_done());
    assert_eq!(shop.world.asked("POST", "/reopen"), 0);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_is_no_more_needs_no_closing(db: PgPool) {
    let shop = Shop::new(db).await;
    shop.close().await;
    shop.world.todoist().delete(&shop.world.account, &shop.task);
    shop.run().await;
    assert_eq!(shop.waiting().await, 0);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn without_leave_to_write_nothing_is_written(db: PgPool) {
    let shop = Shop::new(db).await;
    shop.world.connect(Access::Read).await;
    shop.close().await;
    shop.run().await;
    assert_eq!(shop.waiting().await, 0);

    shop.world.integrations.disconnect(USER).await.unwrap();
    shop.close().await;
    shop.run().await;
    assert_eq!(shop.waiting().await, 0);
    assert!(!shop.is_done());
    assert_eq!(shop.world.asked("POST", "/close"), 0);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_job_waits_for_a_broken_connection(db: PgPool) {
    let shop = Shop::new(db).await;
    shop.world.todoist().revoke(&shop.world.account);
    shop.close().await;
    shop.run().await;
    shop.run().await;
    assert_eq!(shop.waiting().await, 1);

    shop.world.connect(Access::ReadWrite).await;
    shop.run().await;
    assert!(shop.is_done());
    assert_eq!(shop.waiting().await, 0);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_is_no_longer_allowed_is_not_done(db: PgPool) {
    let shop = Shop::new(db).await;
    for consent in [Consent::WriteTasks, Consent::ReadTasks] {
        shop.close().await;
        shop.world.answer(&[(consent, false)]).await;
        shop.run().await;
        assert_eq!(shop.waiting().await, 0, "{consent:?}");
        shop.world.answer(&[(consent, true)]).await;
    }
    assert!(!shop.is_done());
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_is_done_is_not_written_down_where_that_is_not_allowed(db: PgPool) {
    let shop = Shop::new(db).await;
    shop.world.answer(&[(Consent::KeepHistory, false)]).await;
    shop.close().await;
    shop.run().await;
    assert!(shop.is_done());
    assert_eq!(shop.log().await, Vec::<&str>::new());
}
