//! The pool of a decision: who may be the tip at this moment.

use std::collections::HashMap;

use advice::Library;
use bandit::Feature;
use integrations::{Task, TaskList};
use kernel::{Timestamp, hours_between};
use rand::{RngExt, rngs::ChaCha12Rng};
use serde::{Deserialize, Serialize};

use crate::{
    features::{Features, Moment, Shown},
    store::{History, LastReaction},
};

/// At most this many tasks take part in a decision, the most urgent ones that are awake: each candidate costs the
/// others its floor of probability.
const TASKS: usize = 24;

/// At most this many pieces of advice take part in a decision: there are many, and a person's own tasks come first.
const ADVICE: usize = 6;

/// A possible tip.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Candidate {
    /// `source:id`.
    pub(crate) key: String,
    /// What is known of it.
    pub(crate) features: Features,
}

impl Candidate {
    /// What a policy sees of it.
    pub(crate) fn vector(&self) -> Vec<Feature> {
        self.features.vector(&self.key)
    }

    /// Adds what the person has seen of it.
    fn remember(&mut self, last: Option<&LastReaction>, history: &History, now: Timestamp) {
        let hours_ago = |at: &Timestamp| hours_between(*at, now).max(0.0);
        let shown = history.candidates.get(&self.key);
        self.features.shown = Shown {
            times: shown.map_or(0, |(times, _)| *times),
            hours_ago: shown.map(|(_, at)| hours_ago(at)),
            last: last.map(|last| last.answer),
            kind_hours_ago: history.kinds.get(&self.features.kind).map(hours_ago),
        };
    }
}

/// The key of a task.
pub(crate) fn task_key(id: &str) -> String {
    format!("todoist:{id}")
}

/// The key of a piece of advice.
pub(crate) fn advice_key(id: &str) -> String {
    format!("library:{id}")
}

/// The opaque id of a task, when `key` names one.
pub(crate) fn task_id(key: &str) -> Option<&str> {
    key.strip_prefix("todoist:")
}

/// The slug of a piece of advice, when `key` names one.
pub(crate) fn advice_id(key: &str) -> Option<&str> {
    key.strip_prefix("library:")
}

/// Every key that could be in the pool: those of which the last reaction must be known.
pub(crate) fn keys(tasks: &TaskList, library: &Library, moment: &Moment) -> Vec<String> {
    let tasks = tasks.tasks.iter().map(|task| task_key(&task.id));
    let advice = library.for_part(moment.part()).map(|advice| advice_key(&advice.id));
    tasks.chain(advice).collect()
}

/// The candidates that are awake, with their features. Advice is drawn at random where there is more of
/// it than takes part.
pub(crate) fn assemble(
    tasks: &TaskList,
    library: &Library,
    last: &HashMap<String, LastReaction>,
    history: &History,
    moment: &Moment,
    rng: &mut ChaCha12Rng,
) -> Vec<Candidate> {
    let mut pool: Vec<Candidate> = tasks
        .tasks
        .iter()
        .map(|task| Candidate {
            key: task_key(&task.id),
            features: Features::of_task(task, moment),
        })
        .zip(&tasks.tasks)
        .filter(|(candidate, task)| {
            last.get(&candidate.key).is_none_or(|last| is_awake(last, Some(task), moment))
        })
        .map(|(candidate, _)| candidate)
        .take(TASKS)
        .collect();

    let mut advice: Vec<Candidate> = library
        .for_part(moment.part())
        .map(|advice| Candidate {
            key: advice_key(&advice.id),
            features: Features::of_advice(advice, moment),
        })
        .filter(|candidate| {
            last.get(&candidate.key).is_none_or(|last| is_awake(last, None, moment))
        })
        .collect();
    while advice.len() > ADVICE {
        advice.swap_remove(rng.random_range(0..advice.len()));
    }

    pool.append(&mut advice);
    for candidate in &mut pool {
        candidate.remember(last.get(&candidate.key), history, moment.at);
    }
    pool
}

/// Whether a candidate may be a tip again after its last reaction. What is done stays done; only a
/// recurring task comes back, on the first of its dates after the one that was done.
fn is_awake(last: &LastReaction, task: Option<&Task>, moment: &Moment) -> bool {
    match (last.rests_until, task.and_then(|task| task.due)) {
        (Some(until), _) => until <= moment.at,
        (None, Some(due)) if due.recurring => {
            let date = due.date(&moment.zone);
            date <= moment.today() && last.due.is_some_and(|done| done < date)
        }
        (None, _) => false,
    }
}
