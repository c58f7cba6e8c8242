//! The pool of a decision: who may be the tip at this moment.

use std::collections::HashMap;

use advice::Library;
use integrations::{Task, TaskList};
use rand::{RngExt, rngs::ChaCha12Rng};
use serde::{Deserialize, Serialize};

use crate::features::{Features, Moment};
use crate::store::LastReaction;

/// At most this many tasks take part in a decision.
const TASKS: usize = 160;

/// At most this many pieces of advice take part in a decision.
const ADVICE: usize = 40;

/// A possible tip.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Candidate {
    /// `source:id`.
    pub(crate) key: String,
    /// What is known of it.
    pub(crate) features: Features,
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
