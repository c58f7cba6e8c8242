//! The pool of a decision: who may be the tip at this moment.

use std::collections::HashMap;

use advice::{Idea, Library, Origin, Sign};
use bandit::Feature;
use integrations::{Task, TaskList};
use kernel::{Timestamp, hours_between};
use rand::{RngExt, rngs::ChaCha12Rng};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    features::{Features, Moment, Shown},
    store::{History, LastReaction},
};

/// At most this many tasks take part in a decision, the most urgent ones that are awake: each candidate costs the
/// others its floor of probability.
const TASKS: usize = 24;

/// At most this many pieces of advice take part in a decision: there are many, and a person's own tasks come first.
const ADVICE: usize = 6;

/// At most this many ideas of a language model take part in a decision, the newest ones.
const IDEAS: usize = 4;

/// A possible tip.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Candidate {
    /// `source:id`.
    pub(crate) key: String,
    /// What is known of it.
    pub(crate) features: Features,
    /// How it came to be, when a language model wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) origin: Option<Origin>,
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

/// The key of what a language model wrote.
pub(crate) fn idea_key(id: Uuid) -> String {
    format!("llm:{id}")
}

/// The opaque id of a task, when `key` names one.
pub(crate) fn task_id(key: &str) -> Option<&str> {
    key.strip_prefix("todoist:")
}

/// The slug of a piece of advice, when `key` names one.
pub(crate) fn advice_id(key: &str) -> Option<&str> {
    key.strip_prefix("library:")
}

/// The id of what a language model wrote, when `key` names it.
pub(crate) fn idea_id(key: &str) -> Option<Uuid> {
    key.strip_prefix("llm:")?.parse().ok()
}

/// Where candidates come from.
pub(crate) struct Sources<'a> {
    pub(crate) tasks: &'a TaskList,
    pub(crate) library: &'a Library,
    /// What a language model wrote, the newest first.
    pub(crate) ideas: &'a [Idea],
}

impl Sources<'_> {
    /// Every key that could be in the pool: those of which the last reaction must be known.
    pub(crate) fn keys(&self, moment: &Moment) -> Vec<String> {
        let tasks = self.tasks.tasks.iter().map(|task| task_key(&task.id));
        let advice = self.library.for_part(moment.part()).map(|advice| advice_key(&advice.id));
        let ideas = self.ideas.iter().map(|idea| idea_key(idea.id));
        tasks.chain(advice).chain(ideas).collect()
    }

    /// The candidates that are awake, with their features. Advice is drawn at random where there is more of it than
    /// takes part. A task in which somebody speaks of their own crisis (`sign`) is nothing to propose.
    pub(crate) fn assemble(
        &self,
        last: &HashMap<String, LastReaction>,
        history: &History,
        moment: &Moment,
        sign: impl Fn(&str) -> Option<Sign>,
        rng: &mut ChaCha12Rng,
    ) -> Vec<Candidate> {
        let awake = |key: &str, task: Option<&Task>| {
            last.get(key).is_none_or(|last| is_awake(last, task, moment))
        };
        let tasks = self.tasks.tasks.iter().filter_map(|task| {
            let key = task_key(&task.id);
            let fits = awake(&key, Some(task)) && sign(&task.content) != Some(Sign::Own);
            fits.then(|| Candidate { key, features: Features::of_task(task, moment), origin: None })
        });
        let mut pool: Vec<Candidate> = tasks.take(TASKS).collect();

        let ideas = self.ideas.iter().filter_map(|idea| {
            let key = idea_key(idea.id);
            let task = idea.task.as_deref().and_then(|id| self.tasks.get(id));
            let fits = idea.fits(moment.part())
                && awake(&key, None)
                && is_about_awake(idea, self.tasks, last, moment);
            fits.then(|| Candidate {
                key,
                features: Features::of_idea(idea, task, moment),
                origin: Some(idea.origin.clone()),
            })
        });
        pool.extend(ideas.take(IDEAS));

        let advice = self.library.for_part(moment.part()).filter_map(|advice| {
            let key = advice_key(&advice.id);
            let features = || Features::of_advice(advice, moment);
            awake(&key, None).then(|| Candidate { key, features: features(), origin: None })
        });
        let mut advice: Vec<Candidate> = advice.collect();
        while advice.len() > ADVICE {
            advice.swap_remove(rng.random_range(0..advice.len()));
        }
        pool.append(&mut advice);

        for candidate in &mut pool {
            candidate.remember(last.get(&candidate.key), history, moment.at);
        }
        pool
    }
}

/// Whether the task that an idea is about is open and awake; or it is about none.
pub(crate) fn is_about_awake(
    idea: &Idea,
    tasks: &TaskList,
    last: &HashMap<String, LastReaction>,
    moment: &Moment,
) -> bool {
    idea.task
        .as_deref()
        .is_none_or(|id| tasks.get(id).is_some_and(|task| is_task_awake(task, last, moment)))
}

/// Whether a task may be a tip again after its last reaction.
pub(crate) fn is_task_awake(
    task: &Task,
    last: &HashMap<String, LastReaction>,
    moment: &Moment,
) -> bool {
    last.get(&task_key(&task.id)).is_none_or(|last| is_awake(last, Some(task), moment))
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
