//! How long it takes to read an answer of 200 candidates, all of them fit by themselves: at the median and at the 99th
//! percentile. The target is 2 ms.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench prints, and fails by panicking"
)]

use std::{collections::BTreeMap, hint::black_box, time::Instant};

use advice::{OpenTask, Prompts, Situation, Writer};
use kernel::PartOfDay;
use serde::Deserialize;
use serde_json::json;

const ROUNDS: usize = 2_000;

const CANDIDATES: usize = 200;

#[derive(Deserialize)]
struct Corpus {
    lines: Vec<BTreeMap<String, toml::Value>>,
}

fn main() {
    let corpus: Corpus =
        toml::from_str(include_str!("../tests/corpus/harmless.toml")).expect("the corpus");
    let texts = corpus.lines.iter().filter_map(|line| line["text"].as_str());
    let texts: Vec<&str> = texts.filter(|text| text.is_ascii()).take(CANDIDATES).collect();
    assert_eq!(texts.len(), CANDIDATES);
    let candidates: Vec<_> = texts
        .iter()
        .map(|text| json!({ "kind": "pause", "text": text, "task_ref": null, "minutes": 2 }))
        .collect();
    let content = json!({ "candidates": candidates }).to_string();
    let titles = ["Write the report for the meeting", "Call the bank about the card"];
    let task = |title: &str| OpenTask { title: title.to_owned(), ..OpenTask::default() };
    let situation = Situation {
        tasks: titles.map(task).into(),
        reactions: Vec::new(),
        patterns: Vec::new(),
        part: PartOfDay::Morning,
        weekday: "Monday".to_owned(),
    };
    let prompts = Prompts::shipped(&["calm-1"]).expect("the prompt");
    let prompt = prompts.iter().next().expect("one");
    let writer = Writer::new().expect("the rules");

    let mut times: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let begin = Instant::now();
            black_box(writer.read(black_box(&content), prompt, &situation)).expect("an answer");
            begin.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let (fit, refused) = writer.read(&content, prompt, &situation).expect("an answer");
    println!(
        "| read {CANDIDATES} candidates ({} fit, {} refused) | p50 {:.2} ms, p99 {:.2} ms |",
        fit.len(),
        refused.len(),
        times[ROUNDS / 2],
        times[ROUNDS * 99 / 100],
    );
}
