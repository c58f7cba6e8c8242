//! What a predecessor leaves behind that was killed.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::support::{Folder, kill, lives, run, text};

/// `oo-postgres exec` on the folder, with Postgres running, and its `DATABASE_URL`.
fn a_server(folder: &Folder) -> (Child, String) {
    let mut server = Command::new(env!("CARGO_BIN_EXE_oo-postgres"))
        .arg("exec")
        .arg("--data")
        .arg(folder.data())
        .args(["--", "sh", "-c", "echo $DATABASE_URL; read -r _"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut url = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut url).unwrap();
    (server, url.trim().to_owned())
}

#[tokio::test]
async fn a_running_one_is_adopted() {
    let folder = Folder::new();
    let (mut server, url) = a_server(&folder);
    run(&url, "create table kept as select 'before' as word").await;
    let pid = text(&url, "select split_part(pg_read_file('postmaster.pid'), E'\\n', 1)").await;

    server.kill().unwrap();
    server.wait().unwrap();
    let next = folder.start().await;

    assert_eq!(next.pid().to_string(), pid);
    assert_eq!(text(&next.url("oo"), "select word from kept").await, "before");
    next.stop().await.unwrap();
    assert!(!lives(pid.parse().unwrap()));
}

#[tokio::test]
async fn one_whose_handle_was_forgotten_is_adopted() {
    let folder = Folder::new();
    let first = folder.start().await;
    let pid = first.pid();
    // As in a crash, except that this process still counts as a user of the cluster.
    std::mem::forget(first);

    let second = folder.start().await;
    assert_eq!(second.pid(), pid);
    second.stop().await.unwrap();
    assert!(lives(pid), "the forgotten one may still need it");

    kill(pid.cast_unsigned(), "-INT");
}

#[tokio::test]
async fn a_killed_postmaster_is_followed_by_a_new_one() {
    let folder = Folder::new();
    let first = folder.start().await;
    let url = first.url("postgres");
    run(&url, "create table kept as select 'committed' as word").await;
    let _connection_that_outlives_it = crate::support::connect(&url).await;
    let pid = first.pid();
    kill(pid.cast_unsigned(), "-KILL");
    std::mem::forget(first);

    let second = folder.start().await;

    assert_ne!(second.pid(), pid);
    assert_eq!(text(&url, "select word from kept").await, "committed");
    kill(second.pid().cast_unsigned(), "-INT");
}

#[tokio::test]
async fn a_stale_pid_that_is_somebody_else_by_now_is_no_obstacle() {
    let folder = Folder::new();
    let first = folder.start().await;
    let pid_file = folder.cluster().join("postmaster.pid");
    let found = fs::read_to_string(&pid_file).unwrap();
    first.stop().await.unwrap();

    // A process of the same account, as Postgres would respect no other.
    let mut somebody_else = somebody_else(&folder);
    let (_, rest) = found.split_once('\n').unwrap();
    fs::write(&pid_file, format!("{}\n{rest}", somebody_else.id())).unwrap();
    let second = folder.start().await;

    assert_ne!(second.pid(), somebody_else.id().cast_signed());
    second.stop().await.unwrap();
    assert!(somebody_else.try_wait().unwrap().is_none(), "and is left in peace");
    somebody_else.kill().unwrap();
    somebody_else.wait().unwrap();
}

fn somebody_else(folder: &Folder) -> Child {
    use std::os::unix::fs::MetadataExt;
    use std::os::unix::process::CommandExt;

    let owner = fs::metadata(folder.cluster()).unwrap();
    let mut command = Command::new("sleep");
    command.arg("600");
    if owner.uid() != fs::metadata("/proc/self").unwrap().uid() {
        command.uid(owner.uid()).gid(owner.gid());
    }
    command.spawn().unwrap()
}

#[tokio::test]
async fn an_ephemeral_one_goes_with_its_killed_owner() {
    let mut owner = Command::new(env!("CARGO_BIN_EXE_oo-postgres"))
        .args(["exec", "--", "sh", "-c", "echo $DATABASE_URL; read -r _"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut url = String::new();
    BufReader::new(owner.stdout.take().unwrap()).read_line(&mut url).unwrap();
    let cluster = text(url.trim(), "show data_directory").await;

    owner.kill().unwrap();
    owner.wait().unwrap();

    let gone = async {
        while fs::exists(&cluster).unwrap() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), gone).await.unwrap();
}
