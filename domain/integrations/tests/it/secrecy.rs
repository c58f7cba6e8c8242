//! No word of a task and no token reaches the database, a log or an error.

use std::{
    fmt::Write,
    io,
    sync::{Arc, Mutex},
};

use chrono::TimeDelta;
use graphile_worker::WorkerOptions;
use integrations::{Access, Tokens, jobs};
use kernel::Clock;
use secrecy::ExposeSecret;
use sqlx::PgPool;
use testkit::todoist::{Due, Fault, FaultRule, NewTask};

use crate::support::{USER, World};

const CANARY: &str = "canaryzwitschert";

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Every row of every table as text, but those of Postgres itself.
async fn dump(db: &PgPool) -> String {
    let tables: Vec<String> = sqlx::query_scalar(
        "select format('%I.%I', schemaname, tablename)
         from pg_tables
         where schemaname not in ('pg_catalog', 'information_schema')",
    )
    .fetch_all(db)
    .await
    .unwrap();
    assert!(tables.iter().any(|table| table == "integrations.token"), "{tables:?}");
    assert!(tables.iter().any(|table| table == "graphile_worker._private_jobs"), "{tables:?}");

    let mut text = String::new();
    for table in tables {
        let rows = format!("select row.*::text from {table} as row");
        let rows: Vec<Option<String>> =
            sqlx::query_scalar(sqlx::AssertSqlSafe(rows)).fetch_all(db).await.unwrap();
        text.extend(rows.into_iter().flatten());
        text.push('\n');
    }
    text
}

/// As it is, and as Postgres writes bytes.
fn forms(secret: &str) -> [String; 2] {
    let hex = secret.bytes().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    });
    [secret.to_owned(), hex]
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn no_word_and_no_token_is_written_anywhere(db: PgPool) {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::DEBUG)
        .with_writer(move || writer.clone())
        .finish();
    // Each test has a process of its own.
    let _ = tracing_subscriber::util::SubscriberInitExt::try_init(subscriber);

    jobs::migrate_jobs(&db).await.unwrap();
    let world = World::new(db).await;
    let today = world.clock.now().date_naive().to_string();
    let task = |number: usize| NewTask {
        description: format!("{CANARY} described"),
        labels: vec![format!("{CANARY}-label")],
        project: Some(format!("{CANARY} project")),
        due: Some(Due::repeating(today.clone(), "every day")),
        ..NewTask::titled(format!("**{CANARY}** {number}"))
    };
    let ids = world.todoist().add_tasks(&world.account, (0..5).map(task).collect());
    let mut secrets: Vec<Tokens> = Vec::new();
    let mut errors = String::new();
    let mut told = |error: &dyn std::fmt::Debug| writeln!(errors, "{error:?}").unwrap();

    secrets.push(world.grant(Access::ReadWrite));
    world.integrations.connect_with_tokens(USER, secrets[0].clone()).await.unwrap();
    let list = world.fetch().await.unwrap();
    assert_eq!(list.tasks.len(), 5);
    assert!(list.tasks[0].content.contains(CANARY));
    told(&list);
    told(&list.tasks);
    told(&world.integrations);
    told(&secrets);

    for fault in [
        Fault::Garbage,
        Fault::WrongTypes,
        Fault::Html,
        Fault::Cut,
        Fault::ServerError,
        Fault::TooManyRequests { retry_after: 1 },
    ] {
        world.todoist().inject(FaultRule::always(fault));
        told(&world.fetch().await.unwrap_err());
        world.todoist().clear_faults();
        world.clock.advance(TimeDelta::seconds(2));
    }
    world.clock.advance(TimeDelta::minutes(61));
    world.fetch().await.unwrap();

    // Of two jobs one fails; what it failed with is in the table.
    let options = WorkerOptions::default().pg_pool(world.db.clone()).concurrency(1);
    let worker = jobs::register(options, &world.integrations).init().await.unwrap();
    let mut tx = kernel::db::begin(&world.db).await.unwrap();
    for id in &ids[..2] {
        jobs::enqueue_close(&mut tx, USER, id, TimeDelta::zero()).await.unwrap();
    }
    tx.commit().await.unwrap();
    world.todoist().inject(FaultRule::next(1, Fault::Garbage).on("/close"));
    world.todoist().inject(FaultRule::next(1, Fault::Unavailable).on("/close"));
    worker.run_once().await.unwrap();
    let mut tx = kernel::db::begin(&world.db).await.unwrap();
    jobs::cancel_close(&mut tx, USER, &ids[0]).await.unwrap();
    tx.commit().await.unwrap();
    worker.run_once().await.unwrap();

    let dump = dump(&world.db).await;
    assert!(dump.contains(&ids[0]) || dump.contains(&ids[1]), "the dump holds the job");
    world.integrations.disconnect(USER).await.unwrap();

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("todoist_close_task"), "the log holds the job");
    let mut hidden = vec![CANARY.to_owned()];
    for tokens in &secrets {
        hidden.push(tokens.access.expose_secret().to_owned());
        hidden.extend(tokens.refresh.iter().map(|token| token.expose_secret().to_owned()));
    }
    for secret in hidden.iter().flat_map(|secret| forms(secret)) {
        for (place, text) in [("database", &dump), ("log", &log), ("errors", &errors)] {
            assert!(!text.contains(&secret), "{secret} is in the {place}");
        }
    }
}
