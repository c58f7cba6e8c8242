//! What the double proposes: a step towards a task, a pause, and a question.

mod templates;

use serde::Serialize;
use serde_json::Value;

use super::hash::hash;
use templates::{PAUSES, QUESTIONS, STEPS};

/// How long a proposal is at most, in characters.
const LENGTH: usize = 160;

/// How far apart two proposals are that follow one another: it has no divisor in common with the number of
/// templates, so that none comes again before all have.
const STRIDE: usize = 7;

/// A proposal, as oO wants it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Candidate {
    pub(super) kind: &'static str,
    pub(super) text: String,
    pub(super) task_ref: Option<String>,
    pub(super) minutes: u32,
}

#[derive(Serialize)]
struct Content<'a> {
    candidates: &'a [Candidate],
}

/// An answer's content, as JSON.
pub(super) fn content(candidates: &[Candidate]) -> String {
    // Nothing in it can fail to be JSON.
    serde_json::to_string(&Content { candidates }).unwrap_or_default()
}

/// A proposal of each kind, made from the context, which is JSON, and from how many there were `before`. Without
/// a task there is no step.
pub(super) fn propose(context: &str, before: usize) -> String {
    let known: Value = serde_json::from_str(context).unwrap_or_default();
    let tasks: Vec<_> = known["tasks"].as_array().into_iter().flatten().filter_map(task).collect();
    let start = usize::try_from(hash(&[context]) % 1000).unwrap_or_default();

    let step = at(&tasks, start + before).map(|(task_ref, title)| {
        let (text, minutes) = pick(STEPS, before);
        let (text, task_ref) = (about(text, title), Some((*task_ref).into()));
        Candidate { kind: "step", text, task_ref, minutes }
    });
    let alone = |kind, templates: &[(&str, u32)]| {
        let (text, minutes) = pick(templates, before);
        Candidate { kind, text: text.into(), task_ref: None, minutes }
    };
    let others = [alone("pause", PAUSES), alone("question", QUESTIONS)];
    content(&step.into_iter().chain(others).collect::<Vec<_>>())
}

/// What a task is called here, and its title.
fn task(task: &Value) -> Option<(&str, &str)> {
    Some((task["ref"].as_str()?, task["title"].as_str()?))
}

fn pick<'a>(templates: &[(&'a str, u32)], before: usize) -> (&'a str, u32) {
    at(templates, before.wrapping_mul(STRIDE)).copied().unwrap_or_default()
}

/// Counted round and round; nothing when there is none.
fn at<T>(all: &[T], index: usize) -> Option<&T> {
    all.get(index.checked_rem(all.len())?)
}

/// The template with the title in its place, cut where it would be too long.
fn about(template: &str, title: &str) -> String {
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let room = LENGTH.saturating_sub(template.len() - "{}".len());
    if title.chars().count() <= room {
        return template.replace("{}", &title);
    }
    let short: String = title.chars().take(room.saturating_sub("...".len())).collect();
    template.replace("{}", &format!("{}...", short.trim_end()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::*;

    #[test]
    fn every_template_fits_and_none_comes_twice() {
        for (templates, count) in [(STEPS, 30), (PAUSES, 20), (QUESTIONS, 20)] {
            let picked: BTreeSet<_> = (0..count).map(|before| pick(templates, before)).collect();
            assert_eq!((picked.len(), templates.len()), (count, count));
            for (text, minutes) in picked {
                assert!(text.is_ascii() && text.len() <= 100, "{text}");
                assert!((1..=30).contains(&minutes), "{text}");
                assert_eq!(text.contains("{}"), templates == STEPS, "{text}");
            }
        }
    }

    #[test]
    fn a_long_title_is_cut() {
        let title = "Tidy\nup ".repeat(40);
        let context = json!({ "tasks": [{ "ref": "t7", "title": title }] }).to_string();
        for before in 0..30 {
            let told: Value = serde_json::from_str(&propose(&context, before)).unwrap();
            let text = told["candidates"][0]["text"].as_str().unwrap();
            assert!(text.chars().count() <= LENGTH && text.contains("..."), "{text}");
            assert!(!text.contains('\n'), "{text}");
        }
    }

    #[test]
    fn without_a_task_there_is_no_step() {
        for context in ["", "nonsense", "[]", r#"{"tasks":[]}"#, r#"{"tasks":[{"ref":1}]}"#] {
            let told: Value = serde_json::from_str(&propose(context, 3)).unwrap();
            let candidates = told["candidates"].as_array().unwrap();
            let kinds: Vec<_> = candidates.iter().map(|candidate| &candidate["kind"]).collect();
            assert_eq!(kinds, ["pause", "question"], "{context}");
        }
    }
}
