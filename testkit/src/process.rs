//! A double as a process of its own.

use std::io::{self, Write};

use serde_json::Value;
use tokio::signal::unix::{SignalKind, signal};

/// Prints `ready`, all that a client needs, as one line, and waits until the process is told to end.
///
/// # Errors
/// When signals cannot be listened to, or nobody takes the line.
pub async fn until_told(ready: &Value) -> io::Result<()> {
    let (mut terminate, mut interrupt) =
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    writeln!(io::stdout(), "{ready}")?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}
