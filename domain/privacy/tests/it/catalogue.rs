//! Whether the catalogue is all that is kept of a person.

use std::collections::BTreeSet;

use kernel::personal::Told;
use privacy::{Undeclared, undeclared};
use sha2::{Digest, Sha256};
use sqlx::PgPool;

use crate::support::House;

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn every_column_of_a_person_is_told_or_kept_back(db: PgPool) {
    integrations::jobs::migrate_jobs(&db).await.unwrap();
    let undeclared = undeclared(&db).await.unwrap();
    assert!(undeclared.is_empty(), "declare it in a PERSONAL of its module: {undeclared:#?}");
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_new_column_or_table_does_not_go_unnoticed(db: PgPool) {
    integrations::jobs::migrate_jobs(&db).await.unwrap();
    for change in [
        "alter table profile.preference add column favourite_colour text",
        "create schema elsewhere",
        "create table elsewhere.diary (user_id uuid not null, entry text)",
        "alter table auth.session drop column device",
    ] {
        sqlx::query(change).execute(&db).await.unwrap();
    }
    let column = |name: &str| Undeclared::Column(name.to_owned());
    let expected = [
        column("elsewhere.diary.entry"),
        column("elsewhere.diary.user_id"),
        column("profile.preference.favourite_colour"),
        Undeclared::Missing("auth.session.device".to_owned()),
    ];
    assert_eq!(undeclared(&db).await.unwrap(), expected);
}

/// Without it, a request that has begun before an erasure could leave something behind.
#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn whatever_is_a_persons_goes_with_them(db: PgPool) {
    let house = House::new(db).await;
    let user = house.person("ana").await;
    sqlx::query("delete from auth.user where user_id = $1")
        .bind(user.uuid())
        .execute(&house.db)
        .await
        .unwrap();
    // The queue of jobs is not ours: an erasure empties it.
    let left: Vec<_> = house.rows_of(user).await.into_keys().collect();
    assert_eq!(left, ["graphile_worker._private_job_queues", "graphile_worker._private_jobs"]);
}

#[test]
fn sections_have_names_of_their_own() {
    let titles: Vec<_> = privacy::tables().map(|table| table.title).collect();
    assert_eq!(titles.iter().collect::<BTreeSet<_>>().len(), titles.len(), "{titles:?}");
    let names: Vec<_> = privacy::tables().map(|table| table.name).collect();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{names:?}");
}

/// What a digest of the form was under each version that was ever published.
const PUBLISHED: [(u32, &str); 4] = [
    (1, "373dab64cc4a2c41"),
    (2, "3bb5f55e3e2958bd"),
    (3, "32d583a08665bfc2"),
    (4, "ec22af6f0a260a99"),
];

/// Whoever changes what an export holds raises `privacy::VERSION`, adds its digest above, and writes the file anew:
/// `cargo run -q -p privacy --example schema > docs/export.schema.json`.
#[test]
fn another_form_has_another_version() {
    let sections = privacy::tables().rev().map(|table| {
        let told = table.columns.iter().filter(|it| !matches!(it.told, Told::KeptBack(_)));
        format!("{}: {}", table.title, told.map(|it| it.name).collect::<Vec<_>>().join(", "))
    });
    let form = sections.collect::<Vec<_>>().join("\n");
    let digest: [u8; 32] = Sha256::digest(&form).into();
    let digest = format!("{:016x}", u64::from_be_bytes(*digest.first_chunk().unwrap()));
    assert_eq!(PUBLISHED.last(), Some(&(privacy::VERSION, digest.as_str())), "{form}");
}

#[test]
fn the_published_form_is_the_one_that_is_written() {
    let published = include_str!("../../../../docs/export.schema.json");
    assert_eq!(published, format!("{:#}\n", privacy::schema()));
}
