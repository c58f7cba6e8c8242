//! The engine, driven by lines.
#![expect(clippy::unwrap_used, reason = "what fails, fails the test")]

use lab::play::{Chosen, Engine, run};
use serde_json::{Value, json};

/// What `policy` answers to these lines.
fn answers(policy: &str, seed: u64, lines: &[u8]) -> Vec<Value> {
    let mut engine = Engine::new(lab::policy(policy).unwrap(), seed);
    let mut output = Vec::new();
    run(&mut engine, lines, &mut output).unwrap();
    String::from_utf8(output).unwrap().lines().map(|it| serde_json::from_str(it).unwrap()).collect()
}

fn lines(all: &[Value]) -> Vec<u8> {
    all.iter().flat_map(|line| format!("{line}\n").into_bytes()).collect()
}

/// A decision at an hour after the beginning, among three tasks.
fn decide(user: &str, hour: usize) -> Value {
    let candidates = ["errand", "phone", "deep"].map(
        |label| json!({ "id": label, "source": "todoist", "kind": "todo", "labels": [label] }),
    );
    json!({ "op": "decide", "user": user, "at": at(hour), "candidates": candidates })
}

fn at(hour: usize) -> String {
    format!("2026-01-{:02}T{:02}:30:00Z", 5 + hour / 24, hour % 24)
}

fn react(user: &str, id: &str, reaction: &str, at: &str) -> Value {
    json!({ "op": "react", "user": user, "id": id, "reaction": reaction, "at": at })
}

const EXAMPLE: &str = r#"{"op":"decide","user":"u7","at":"2026-01-05T08:30:00Z","tz":"Europe/Berlin","candidates":[{"id":"t1","source":"todoist","kind":"todo","priority":4,"due_in_hours":3.5,"age_days":12.0,"duration_min":30,"labels":["errand"],"project":"home","text_len":42},{"id":"a3","source":"llm","kind":"breathe","prompt_version":"v2"}]}
{"op":"react","user":"u7","id":"t1","reaction":"done","at":"2026-01-05T09:30:00Z"}
{"op":"decide","user":"u7","at":"2026-01-05T10:30:00Z","candidates":[{"id":"x","priority":null,"labels":null,"mood":"new"}]}
"#;

#[test]
fn every_policy_speaks_the_protocol() {
    for policy in bandit::POLICIES {
        let answers = answers(policy, 1, EXAMPLE.as_bytes());
        let chosen: Vec<Chosen> =
            answers.into_iter().map(|it| serde_json::from_value(it).unwrap()).collect();
        assert_eq!(chosen.len(), 2, "{policy}");
        assert!(["t1", "a3"].contains(&chosen[0].chosen.as_str()), "{policy}");
        assert!(chosen[0].propensity > 0.0 && chosen[0].propensity <= 1.0, "{policy}");
        assert_eq!(chosen[1].chosen, "x", "{policy}");
    }
}

#[test]
fn a_malformed_line_is_told_once_and_the_run_goes_on() {
    let good = lines(&[decide("u", 0)]);
    let bad: [&[u8]; 14] = [
        b"hello\n",
        b"\n",
        b"[1]\n",
        b"\xff\xfe\n",
        b"{\"op\":\"dance\"}\n",
        b"{\"op\":\"decide\",\"user\":\"u\",\"at\":\"2026-01-05T08:30:00Z\",\"candidates\":[]}\n",
        b"{\"op\":\"decide\",\"user\":\"u\",\"at\":\"soon\",\"candidates\":[{\"id\":\"a\"}]}\n",
        b"{\"op\":\"decide\",\"user\":\"u\",\"candidates\":[{\"id\":\"a\"}]}\n",
        b"{\"op\":\"decide\",\"user\":\"u\",\"at\":\"2026-01-05T08:30:00Z\",\"candidates\":[{\"id\":\"a\",\"priority\":NaN}]}\n",
        b"{\"op\":\"decide\",\"user\":\"u\",\"at\":\"2026-01-05T08:30:00Z\",\"candidates\":[{\"id\":\"a\",\"priority\":\"high\"}]}\n",
        b"{\"op\":\"decide\",\"user\":\"u\",\"at\":\"2026-01-05T08:30:00Z\",\"candidates\":[{\"kind\":\"todo\"}]}\n",
        b"{\"op\":\"react\",\"user\":\"u\",\"id\":\"a\",\"reaction\":\"love\"}\n",
        b"{\"op\":\"react\",\"user\":7,\"id\":\"a\",\"reaction\":\"done\"}\n",
        b"{\"op\":\"decide\"",
    ];
    for line in bad {
        let answers = answers("personal", 1, &[good.as_slice(), line].concat());
        assert_eq!(answers.len(), 2, "{:?}", String::from_utf8_lossy(line));
        assert!(answers[0]["chosen"].is_string());
        assert!(answers[1]["error"].is_string());
    }
    let mut long = vec![b'x'; 17 << 20];
    long.push(b'\n');
    let answers = answers("personal", 1, &[long, good].concat());
    assert!(answers[0]["error"].is_string() && answers[1]["chosen"].is_string());
    assert_eq!(answers.len(), 2);
}

#[test]
fn the_same_seed_and_lines_give_the_same_answers() {
    let mut all = Vec::new();
    for hour in 0..30 {
        for user in ["a", "b", "c"] {
            all.push(decide(user, hour));
            all.push(react(user, "errand", "done", &at(hour)));
        }
    }
    let all = lines(&all);
    assert_eq!(answers("personal", 7, &all), answers("personal", 7, &all));
    assert_ne!(answers("personal", 7, &all), answers("personal", 8, &all));
}

#[test]
fn in_whatever_order_reactions_come_the_choices_are_the_same() {
    let decisions: Vec<Value> = (0..40).map(|hour| decide("u", hour)).collect();
    let shown = answers("personal", 3, &lines(&decisions));
    let reactions: Vec<Value> = (0..40)
        .map(|hour| {
            let id = shown[hour]["chosen"].as_str().unwrap();
            react("u", id, if id == "phone" { "done" } else { "dismiss" }, &at(hour))
        })
        .collect();
    // The first answers are other ones, and replaced; some come twice, none twice differently at the end.
    let mistaken = reactions.iter().map(|it| {
        let mut it = it.clone();
        it["reaction"] = json!("snooze");
        it
    });
    let backwards: Vec<Value> =
        mistaken.chain(reactions.iter().rev().cloned()).chain(reactions[..9].to_vec()).collect();
    let then: Vec<Value> = (40..60).map(|hour| decide("u", hour)).collect();

    let in_order = [decisions.clone(), reactions, then.clone()].concat();
    let out_of_order = [decisions, backwards, then].concat();
    let in_order = answers("personal", 3, &lines(&in_order));
    assert_eq!(in_order, answers("personal", 3, &lines(&out_of_order)));
    assert_eq!(in_order.len(), 60);
}

#[test]
fn a_reaction_belongs_to_the_newest_decision_that_is_not_later() {
    // Had the reaction fallen to the second decision, or to none, the third would be another one.
    let one = |id: &str, hour| json!({ "op": "decide", "user": "u", "at": at(hour), "candidates": [{ "id": id }] });
    let third = decide("u", 9);
    let with = |reactions: &[Value]| {
        let all = [&[one("x", 1), one("x", 5)], reactions, std::slice::from_ref(&third)].concat();
        answers("personal", 3, &lines(&all))[2].clone()
    };
    let early = with(&[react("u", "x", "done", &at(3))]);
    let repeated = with(&[react("u", "x", "dismiss", &at(4)), react("u", "x", "done", &at(1))]);
    assert_eq!(early, repeated);
    assert_eq!(with(&[react("u", "x", "done", &at(0))]), with(&[]));
}

#[test]
fn it_learns_what_a_person_does() {
    for policy in ["personal", "linear_thompson", "lin_ucb"] {
        let mut engine = Engine::new(lab::policy(policy).unwrap(), 5);
        let mut errands = 0;
        for day in 0..60 {
            let ask = decide("u", 8 + 24 * (day % 20));
            let mut ask: lab::play::Decide = serde_json::from_value(ask).unwrap();
            for (number, possible) in ask.candidates.iter_mut().enumerate() {
                possible.id = format!("{day}/{number}");
            }
            let chosen = engine.decide(&ask).unwrap().chosen;
            let is_errand = chosen.ends_with("/0");
            errands += usize::from(is_errand && day >= 40);
            let reaction = if is_errand { "done" } else { "dismiss" };
            let react = json!({ "user": "u", "id": chosen, "reaction": reaction });
            engine.react(&serde_json::from_value(react).unwrap());
        }
        assert!(errands >= 16, "{policy}: {errands} of 20");
    }
}
