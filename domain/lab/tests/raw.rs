//! Bandits over raw vectors.
#![expect(clippy::unwrap_used, reason = "what fails, fails the test")]

use lab::raw::{Decide, FLOOR, POLICIES, Raw, React, run};
use rand::{RngExt, SeedableRng, rngs::ChaCha12Rng};
use serde_json::Value;

fn answers(policy: &str, lines: &[u8]) -> Vec<Value> {
    let mut output = Vec::new();
    run(&mut Raw::new(policy, FLOOR, 1).unwrap(), lines, &mut output).unwrap();
    String::from_utf8(output).unwrap().lines().map(|it| serde_json::from_str(it).unwrap()).collect()
}

/// The mean reward in the last 200 of 600 rounds, in which the arm of the greatest linear function is right.
fn learned(policy: &str, seed: u64) -> f64 {
    let mut rng = ChaCha12Rng::seed_from_u64(seed);
    let mut raw = Raw::new(policy, FLOOR, seed).unwrap();
    let arms: Vec<String> = ["a", "b", "c"].map(str::to_owned).to_vec();
    let mut sum = 0.0;
    for round in 0..600 {
        // On quite different scales.
        let x = [rng.random_range(-1.0..1.0), 1e4 * rng.random_range(-1.0..1.0), 7.0];
        let values: [f64; 3] = [x[0], x[1] / 1e4, -x[0] - x[1] / 1e4];
        let right = (0..3).max_by(|a, b| values[*a].total_cmp(&values[*b])).unwrap();
        let context = x.to_vec();
        let ask = Decide { context: context.clone(), arms: arms.clone() };
        let chosen = raw.decide(&ask).unwrap();
        assert!(chosen.propensity >= FLOOR - 1e-12 && chosen.propensity <= 1.0);
        let reward = f64::from(u8::from(chosen.chosen == arms[right]));
        raw.react(&React { arm: chosen.chosen, context, reward }).unwrap();
        sum += if round >= 400 { reward } else { 0.0 };
    }
    sum / 200.0
}

#[test]
fn it_learns_a_linear_problem() {
    for policy in ["kernel", "lin_ucb", "linear_thompson"] {
        let reward = learned(policy, 2);
        assert!(reward > 0.8, "{policy}: {reward}");
    }
    assert!(learned("random", 2) < 0.5);
}

#[test]
fn the_same_seed_learns_the_same() {
    for policy in POLICIES {
        assert!((learned(policy, 4) - learned(policy, 4)).abs() < 1e-12, "{policy}");
    }
}

#[test]
fn odd_contexts_and_malformed_lines_do_no_harm() {
    for policy in POLICIES {
        let lines = b"{\"op\":\"react\",\"arm\":\"z\",\"context\":[],\"reward\":-3}\n\
            {\"op\":\"decide\",\"context\":[],\"arms\":[\"z\",\"y\"],\"more\":1}\n\
            {\"op\":\"decide\",\"context\":[1],\"arms\":[\"z\"]}\n\
            {\"op\":\"decide\",\"context\":[],\"arms\":[]}\n\
            {\"op\":\"decide\",\"context\":[NaN],\"arms\":[\"z\"]}\n\
            \xff\n\
            {\"op\":\"decide\",\"context\":[],\"arms\":[\"y\"]}\n";
        let answers = answers(policy, lines);
        let is_error: Vec<bool> = answers.iter().map(|it| it["error"].is_string()).collect();
        assert_eq!(is_error, [false, true, true, true, true, false], "{policy}");
        assert_eq!(answers[5]["propensity"], 1.0, "{policy}");

        let huge = b"{\"op\":\"decide\",\"context\":[1e308,5],\"arms\":[\"a\",\"b\"]}\n\
            {\"op\":\"react\",\"arm\":\"a\",\"context\":[-1e308,5],\"reward\":1e308}\n\
            {\"op\":\"decide\",\"context\":[-1e308,5],\"arms\":[\"a\",\"b\"]}\n";
        for answer in self::answers(policy, huge) {
            assert!(answer["propensity"].as_f64().is_some_and(|it| it > 0.0), "{policy}");
        }
    }
}

#[test]
fn an_unknown_policy_or_floor_is_refused() {
    let error = Raw::new("best", FLOOR, 1).err().unwrap().to_string();
    assert!(error.contains("kernel"), "{error}");
    assert!(Raw::new("kernel", 0.7, 1).is_err());
    assert!(Raw::new("personal", 0.0, 1).is_ok());
}
