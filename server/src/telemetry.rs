//! Logs: structured, and free of what is personal. Spans and events name identifiers, never a token, an
//! address, a title or a query string.

use std::{
    any::Any,
    io::{IsTerminal, stderr},
    panic::PanicHookInfo,
};

use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};

/// Libraries whose warnings about broken cookies and slow pools are not ours to repeat.
const QUIET: &str = "tower_sessions=error,tower_sessions_core=error,graphile_worker=warn,sqlx=warn";

/// Starts logging. A second call changes nothing, so that tests may build many applications.
pub(crate) fn init(log: &Log) {
    let filter = EnvFilter::try_new(format!("{QUIET},{}", log.filter))
        .unwrap_or_else(|_| EnvFilter::new(format!("{QUIET},info")));
    let logs = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(stderr().is_terminal())
        .with_writer(stderr);
    let _ = match log.format {
        LogFormat::Text => logs.try_init(),
        LogFormat::Json => logs.json().flatten_event(true).try_init(),
    };
    std::panic::set_hook(Box::new(tell_panic));
}

fn tell_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(place, message = tellable(panic.payload()), "a bug: oO panicked");
}

/// A message that was put together at run time may hold anything, such as the title that could not be cut;
/// one that stands in the code is told.
fn tellable(payload: &dyn Any) -> &'static str {
    payload.downcast_ref::<&'static str>().copied().unwrap_or("(withheld)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_tells_nothing_that_came_from_outside() {
        let fixed = std::panic::catch_unwind(|| panic!("never here")).expect_err("a panic");
        assert_eq!(tellable(&*fixed), "never here");

        let title = String::from("é, a title");
        let cut = std::panic::catch_unwind(|| title[..1].len()).expect_err("a panic");
        assert_eq!(tellable(&*cut), "(withheld)");
    }
}
