//! Logs.

use tracing_subscriber::EnvFilter;

use super::reader::Reader;

/// What is logged, and in which form.
#[derive(Clone, Debug)]
pub struct Log {
    /// A filter of `tracing`, such as `info` or `server=debug`.
    pub filter: String,
    /// For eyes or for machines.
    pub format: LogFormat,
}

/// The form of a line of log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For eyes.
    Text,
    /// One JSON object a line.
    Json,
}

impl Log {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let filter = reader.text("OO_LOG").unwrap_or_else(|| "info".to_owned());
        if EnvFilter::try_new(&filter).is_err() {
            reader.mistake("OO_LOG", "it is not a filter such as info, or info,server=debug");
        }
        let format = match reader.text("OO_LOG_FORMAT").as_deref() {
            None | Some("text") => LogFormat::Text,
            Some("json") => LogFormat::Json,
            Some(_) => {
                reader.mistake("OO_LOG_FORMAT", "it is not `text` or `json`");
                LogFormat::Text
            }
        };
        Self { filter, format }
    }
}
