//! What went wrong, for the operator.

use std::error::Error;

/// Logs `error` with all its causes, as far as they tell: once, where it turns into an answer.
pub fn log_failure(error: &dyn Error) {
    let mut causes = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        causes = format!("{causes}: {cause}");
        source = cause.source();
    }
    tracing::error!(error = causes, "a request failed");
}
