//! Logs: structured, and free of what is personal. Spans and events name identifiers, never a token, an
//! address, a title or a query string.

use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};

/// Libraries whose warnings about broken cookies and slow pools are not ours to repeat.
const QUIET: &str = "tower_sessions=error,tower_sessions_core=error,graphile_worker=warn,sqlx=warn";

/// Starts logging. A second call changes nothing, so that tests may build many applications.
pub(crate) fn init(log: &Log) {
    let filter = EnvFilter::try_new(format!("{QUIET},{}", log.filter))
        .unwrap_or_else(|_| EnvFilter::new(format!("{QUIET},info")));
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let _ = match log.format {
        LogFormat::Text => logs.try_init(),
        LogFormat::Json => logs.json().flatten_event(true).try_init(),
    };
}
