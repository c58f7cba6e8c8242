//! Foreign logs.

use lab::evaluate::Evaluation;
use serde_json::{Value, json};

fn log() -> Value {
    json!({
        "action": [0, 1],
        "reward": [1.0, 0.0],
        "pscore": [0.5, 0.25],
        "action_dist": [[0.8, 0.2], [0.4, 0.6]],
        "q_hat": [[0.5, 0.1], [0.3, 0.2]],
        "lambda": [2.0],
    })
}

#[test]
fn a_small_log_is_evaluated_as_by_hand() {
    let json = Evaluation::of(&log().to_string()).unwrap().json();
    let json: Value = serde_json::from_str(&json).unwrap();
    // Weights 0.8/0.5 = 1.6 and 0.6/0.25 = 2.4; direct 0.42 and 0.24; residuals 0.5 and -0.2.
    let expected = [
        ("ipw", Value::Null, 0.8),
        ("snipw", Value::Null, 0.4),
        ("dm", Value::Null, 0.33),
        ("dr", Value::Null, 0.33 + 0.5 * (0.8 - 0.48)),
        ("sndr", Value::Null, 0.33 + 0.5 * (0.8 - 0.48) / 2.0),
        ("switch_dr", json!(2.0), 0.33 + 0.5 * 0.8),
        ("dr_os", json!(2.0), 0.33 + 0.5 * (0.5 * 3.2 / 4.56 - 0.2 * 4.8 / 7.76)),
    ];
    for ((name, lambda, value), estimate) in
        expected.iter().zip(json["estimates"].as_array().unwrap())
    {
        assert_eq!((&estimate["name"], &estimate["lambda"]), (&json!(name), lambda));
        assert!((estimate["value"].as_f64().unwrap() - value).abs() < 1e-12, "{estimate}");
    }
    assert_eq!(json["estimates"].as_array().unwrap().len(), expected.len());
}

#[test]
fn the_table_names_every_estimator() {
    let table = Evaluation::of(&log().to_string()).unwrap().table();
    assert_eq!(table.lines().count(), 8);
    assert!(table.contains("switch_dr"));
}

#[test]
fn what_is_wrong_with_a_log_is_said() {
    let with = |field: &str, value: Value| {
        let mut log = log();
        log[field] = value;
        Evaluation::of(&log.to_string()).err().unwrap()
    };
    assert!(with("reward", json!([1.0])).contains("reward"));
    assert!(with("q_hat", json!([[0.5, 0.1]])).contains("q_hat has 1 rows"));
    assert!(with("q_hat", json!([[0.5, 0.1], [0.3]])).contains("round 1"));
    assert!(with("action", json!([0, 7])).contains("action 7"));
    assert!(with("pscore", json!([0.5, 0.0])).contains("pscore"));
    assert!(with("pscore", json!("many")).contains("invalid type"));
    assert!(Evaluation::of("{").is_err() && Evaluation::of("{}").is_err());
    let error = Evaluation::of_file("no/such/log.json").err().unwrap().to_string();
    assert!(error.contains("no/such/log.json"), "{error}");
}
