//! The prior that serves is the one that was promoted.

use kernel::{Timestamp, UserId};
use lab::{models, train::Trained};
use recommender::prior::{Table, shipped};
use server::config::Mode;
use sqlx::PgPool;
use uuid::Uuid;

use crate::house::House;

/// The fingerprint of the prior from which the newest tip was decided.
async fn decided_with(db: &PgPool) -> String {
    sqlx::query_scalar(
        "select snapshot ->> 'prior' from recommender.snapshot order by tip_id desc limit 1",
    )
    .fetch_one(db)
    .await
    .unwrap()
}

/// Promotes another prior, learned from `people`, and tells what it believes.
async fn promoted(db: &PgPool, people: &[UserId]) -> Table {
    let mut table = Table::of(&shipped());
    table.groups[0].mean = 0.25;
    let trained = Trained { prior: table.prior().unwrap(), answers: 400, gain: None };
    let at = Timestamp::from_timestamp(1_790_000_000, 0).unwrap();
    let baseline = Table::of(&shipped()).fingerprint();
    let model = models::register(db, &trained, people, &baseline, at).await.unwrap();
    models::promote(db, model.version, None, at).await.unwrap();
    table
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_decision_begins_with_what_was_promoted(db: PgPool) {
    let house = House::demo(&db).await;
    house.visitor().await.get("/").await;
    assert_eq!(decided_with(&db).await, Table::of(&shipped()).fingerprint());
    house.stop().await;

    let table = promoted(&db, &[]).await;
    let house = House::start(Mode::Demo, &db, &[]).await;
    let mut visitor = house.visitor().await;
    let page = visitor.get("/").await;
    let answer = [("tip_id", page.field("tip_id")), ("key", page.field("key"))];
    let mut form: Vec<(&str, &str)> =
        answer.iter().map(|(name, it)| (*name, it.as_str())).collect();
    form.push(("reaction", "dismiss"));
    visitor.post("/api/react", &form).await;
    assert_eq!(decided_with(&db).await, table.fingerprint());
    house.stop().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_was_learned_from_somebody_goes_when_they_say_so(db: PgPool) {
    let house = House::demo(&db).await;
    let mut visitor = house.visitor().await;
    let user: Uuid =
        sqlx::query_scalar("select user_id from auth.user").fetch_one(&db).await.unwrap();
    promoted(&db, &[UserId(user)]).await;

    visitor.post("/settings/consents", &[("consent", "write_tasks"), ("on", "false")]).await;
    assert!(models::serving(&db).await.unwrap().version.is_some(), "that is about something else");
    visitor.post("/settings/consents", &[("consent", "keep_history"), ("on", "false")]).await;
    assert_eq!(models::serving(&db).await.unwrap().version, None);
    assert_eq!(models::list(&db).await.unwrap(), []);
    house.stop().await;
}
