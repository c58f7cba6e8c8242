//! A circuit breaker (Nygard, *Release It!*, 2007): who fails is left alone for a while, and then tried once.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::TimeDelta;
use kernel::Timestamp;

use super::ModelError;

/// It opens after so many failures in a row.
const FAILURES: u32 = 3;

/// The first pause; each further failure doubles it.
const SHORTEST: TimeDelta = TimeDelta::seconds(30);

/// The longest pause, whatever we are asked to wait.
const LONGEST: TimeDelta = TimeDelta::minutes(10);

/// One that is tried is not tried again before it has had time to answer.
const TRIAL: TimeDelta = TimeDelta::seconds(60);

/// What is known of the health of a service, by this process.
#[derive(Debug, Default)]
pub(super) struct Circuit(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// In a row.
    failures: u32,
    /// Nobody asks before this.
    closed_at: Option<Timestamp>,
}

impl Circuit {
    /// Whether somebody who asked would be let through.
    pub(super) fn is_closed(&self, now: Timestamp) -> bool {
        self.state().closed_at.is_none_or(|at| at <= now)
    }

    /// Lets one through; who is let through [settles](Circuit::settle). After a pause, one is tried before the
    /// others.
    pub(super) fn admit(&self, now: Timestamp) -> Result<(), ModelError> {
        let mut state = self.state();
        match state.closed_at {
            Some(at) if now < at => Err(ModelError::Open),
            Some(_) => {
                state.closed_at = Some(now + TRIAL);
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Takes note of how it went. That an answer is absurd does not mean that the next one will be.
    pub(super) fn settle(&self, now: Timestamp, error: Option<ModelError>) {
        use ModelError::{
            Cut, Empty, Malformed, Open, Refused, Status, Throttled, Timeout, TooLarge, Unreachable,
        };
        let mut state = self.state();
        let asked = match error {
            Some(Open) => return,
            None | Some(Malformed | Empty | Refused | Cut | TooLarge) => {
                *state = State::default();
                return;
            }
            Some(Throttled(wait)) => Some(asked(wait)),
            // Whom it does not know, or what: that does not mend itself soon.
            Some(Status(401 | 403 | 404)) => Some(LONGEST),
            // It may object to one question, and to no other.
            Some(Timeout | Unreachable | Status(_)) => None,
        };
        state.failures += 1;
        let backoff = state.failures.checked_sub(FAILURES).map(backoff);
        let pause = asked.into_iter().chain(backoff).max();
        // Another one's pause stands.
        state.closed_at = state.closed_at.max(pause.map(|pause| now + pause.min(LONGEST)));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How long we wait, when we are asked to.
fn asked(wait: Option<Duration>) -> TimeDelta {
    wait.map_or(SHORTEST, |wait| TimeDelta::from_std(wait).unwrap_or(LONGEST).max(SHORTEST))
}

/// The pause after so many failures more than it takes.
fn backoff(more: u32) -> TimeDelta {
    (SHORTEST * 2_i32.saturating_pow(more.min(10))).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn seconds(seconds: i64) -> Timestamp {
        NOW + TimeDelta::seconds(seconds)
    }

    #[test]
    fn it_opens_after_three_failures_in_a_row_and_tries_one() {
        let circuit = Circuit::default();
        for _ in 0..2 {
            circuit.admit(NOW).unwrap();
            circuit.settle(NOW, Some(ModelError::Timeout));
        }
        circuit.admit(NOW).unwrap();
        circuit.settle(NOW, None);
        for _ in 0..3 {
            assert!(circuit.is_closed(NOW));
            circuit.settle(NOW, Some(ModelError::Status(503)));
        }
        assert_eq!(circuit.admit(seconds(29)), Err(ModelError::Open));
        circuit.admit(seconds(30)).unwrap();
        assert_eq!(circuit.admit(seconds(30)), Err(ModelError::Open), "one is tried alone");

        circuit.settle(seconds(31), Some(ModelError::Unreachable));
        assert!(!circuit.is_closed(seconds(31 + 59)), "the pause is twice as long");
        circuit.admit(seconds(31 + 60)).unwrap();
        circuit.settle(seconds(92), None);
        assert!(circuit.is_closed(seconds(92)));
    }

    #[test]
    fn one_that_never_settles_is_tried_again_later() {
        let circuit = Circuit::default();
        circuit.settle(NOW, Some(ModelError::Throttled(None)));
        circuit.admit(seconds(30)).unwrap();
        assert!(!circuit.is_closed(seconds(89)));
        assert!(circuit.is_closed(seconds(90)));
    }

    #[test]
    fn it_waits_as_long_as_it_is_asked_to_within_reason() {
        for (wait, pause) in [(None, 30), (Some(90), 90), (Some(1), 30), (Some(1_000_000), 600)] {
            let circuit = Circuit::default();
            circuit.settle(NOW, Some(ModelError::Throttled(wait.map(Duration::from_secs))));
            assert!(!circuit.is_closed(seconds(pause - 1)), "{wait:?}");
            assert!(circuit.is_closed(seconds(pause)), "{wait:?}");
        }
    }

    #[test]
    fn absurd_answers_are_answers() {
        let circuit = Circuit::default();
        for error in [ModelError::Malformed, ModelError::Empty, ModelError::Cut] {
            for _ in 0..5 {
                circuit.settle(NOW, Some(error));
                assert!(circuit.is_closed(NOW));
            }
        }
    }

    #[test]
    fn a_key_that_is_refused_is_not_tried_at_every_turn() {
        let circuit = Circuit::default();
        circuit.settle(NOW, Some(ModelError::Status(401)));
        assert!(!circuit.is_closed(seconds(599)));
    }

    #[test]
    fn a_failure_does_not_end_the_pause_that_was_asked_for() {
        let circuit = Circuit::default();
        circuit.settle(NOW, Some(ModelError::Throttled(Some(Duration::from_mins(10)))));
        circuit.settle(seconds(5), Some(ModelError::Timeout));
        assert!(!circuit.is_closed(seconds(599)));
    }
}
