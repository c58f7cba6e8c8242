//! What came of a sending, and whether to try again.

use std::time::Duration;

use chrono::{DateTime, TimeDelta};
use kernel::{
    Timestamp,
    http::{Answer, HttpError},
};
use reqwest::{StatusCode, header::RETRY_AFTER};

/// Before the second try; each further one waits twice as long.
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(30);

/// The longest wait that oO chooses by itself.
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(1);

/// The longest that a service is believed.
const MOST_AFTER: Duration = Duration::from_hours(24);

/// What came of a sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The service has taken it. Whether a browser shows it, nobody is told.
    Accepted,
    /// There is no such subscription any more: delete it (404, 410).
    Gone,
    /// It is too large for this service (413).
    TooLarge,
    /// Not now: the service has too much to do (429), fails (5xx), or cannot be reached.
    Later {
        /// How long the service wants not to be asked, if it says so; a day at the most.
        after: Option<Duration>,
    },
    /// It will not be taken, however often it is sent: another status, or an address that is not allowed.
    Refused {
        /// What the service has answered; nothing when it was not asked.
        status: Option<u16>,
    },
}

impl Outcome {
    /// A word for a metric or a log.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Gone => "gone",
            Self::TooLarge => "too_large",
            Self::Later { .. } => "later",
            Self::Refused { .. } => "refused",
        }
    }

    /// Of what has come back.
    pub(super) fn of(answer: &Result<Answer, HttpError>, now: Timestamp) -> Self {
        let answer = match answer {
            Ok(answer) => answer,
            Err(HttpError::Timeout | HttpError::Unreachable) => return Self::Later { after: None },
            Err(_) => return Self::Refused { status: None },
        };
        match answer.status {
            status if status.is_success() => Self::Accepted,
            StatusCode::NOT_FOUND | StatusCode::GONE => Self::Gone,
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            status if status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error() => {
                Self::Later { after: retry_after(answer, now) }
            }
            status => Self::Refused { status: Some(status.as_u16()) },
        }
    }
}

/// When to send again what was sent for the `attempt`th time (1 is the first) at `sent_at`; never after what cannot
/// succeed, and never once it is of no use any more, at `expires_at`. `jitter`, from 0 to 1, spreads those that
/// failed together.
pub fn retry_at(
    attempt: u32,
    outcome: &Outcome,
    sent_at: Timestamp,
    expires_at: Timestamp,
    jitter: f64,
) -> Option<Timestamp> {
    let Outcome::Later { after } = outcome else { return None };
    let doubled = 1 << attempt.saturating_sub(1).min(16);
    let wait = (FIRST_WAIT * doubled).min(LONGEST_WAIT);
    let spread = wait.as_seconds_f64() / 2.0 * (1.0 + jitter.clamp(0.0, 1.0));
    let own = Duration::try_from_secs_f64(spread).ok()?;
    // A service that names a moment names it to everybody.
    let wait = after.map_or(own, |after| after + own / 8).max(own);
    let at = sent_at.checked_add_signed(TimeDelta::from_std(wait).ok()?)?;
    (at < expires_at).then_some(at)
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
