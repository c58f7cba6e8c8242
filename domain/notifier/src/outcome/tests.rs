use super::*;

fn noon() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

fn later(seconds: u64) -> Outcome {
    Outcome::Later { after: Some(Duration::from_secs(seconds)) }
}

/// Seconds until the next try, in an hour and a half of use.
fn wait(attempt: u32, outcome: Outcome, jitter: f64) -> Option<i64> {
    let expires_at = noon() + TimeDelta::minutes(90);
    retry_at(attempt, &outcome, noon(), expires_at, jitter).map(|at| (at - noon()).num_seconds())
}

#[test]
fn it_waits_twice_as_long_each_time_and_spreads() {
    let failed = Outcome::Later { after: None };
    let least: Vec<_> = (0..6).map(|attempt| wait(attempt, failed, 0.0)).collect();
    assert_eq!(least, [15, 15, 30, 60, 120, 240].map(Some));
    assert_eq!(wait(1, failed, 1.0), Some(30));
    assert_eq!(wait(u32::MAX, failed, 1.0), Some(60 * 60));
    assert_eq!(wait(1, failed, f64::NAN), None);
}

#[test]
fn it_waits_as_long_as_the_service_wants_and_those_of_one_moment_spread() {
    assert_eq!(wait(1, later(600), 0.0), Some(601));
    assert_eq!(wait(1, later(600), 1.0), Some(603));
    assert_eq!(wait(5, later(1), 0.0), Some(240));
}

#[test]
fn nothing_is_sent_again_that_is_of_no_use_or_cannot_succeed() {
    assert_eq!(wait(1, later(90 * 60), 0.0), None);
    let over = retry_at(1, &Outcome::Later { after: None }, noon(), noon(), 0.0);
    assert_eq!(over, None);
    for outcome in [
        Outcome::Accepted,
        Outcome::Gone,
        Outcome::TooLarge,
        Outcome::Refused { status: Some(403) },
        Outcome::Refused { status: None },
    ] {
        assert_eq!(wait(1, outcome, 0.5), None, "{outcome:?}");
    }
}
