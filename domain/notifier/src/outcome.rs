//! What came of sending a word, and whether to try again: the same whatever it was sent by.

use std::time::Duration;

use chrono::TimeDelta;
use kernel::Timestamp;

/// Before the second try; each further one waits twice as long.
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(30);

/// The longest wait that oO chooses by itself.
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(1);

/// What came of a sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The service has taken it. Whether anybody is shown it, nobody is told.
    Accepted,
    /// There is no such subscription or mailbox any more: delete it.
    Gone,
    /// It is too large for this service.
    TooLarge,
    /// Not now: the service has too much to do, fails, or cannot be reached.
    Later {
        /// How long the service wants not to be asked, if it says so; a day at the most.
        after: Option<Duration>,
    },
    /// It will not be taken, however often it is sent.
    Refused {
        /// The status that the service has answered with; nothing when it was not asked.
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

#[cfg(test)]
mod tests;
