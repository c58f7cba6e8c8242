//! For those who watch over oO.

use reqwest::StatusCode;
use server::config::Mode;
use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool, postgres::PgConnectOptions};

use crate::house::{House, name};

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn ready_tells_that_the_database_is_gone(db: PgPool) {
    let house = House::start(Mode::Serve, &db, &[]).await;
    let mut probe = house.browser();
    for path in ["/health", "/ready"] {
        let reply = probe.get(path).await;
        assert_eq!((reply.status, reply.text.as_str()), (StatusCode::OK, "ok"));
    }

    shut(&db).await;
    assert_eq!(probe.get("/ready").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(probe.get("/health").await.status, StatusCode::OK);
    // A page says so too, and in words.
    let mut browser = house.browser();
    browser.cookies().insert("__Host-oo".to_owned(), "AAAAAAAAAAAAAAAAAAAAAA".to_owned());
    let reply = browser.get("/").await;
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(reply.text.contains("not quite awake"), "{}", reply.text);
    house.stop().await;
}

/// Nobody gets into the database any more.
async fn shut(db: &PgPool) {
    let options: PgConnectOptions = (*db.connect_options()).clone().database("postgres");
    let mut elsewhere = PgConnection::connect_with(&options).await.unwrap();
    let statement = format!("alter database \"{}\" allow_connections false", name(db));
    sqlx::query(AssertSqlSafe(statement)).execute(&mut elsewhere).await.unwrap();
    sqlx::query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1")
        .bind(name(db))
        .execute(&mut elsewhere)
        .await
        .unwrap();
}
