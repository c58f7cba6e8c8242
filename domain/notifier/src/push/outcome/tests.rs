use reqwest::header::{HeaderMap, HeaderValue};

use super::*;

fn noon() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

fn after(text: &'static str) -> Outcome {
    let headers = HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_static(text))]);
    let status = StatusCode::TOO_MANY_REQUESTS;
    outcome(&Ok(Answer { status, headers, body: Vec::new() }), noon())
}

fn later(seconds: u64) -> Outcome {
    Outcome::Later { after: Some(Duration::from_secs(seconds)) }
}

#[test]
fn a_service_names_seconds_or_a_moment() {
    assert_eq!(after("120"), later(120));
    assert_eq!(after(" 0 "), later(0));
    assert_eq!(after("Sat, 21 Nov 2026 12:01:30 GMT"), later(90));
    // Over already, and longer than anybody is believed.
    assert_eq!(after("Sat, 21 Nov 2026 11:00:00 GMT"), later(0));
    for long in ["18446744073709551615", "Sat, 21 Nov 2099 12:00:00 GMT"] {
        assert_eq!(after(long), later(24 * 60 * 60), "{long}");
    }
    for other in ["soon", "-1", "1.5", "18446744073709551616", ""] {
        assert_eq!(after(other), Outcome::Later { after: None }, "{other}");
    }
}
