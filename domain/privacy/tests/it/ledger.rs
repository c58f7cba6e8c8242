//! Who was erased stays so, whatever a backup says.

use std::{collections::BTreeMap, fs, os::unix::fs::PermissionsExt};

use privacy::Erasure;
use sqlx::{AssertSqlSafe, PgPool};

use crate::support::House;

/// The rows of somebody, as a backup has them, and a way back.
struct Backup(Vec<(&'static str, Vec<String>)>);

impl Backup {
    async fn of(house: &House, user: kernel::UserId) -> Self {
        let mut tables = Vec::new();
        for table in privacy::tables().rev() {
            let rows =
                format!("select to_json(it)::text from {} it where {}", table.name, table.whose);
            let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(rows))
                .bind(user.uuid())
                .fetch_all(&house.db)
                .await
                .unwrap();
            tables.push((table.name, rows));
        }
        Self(tables)
    }

    /// The database is as it was, and knows of no erasure.
    async fn restore(&self, house: &House) {
        sqlx::query("delete from privacy.erasure").execute(&house.db).await.unwrap();
        for (table, rows) in &self.0 {
            // Those columns of the queue that are generated do not let themselves be written.
            for row in rows.iter().filter(|_| !table.starts_with("graphile_worker.")) {
                let insert = format!(
                    "insert into {table} select * from json_populate_record(null::{table}, $1::json)"
                );
                sqlx::query(AssertSqlSafe(insert)).bind(row).execute(&house.db).await.unwrap();
            }
        }
    }
}

async fn known(house: &House) -> i64 {
    sqlx::query_scalar("select count(*) from privacy.erasure").fetch_one(&house.db).await.unwrap()
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn who_comes_back_from_a_backup_is_erased_again(db: PgPool) {
    let house = House::new(db).await;
    // Who comes first runs the house, and goes on doing so.
    let (bo, ana) = (house.person("bo").await, house.person("ana").await);
    let backup = Backup::of(&house, ana).await;
    house.privacy.erase(ana).await.unwrap();
    let others = house.dump_of(bo).await;
    assert_eq!(house.privacy.keep_gone().await.unwrap(), 0);

    backup.restore(&house).await;
    assert!(house.rows_of(ana).await.len() > 10);
    assert_eq!(known(&house).await, 0);
    assert_eq!(house.privacy.keep_gone().await.unwrap(), 1);
    assert_eq!(house.rows_of(ana).await, BTreeMap::new());
    assert_eq!(house.dump_of(bo).await, others);
    assert_eq!(known(&house).await, 1);
    // And their tokens of then are given back.
    let jobs: i64 = sqlx::query_scalar(
        "select count(*) from graphile_worker.jobs where task_identifier = 'todoist_revoke'",
    )
    .fetch_one(&house.db)
    .await
    .unwrap();
    assert_eq!(jobs, 2);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn each_half_of_the_ledger_learns_from_the_other(db: PgPool) {
    let house = House::new(db).await;
    let (ana, bo) = (house.stranger("ana").await, house.stranger("bo").await);
    house.privacy.erase(ana).await.unwrap();
    house.privacy.erase(bo).await.unwrap();
    let text = fs::read_to_string(house.ledger()).unwrap();
    assert_eq!(text.lines().count(), 2);
    assert!(!text.contains(&ana.to_string()), "{text}");
    assert_eq!(fs::metadata(house.ledger()).unwrap().permissions().mode() & 0o777, 0o600);

    // A file that is lost, a line that a crash has cut off, a line of somebody's own.
    fs::remove_file(house.ledger()).unwrap();
    house.privacy.keep_gone().await.unwrap();
    assert_eq!(fs::read_to_string(house.ledger()).unwrap().lines().count(), 2);
    let (first, _) = text.split_once('\n').unwrap();
    fs::write(house.ledger(), format!("note to self\n{}", &first[..70])).unwrap();
    house.privacy.keep_gone().await.unwrap();
    let text = fs::read_to_string(house.ledger()).unwrap();
    assert_eq!(text.lines().count(), 4, "{text}");

    sqlx::query("delete from privacy.erasure").execute(&house.db).await.unwrap();
    house.privacy.keep_gone().await.unwrap();
    assert_eq!(known(&house).await, 2);
    assert_eq!(fs::read_to_string(house.ledger()).unwrap(), text, "nothing is there twice");
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn without_its_file_everybody_can_leave_all_the_same(db: PgPool) {
    let house = House::new(db).await;
    // A folder stands in its place.
    fs::create_dir_all(house.ledger()).unwrap();
    let ana = house.person("ana").await;
    house.privacy.erase(ana).await.unwrap();
    assert_eq!(house.rows_of(ana).await, BTreeMap::new());
    assert_eq!(known(&house).await, 1);
    assert_eq!(house.privacy.keep_gone().await.unwrap(), 0);
}

#[test]
fn a_hash_is_of_one_person() {
    let user = |number| kernel::UserId(uuid::Uuid::from_u128(number));
    assert_ne!(Erasure::hash(user(1)), Erasure::hash(user(2)));
    assert_eq!(Erasure::hash(user(1)), Erasure::hash(user(1)));
}
