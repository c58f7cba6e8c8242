use std::collections::BTreeSet;

use serde_json::{Value, json};
use testkit::llm::{Fault, FaultRule, JUDGE, TIP_GENERATOR, hostile};

use crate::{SYSTEM, context, start, told};

#[tokio::test]
async fn a_step_a_pause_and_a_question_each_time_in_other_words() {
    let (_double, _, client) = start().await;
    let (mut texts, mut refs) = (BTreeSet::new(), BTreeSet::new());
    for _ in 0..20 {
        let candidates = client.candidates().await;
        let kinds: Vec<_> = candidates.iter().map(|candidate| &candidate["kind"]).collect();
        assert_eq!(kinds, ["step", "pause", "question"]);
        for candidate in &candidates {
            let text = candidate["text"].as_str().unwrap();
            assert!(text.is_ascii() && text.len() <= 160, "{text}");
            assert!((1..=30).contains(&candidate["minutes"].as_u64().unwrap()));
            texts.insert(text.to_owned());
        }
        let step = &candidates[0];
        let (task_ref, title) = match step["task_ref"].as_str().unwrap() {
            "t1" => ("t1", "Water the plants"),
            other => (other, "Write to Jonas"),
        };
        assert!(step["text"].as_str().unwrap().contains(title), "{step}");
        refs.insert(task_ref.to_owned());
        assert_eq!(
            (&candidates[1]["task_ref"], &candidates[2]["task_ref"]),
            (&Value::Null, &Value::Null)
        );
    }
    assert_eq!(texts.len(), 60);
    assert_eq!(refs.into_iter().collect::<Vec<_>>(), ["t1", "t2"]);
}

#[tokio::test]
async fn every_start_is_the_same() {
    let mut told = Vec::new();
    for _ in 0..2 {
        let (_double, _, client) = start().await;
        told.push((client.candidates().await, client.candidates().await));
    }
    assert_eq!(told[0], told[1]);
    assert_ne!(told[0].0, told[0].1);
}

#[tokio::test]
async fn the_judge_reacts_to_each() {
    let (_double, _, client) = start().await;
    let candidates: Vec<_> = (0..60)
        .map(|n| json!({ "id": format!("c{n}"), "text": format!("Walk {n} steps") }))
        .collect();
    let judge = async |profile: Value| {
        let asked = json!({ "profile": profile, "candidates": candidates });
        let (_, told) = told(&client.ask(JUDGE, &asked).await.unwrap());
        let content = told["choices"][0]["message"]["content"].as_str().unwrap();
        let content: Value = serde_json::from_str(content).unwrap();
        content["reactions"].as_array().unwrap().clone()
    };
    let of_ada = judge(json!({ "name": "Ada", "likes": "walks" })).await;
    let ids: Vec<_> = of_ada.iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(ids, (0..60).map(|n| format!("c{n}")).collect::<Vec<_>>());
    let kinds: BTreeSet<_> = of_ada.iter().map(|one| one["reaction"].as_str().unwrap()).collect();
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), ["dismiss", "done", "snooze"]);
    assert_eq!(judge(json!("Ada")).await, of_ada);
    assert_ne!(judge(json!("Ben")).await, of_ada);
}

#[tokio::test]
async fn it_says_what_it_is_told_to_once() {
    let (double, _, client) = start().await;
    double.handle().say("first");
    double.handle().say_all(["second", "third"]);
    // What goes wrong otherwise says nothing, and takes nothing away.
    double.handle().inject(FaultRule::next(1, Fault::Unavailable));
    double.handle().inject(FaultRule::next(1, Fault::Empty));
    assert_eq!(client.ask(TIP_GENERATOR, &context()).await.unwrap().status.as_u16(), 503);
    assert_eq!(client.content().await, "");
    for word in ["first", "second", "third"] {
        assert_eq!(client.content().await, word);
    }
    assert_eq!(client.candidates().await.len(), 3);
}

#[tokio::test]
async fn a_hostile_answer_has_one_good_candidate() {
    let (double, _, client) = start().await;
    double.handle().inject(FaultRule::next(1, Fault::Hostile));
    let candidates = client.candidates().await;
    let found = |text: &str| {
        let mut all = candidates.iter().filter(|candidate| candidate["text"] == text);
        let one = all.next().cloned().unwrap();
        assert!(all.next().is_none());
        one
    };
    let good = json!({ "kind": "pause", "text": hostile::GOOD, "task_ref": null, "minutes": 3 });
    assert_eq!(found(hostile::GOOD), good);
    for bad in hostile::BAD {
        let odd = [hostile::MADE_UP_TASK, hostile::PROPHECY].contains(&bad);
        assert_eq!(found(bad)["kind"] == "pause", !odd, "{bad}");
    }
    assert_eq!(found(hostile::MADE_UP_TASK)["task_ref"], hostile::MADE_UP_REF);
    assert_eq!(found(hostile::PROPHECY)["kind"], hostile::UNKNOWN_KIND);
    assert_eq!(hostile::LONG.chars().count(), 5000);
    assert!(hostile::LONG.starts_with(hostile::LONG_WORDS));

    let echo = hostile::echo(SYSTEM);
    assert_eq!(echo.chars().count(), hostile::ECHO.len() + hostile::ECHO_LENGTH);
    assert!(echo.ends_with(&SYSTEM[..hostile::ECHO_LENGTH]));
    found(&echo);
    assert_eq!(candidates.len(), hostile::BAD.len() + 2);
}
