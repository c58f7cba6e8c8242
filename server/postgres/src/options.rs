//! How Postgres is set for one small, private instance.

use std::ffi::OsString;
use std::path::Path;

/// For both kinds. What is not here is Postgres's own default; above all, `fsync` stays on.
const COMMON: [&str; 13] = [
    // A Unix socket that only its owner can open.
    "listen_addresses=",
    "port=5432",
    "unix_socket_permissions=0700",
    // Small machines, small data.
    "shared_buffers=96MB",
    "max_wal_size=256MB",
    "jit=off",
    "timezone=UTC",
    // To standard error, which is `postgres.log`. Errors of a statement go to whoever sent it and are
    // logged there; here they would only carry values of somebody's row, and fill the disk.
    "logging_collector=off",
    "log_timezone=UTC",
    "log_min_messages=log",
    "log_min_error_statement=panic",
    "log_error_verbosity=terse",
    "log_checkpoints=off",
];

const LASTING: [&str; 1] = ["max_connections=100"];

/// Nobody misses this data after a crash.
const EPHEMERAL: [&str; 6] = [
    "max_connections=300",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
];

/// The arguments of `postgres`.
pub(crate) fn arguments(cluster: &Path, socket_folder: &Path, ephemeral: bool) -> Vec<OsString> {
    let mut arguments = vec!["-D".into(), cluster.into()];
    let mode = if ephemeral { EPHEMERAL.as_slice() } else { LASTING.as_slice() };
    for option in COMMON.iter().chain(mode) {
        arguments.extend(["-c".into(), option.into()]);
    }

    // A list of folders: in quotes, a comma is a letter like any other.
    let folder = socket_folder.to_string_lossy().replace('"', "\"\"");
    arguments.extend(["-c".into(), format!("unix_socket_directories=\"{folder}\"").into()]);
    arguments
}
