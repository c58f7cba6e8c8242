//! Start, stop, and what stays.

use std::fs;

use oo_postgres::{Postgres, Settings};

use crate::support::{Folder, lives, run, text};

#[tokio::test]
async fn data_survives_a_restart() {
    let folder = Folder::new();

    let first = folder.start().await;
    first.create_database_if_missing("a \"name\", %20").await.unwrap();
    first.create_database_if_missing("a \"name\", %20").await.unwrap();
    let url = first.url("a \"name\", %20");
    run(&url, "create table kept as select 'still here' as word").await;
    let pid = first.pid();
    first.stop().await.unwrap();
    assert!(!lives(pid));

    let second = folder.start().await;
    assert_eq!(text(&url, "select word from kept").await, "still here");
    second.stop().await.unwrap();
}

#[tokio::test]
async fn a_lasting_one_is_safe_and_private() {
    let folder = Folder::new();
    let postgres = folder.start().await;
    let url = postgres.url("postgres");

    assert_eq!(text(&url, "show fsync").await, "on");
    assert_eq!(text(&url, "show data_checksums").await, "on");
    assert_eq!(text(&url, "show listen_addresses").await, "");
    assert_eq!(text(&url, "show server_encoding").await, "UTF8");
    assert_eq!(text(&url, "select session_user::text").await, "oo");
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn an_ephemeral_one_leaves_nothing() {
    let postgres = Postgres::start(Settings::ephemeral()).await.unwrap();
    let url = postgres.url("postgres");
    let cluster = text(&url, "show data_directory").await;

    assert_eq!(text(&url, "show fsync").await, "off");
    assert_eq!(text(&url, "show max_connections").await, "300");
    assert!(fs::exists(&cluster).unwrap());
    postgres.stop().await.unwrap();
    assert!(!fs::exists(&cluster).unwrap());
}

#[tokio::test]
async fn of_two_starts_one_wins_and_the_last_stop_counts() {
    let folder = Folder::new();

    let (one, other) = tokio::join!(folder.start(), folder.start());
    let pid = one.pid();
    assert_eq!(pid, other.pid());

    one.stop().await.unwrap();
    assert_eq!(text(&other.url("postgres"), "select 'on'").await, "on");
    other.stop().await.unwrap();
    assert!(!lives(pid));
}

#[tokio::test]
async fn an_open_connection_does_not_hold_up_the_stop() {
    let folder = Folder::new();
    let postgres = folder.start().await;
    let _open = crate::support::connect(&postgres.url("postgres")).await;

    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn dropped_it_is_told_to_stop_and_the_next_start_waits_for_that() {
    let folder = Folder::new();
    let pid = {
        let postgres = folder.start().await;
        postgres.pid()
    };

    let next = folder.start().await;
    assert_ne!(next.pid(), pid);
    next.stop().await.unwrap();
}
