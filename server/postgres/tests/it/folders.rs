//! Folders in every state.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use oo_postgres::{Error, Postgres, Settings};

use crate::support::{Folder, text};

#[tokio::test]
async fn an_interrupted_initdb_is_done_again() {
    let folder = Folder::new();
    let unfinished = folder.data().join("cluster.new-1");
    fs::create_dir_all(unfinished.join("base")).unwrap();
    fs::write(unfinished.join("PG_VERSION"), "15\n").unwrap();

    let postgres = folder.start().await;
    assert_eq!(text(&postgres.url("postgres"), "select 'there'").await, "there");
    postgres.stop().await.unwrap();
    assert!(!unfinished.exists());
}

#[tokio::test]
async fn another_major_version_is_named_and_nothing_is_touched() {
    let folder = Folder::new();
    let postgres = folder.start().await;
    let ours = text(&postgres.url("postgres"), "show server_version").await;
    postgres.stop().await.unwrap();
    fs::write(folder.cluster().join("PG_VERSION"), "9.6\n").unwrap();

    let error = Postgres::start(Settings::new(folder.data())).await.unwrap_err();

    assert!(matches!(&error, Error::WrongVersion { data, .. } if data == "9.6"), "{error}");
    let major = ours.split('.').next().unwrap();
    assert!(error.to_string().contains(&format!("is version {major}")), "{error}");
}

#[tokio::test]
async fn a_long_path_gets_a_short_socket() {
    let folder = Folder::new();
    let data = folder.path().join("a long name, with \"quotes\" ".repeat(4)).join("postgres");
    let settings = Settings::new(data.clone());

    let postgres = Postgres::start(settings.clone()).await.unwrap();
    let url = postgres.url("postgres");
    assert!(url.contains("host=%2Ftmp%2Foo-"), "{url}");
    assert_eq!(text(&url, "show data_directory").await, data.join("cluster").to_str().unwrap());
    postgres.stop().await.unwrap();

    let again = Postgres::start(settings).await.unwrap();
    assert_eq!(again.url("postgres"), url);
    let socket_folder = text(&url, "show unix_socket_directories").await;
    again.stop().await.unwrap();
    fs::remove_dir_all(socket_folder.trim_matches('"')).unwrap();
}

#[tokio::test]
async fn an_unusual_path_is_no_obstacle() {
    let folder = Folder::new();
    let data = folder.path().join("ein \"Ördner\", 100%");

    let postgres = Postgres::start(Settings::new(&data)).await.unwrap();
    assert_eq!(text(&postgres.url("postgres"), "select 'there'").await, "there");
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn a_folder_with_other_things_is_left_alone() {
    let folder = Folder::new();
    fs::create_dir(folder.data()).unwrap();
    fs::write(folder.data().join("thesis.txt"), "three years of work").unwrap();
    let before = fs::metadata(folder.data()).unwrap().permissions().mode();

    let error = Postgres::start(Settings::new(folder.data())).await.unwrap_err();

    assert!(matches!(error, Error::NotACluster { .. }), "{error}");
    assert_eq!(fs::metadata(folder.data()).unwrap().permissions().mode(), before);
}

#[tokio::test]
async fn without_binaries_nothing_is_made() {
    let folder = Folder::new();
    let nowhere = Some(PathBuf::from("/nowhere"));
    let settings = Settings { binaries: nowhere, ..Settings::new(folder.data()) };

    let error = Postgres::start(settings).await.unwrap_err();

    assert!(matches!(error, Error::NoBinaries { .. }), "{error}");
    assert!(!folder.cluster().exists());
}

#[tokio::test]
async fn what_postgres_complains_about_is_passed_on() {
    let folder = Folder::new();
    folder.start().await.stop().await.unwrap();
    fs::remove_file(folder.cluster().join("global/pg_control")).unwrap();

    let error = Postgres::start(Settings::new(folder.data())).await.unwrap_err();

    assert!(matches!(error, Error::Exited { .. }), "{error}");
    assert!(error.to_string().contains("pg_control"), "{error}");
}
