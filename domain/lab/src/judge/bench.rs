//! What a judge is asked, and what is read of its answer: a stranger's text, too.

use std::ops::AddAssign;

use advice::{
    Prompt,
    model::{Alias, ModelError, Question},
};
use kernel::PartOfDay;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{LabError, play::Reaction, profiles::Profile};

/// Reacts like a simulated person. No other room knows it.
const JUDGE: Alias = Alias::named("judge");

/// The version of its prompt. One that was used is not changed.
const VERSION: &str = "judge-1";

/// More reactions than these in an answer are not looked at.
const MOST: usize = 500;

/// How a judge may react.
pub(super) const REACTIONS: [Reaction; 3] = [Reaction::Done, Reaction::Snooze, Reaction::Dismiss];

/// The names of these.
pub(super) const NAMES: [&str; 3] = ["done", "snooze", "dismiss"];

/// Asks judges.
pub(super) struct Bench(Prompt);

/// What of the answers of judges was of no use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dropped {
    /// Reactions to what was not shown.
    pub unknown_ids: usize,
    /// Reactions that are none.
    pub unknown_reactions: usize,
    /// Second reactions to the same.
    pub twice: usize,
    /// What is no reaction at all.
    pub malformed: usize,
    /// What was shown, and not reacted to.
    pub missing: usize,
}

/// How a judge reacts.
pub(super) struct Verdict {
    /// One for each that was shown, in their order.
    pub(super) reactions: Vec<Option<Reaction>>,
    pub(super) dropped: Dropped,
}

#[derive(Deserialize)]
struct Answer {
    reactions: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct One {
    id: String,
    reaction: String,
}

impl Bench {
    pub(super) fn new() -> Result<Self, LabError> {
        let prompt: Prompt = toml::from_str(include_str!("../../prompts/judge-1.toml"))
            .map_err(|error| LabError::Log { file: VERSION.into(), reason: error.to_string() })?;
        Ok(Self(Prompt { version: VERSION, ..prompt }))
    }

    pub(super) fn version(&self) -> &'static str {
        self.0.version
    }

    /// How would this person react to each of `texts`? It is not told where any of them comes from.
    pub(super) fn question<'t>(
        &self,
        profile: &Profile,
        part: PartOfDay,
        weekday: Option<&str>,
        texts: impl Iterator<Item = &'t str>,
    ) -> Question<'_> {
        let tasks = profile.tasks.iter().map(|task| {
            json!({
                "title": task.title,
                "due_in_days": task.due,
                "open_for_days": task.age,
                "minutes": task.minutes,
            })
        });
        let shown = texts.zip(0..).map(|(text, place)| json!({ "id": id(place), "text": text }));
        let shown: Vec<Value> = shown.collect();
        Question {
            alias: JUDGE,
            system: &self.0.system,
            schema: schema(shown.len()),
            data: json!({
                "profile": {
                    "name": profile.name,
                    "about": profile.about,
                    "language": profile.language,
                    "tasks": tasks.collect::<Value>(),
                },
                "part_of_day": part.as_str(),
                "weekday": weekday,
                "candidates": shown,
            }),
            temperature: self.0.temperature,
            max_tokens: self.0.max_tokens,
        }
    }
}

/// What one is called that stands at `place`.
fn id(place: usize) -> String {
    format!("c{}", place + 1)
}

fn schema(count: usize) -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["reactions"],
        "properties": {
            "reactions": {
                "type": "array",
                "maxItems": count,
                "items": {
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["id", "reaction"],
                    "properties": {
                        "id": { "type": "string", "enum": (0..count).map(id).collect::<Value>() },
                        "reaction": { "type": "string", "enum": NAMES },
                    },
                },
            },
        },
    })
}

impl Verdict {
    /// The reactions to `count` that were shown. The first one to each counts.
    ///
    /// # Errors
    /// [`ModelError::Malformed`] when it is no answer at all.
    pub(super) fn read(content: &str, count: usize) -> Result<Self, ModelError> {
        let answer: Answer = serde_json::from_str(content).map_err(|_| ModelError::Malformed)?;
        let (mut reactions, mut dropped) = (vec![None; count], Dropped::default());
        for one in answer.reactions.into_iter().take(MOST) {
            let Ok(One { id: named, reaction }) = serde_json::from_value(one) else {
                dropped.malformed += 1;
                continue;
            };
            let known = NAMES.iter().position(|name| *name == reaction);
            match ((0..count).find(|place| id(*place) == named), known) {
                (None, _) => dropped.unknown_ids += 1,
                (_, None) => dropped.unknown_reactions += 1,
                (Some(place), Some(_)) if reactions[place].is_some() => dropped.twice += 1,
                (Some(place), Some(known)) => reactions[place] = Some(REACTIONS[known]),
            }
        }
        dropped.missing = reactions.iter().filter(|reaction| reaction.is_none()).count();
        Ok(Self { reactions, dropped })
    }
}

impl AddAssign for Dropped {
    fn add_assign(&mut self, other: Self) {
        self.unknown_ids += other.unknown_ids;
        self.unknown_reactions += other.unknown_reactions;
        self.twice += other.twice;
        self.malformed += other.malformed;
        self.missing += other.missing;
    }
}
