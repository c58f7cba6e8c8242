//! The program, as a script sees it.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Output, Stdio};

use crate::support::kill;

fn exec(command: &[&str]) -> Command {
    let mut exec = Command::new(env!("CARGO_BIN_EXE_oo-postgres"));
    exec.args(["exec", "--"]).args(command);
    exec
}

fn output(command: &[&str]) -> Output {
    exec(command).output().unwrap()
}

#[test]
fn the_exit_code_is_passed_on() {
    assert_eq!(output(&["sh", "-c", "exit 7"]).status.code(), Some(7));
    assert_eq!(output(&["sh", "-c", "kill -KILL $$"]).status.code(), Some(128 + 9));
    assert_eq!(output(&["/no/such/command"]).status.code(), Some(127));
}

#[test]
fn the_folder_is_gone_after_the_command_died() {
    let output = output(&["sh", "-c", "echo $DATABASE_URL; kill -KILL $$"]);

    let url = String::from_utf8(output.stdout).unwrap();
    let folder = url.split_once("host=").unwrap().1.split('&').next().unwrap().replace("%2F", "/");
    assert!(
        folder.starts_with('/') && !std::fs::exists(&folder).unwrap(),
        "{folder} is still there"
    );
}

#[test]
fn signals_are_passed_on() {
    for signal in ["INT", "TERM"] {
        let script = format!("trap 'echo told; exit 3' {signal}; echo ready; while :; do :; done");
        let mut exec = exec(&["sh", "-c", &script]).stdout(Stdio::piped()).spawn().unwrap();
        let mut output = BufReader::new(exec.stdout.take().unwrap());
        let mut ready = String::new();
        output.read_line(&mut ready).unwrap();
        assert_eq!(ready, "ready\n");

        kill(exec.id(), &format!("-{signal}"));

        let mut told = String::new();
        output.read_to_string(&mut told).unwrap();
        assert_eq!(told, "told\n");
        assert_eq!(exec.wait().unwrap().code(), Some(3));
    }
}
