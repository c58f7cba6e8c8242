//! The binary, as an operator meets it.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Output, Stdio},
};

use server::config::Mode;
use sqlx::PgPool;
use tokio::{
    fs::File,
    io::{AsyncBufReadExt, BufReader},
    process::Command,
};

use crate::house::{House, database_url};

/// With nothing of our own environment, in a folder without `.env`.
pub(crate) fn oo(arguments: &[&str], variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_oo"));
    command
        .args(arguments)
        .env_clear()
        .envs(variables.iter().copied())
        .current_dir(std::env::temp_dir())
        .stdin(Stdio::null())
        .kill_on_drop(true);
    command
}

pub(crate) fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test]
async fn mistakes_end_it_and_are_told_at_once() {
    let variables = [("OO_POLICY", "hopeful"), ("OO_UNDO_SECONDS", "soon")];
    let output = oo(&[], &variables).output().await.unwrap();
    assert_eq!(output.status.code(), Some(1));
    let told = told(&output);
    assert!(told.contains("OO_POLICY: ") && told.contains("OO_UNDO_SECONDS: "), "{told}");
    assert!(!told.contains("hopeful"), "{told}");
}

#[tokio::test]
async fn the_demo_refuses_to_be_public() {
    let public = [("OO_BASE_URL", "https://oo.example.org")];
    let output = oo(&["demo"], &public).output().await.unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains("OO_BASE_URL: the demo has no public address"));

    let output = oo(&["demo", "--addr", "0.0.0.0:0"], &[]).output().await.unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains("the demo listens on this machine alone"));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn it_serves_is_healthy_and_stops_when_told_to(db: PgPool) {
    let url = database_url(&db);
    let data = std::env::temp_dir().join(crate::house::name(&db));
    let folder = data.to_string_lossy();
    let variables = [("DATABASE_URL", url.as_str()), ("OO_DATA_DIR", &folder)];
    let mut serving =
        oo(&["serve", "--addr", "127.0.0.1:0"], &variables).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(serving.stdout.take().unwrap()).lines();
    let line = lines.next_line().await.unwrap().unwrap();
    let addr = line.strip_prefix("oO is at http://").unwrap().trim_end_matches('/').to_owned();

    let healthy = oo(&["healthcheck", "--addr", &addr], &[]).output().await.unwrap();
    assert!(healthy.status.success(), "{}", told(&healthy));
    let taken = oo(&["serve", "--addr", &addr], &variables).output().await.unwrap();
    assert_eq!(taken.status.code(), Some(1));
    let reason = told(&taken);
    assert!(reason.contains(&addr) && reason.contains("LEPTOS_SITE_ADDR or --addr"), "{reason}");

    let pid = serving.id().unwrap().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().await.unwrap().success());
    assert!(serving.wait().await.unwrap().success());
    let unhealthy = oo(&["healthcheck", "--addr", &addr], &[]).output().await.unwrap();
    assert_eq!(unhealthy.status.code(), Some(1));
    fs::remove_dir_all(data).unwrap();
}

#[sqlx::test]
async fn migrate_makes_all_that_serving_needs(db: PgPool) {
    let url = database_url(&db);
    for _ in 0..2 {
        let output = oo(&["migrate"], &[("DATABASE_URL", &url)]).output().await.unwrap();
        assert!(output.status.success(), "{}", told(&output));
    }
    House::start(Mode::Serve, &db, &[]).await.stop().await;
}

/// A Postgres whose `initdb` tells `fifo` that it has begun, and never ends.
fn endless_postgres(folder: &Path, fifo: &Path) {
    fs::create_dir_all(folder).unwrap();
    let initdb =
        format!("#!/bin/sh\nexec 3>'{}'\necho begun >&3\nexec sleep 3600\n", fifo.display());
    let version = "#!/bin/sh\necho 'postgres (PostgreSQL) 17.2'\n";
    for (name, script) in [("initdb", initdb.as_str()), ("postgres", version)] {
        let program = folder.join(name);
        fs::write(&program, script).unwrap();
        fs::set_permissions(program, fs::Permissions::from_mode(0o755)).unwrap();
    }
}

#[tokio::test]
async fn a_start_that_is_stopped_leaves_nothing_running() {
    let folder = std::env::temp_dir().join(format!("oo-stopped-{}", std::process::id()));
    let fifo = folder.join("fifo");
    endless_postgres(&folder, &fifo);
    assert!(
        Command::new("mkfifo").args(["-m", "666"]).arg(&fifo).status().await.unwrap().success()
    );

    let (binaries, data) = (folder.to_string_lossy(), folder.join("data"));
    let data = data.to_string_lossy();
    let path = std::env::var("PATH").unwrap();
    let variables =
        [("PATH", path.as_str()), ("OO_POSTGRES_BIN", &binaries), ("OO_DATA_DIR", &data)];
    let mut starting = oo(&["demo", "--addr", "127.0.0.1:0"], &variables).spawn().unwrap();
    let mut lines = BufReader::new(File::open(&fifo).await.unwrap()).lines();
    assert_eq!(lines.next_line().await.unwrap().as_deref(), Some("begun"));

    let pid = starting.id().unwrap().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().await.unwrap().success());
    assert!(starting.wait().await.unwrap().success());
    // The pipe ends with the last process that could write to it.
    assert_eq!(lines.next_line().await.unwrap(), None);
    fs::remove_dir_all(folder).unwrap();
}
