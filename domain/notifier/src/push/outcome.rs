//! What a push service has answered (RFC 8030, section 5).

use std::time::Duration;

use chrono::DateTime;
use kernel::{
    Timestamp,
    http::{Answer, HttpError},
};
use reqwest::{StatusCode, header::RETRY_AFTER};

use crate::Outcome;

/// The longest that a service is believed.
const MOST_AFTER: Duration = Duration::from_hours(24);

/// Of what has come back: 404 and 410 say that the subscription is gone, 413 that the message is too large, 429 and 5xx
/// that it is to be tried again.
pub(super) fn outcome(answer: &Result<Answer, HttpError>, now: Timestamp) -> Outcome {
    let answer = match answer {
        Ok(answer) => answer,
        Err(HttpError::Timeout | HttpError::Unreachable) => return Outcome::Later { after: None },
        Err(_) => return Outcome::Refused { status: None },
    };
    match answer.status {
        status if status.is_success() => Outcome::Accepted,
        StatusCode::NOT_FOUND | StatusCode::GONE => Outcome::Gone,
        StatusCode::PAYLOAD_TOO_LARGE => Outcome::TooLarge,
        status if status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error() => {
            Outcome::Later { after: retry_after(answer, now) }
        }
        status => Outcome::Refused { status: Some(status.as_u16()) },
    }
}

/// Seconds, or a moment (RFC 9110, section 10.2.3).
fn retry_after(answer: &Answer, now: Timestamp) -> Option<Duration> {
    let text = answer.headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let at = || DateTime::parse_from_rfc2822(text).ok();
    let after = match text.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => (at()?.to_utc() - now).to_std().unwrap_or_default(),
    };
    Some(after.min(MOST_AFTER))
}

#[cfg(test)]
mod tests;
