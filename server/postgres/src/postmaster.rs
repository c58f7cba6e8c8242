//! Postgres's main process as seen from outside: its pid file, whether it lives, signals to it.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::process::{Pid, Signal, kill_process};

/// The first lines of `postmaster.pid`.
#[derive(Debug)]
struct PidFile {
    pid: Pid,
    /// The data folder under the name that it had when the process was started.
    cluster: PathBuf,
}

impl PidFile {
    fn read(cluster: &Path) -> Option<Self> {
        let bytes = fs::read(cluster.join("postmaster.pid")).ok()?;
        let mut lines = bytes.split(|byte| *byte == b'\n');
        let pid = std::str::from_utf8(lines.next()?).ok()?.trim().parse().ok()?;
        let cluster = PathBuf::from(OsStr::from_bytes(lines.next()?));
        // A single-user PostgreSQL writes a negative number; no process id is below 1.
        let pid = if pid > 0 { Pid::from_raw(pid)? } else { return None };
        Some(Self { pid, cluster })
    }
}

/// The process that runs the cluster now, left behind by a predecessor.
///
/// A process id proves nothing: in a container the numbers are small and soon belong to somebody else. So
/// the process must have been started as a Postgres for this folder.
pub(crate) fn running(cluster: &Path) -> Option<Pid> {
    let found = PidFile::read(cluster)?;
    if !is_postmaster(found.pid, &found.cluster) {
        return None;
    }

    // The folder may have been moved while PostgreSQL ran. When it was copied, the original has it.
    let copied = found.cluster != cluster
        && PidFile::read(&found.cluster).is_some_and(|original| original.pid == found.pid);
    (!copied).then_some(found.pid)
}

/// Removes a pid file whose process is somebody else by now: Postgres would take it for a rival. It
/// handles all the other leftovers, including orphaned children of a killed main process, better than we
/// could. Only after [`running`] found nobody.
pub(crate) fn remove_stale(cluster: &Path, socket: &Path) {
    if PidFile::read(cluster).is_some_and(|found| exists(found.pid)) {
        tracing::info!("the pid file in {} is stale and is removed", cluster.display());
        // What cannot be removed makes PostgreSQL complain, and it says so better than we could.
        let _ = fs::remove_file(cluster.join("postmaster.pid"));
    }
    let mut socket_lock = socket.as_os_str().to_owned();
    socket_lock.push(".lock");
    let _ = fs::remove_file(socket_lock);
    let _ = fs::remove_file(socket);
}

/// Sends a signal. A process that is gone already has done what was asked.
pub(crate) fn signal(pid: Pid, signal: Signal) {
    if let Err(error) = kill_process(pid, signal) {
        tracing::debug!("process {} was not signalled: {error}", pid.as_raw_nonzero());
    }
}

fn exists(pid: Pid) -> bool {
    rustix::process::test_kill_process(pid).is_ok()
}

/// Whether `pid` is a Postgres that was started on `cluster`; one whose arguments do not tell has the
/// benefit of the doubt. A process that ended and that nobody has waited for is none: its name is gone.
pub(crate) fn is_postmaster(pid: Pid, cluster: &Path) -> bool {
    command_line(pid).is_some_and(|line| {
        let words: Vec<&[u8]> = line.split(|byte| *byte == 0).collect();
        let program = words.first().is_some_and(|program| program.ends_with(b"postgres"));
        let on_another = words.windows(2).any(|pair| {
            let folder = pair[1];
            pair[0] == b"-D" && folder.starts_with(b"/") && folder != cluster.as_os_str().as_bytes()
        });
        program && !on_another
    })
}

/// The words of a process' command line, each followed by a zero byte.
#[cfg(target_os = "linux")]
fn command_line(pid: Pid) -> Option<Vec<u8>> {
    fs::read(format!("/proc/{}/cmdline", pid.as_raw_nonzero())).ok()
}

/// The same where there is no `/proc`. Blanks part the words there, also those inside a folder's name: it
/// is taken to reach from our own ` -D ` to our own ` -c `.
#[cfg(not(target_os = "linux"))]
fn command_line(pid: Pid) -> Option<Vec<u8>> {
    let pid = pid.as_raw_nonzero().to_string();
    let output = std::process::Command::new("ps")
        .args(["-ww", "-o", "command=", "-p", &pid])
        .output()
        .ok()?;
    let line = String::from_utf8(output.stdout).ok()?;
    let line = line.split(" -c ").next()?.trim().replace(" -D ", "\0-D\0");
    Some(line.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_living_process_of_another_kind_is_no_postmaster() {
        let ourselves = rustix::process::getpid();

        assert!(exists(ourselves));
        assert!(!is_postmaster(ourselves, Path::new("/")));
    }
}
