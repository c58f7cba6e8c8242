//! What is known of a candidate at the moment of a decision: numbers and categories, never words.
//!
//! There is one definition, for serving, replay and training, and it has a [`VERSION`]: a feature whose meaning changes is
//! a new version. What a policy sees of it is [`Features::vector`], in [`GROUPS`].

mod moment;
mod vector;

use advice::{Advice, Idea};
use bandit::{Feature, bucket};
use integrations::Task;
use kernel::{PartOfDay, days_between, hours_between};
use serde::{Deserialize, Serialize};

pub use moment::Moment;
pub use vector::{GROUPS, Group, Theme, group, theme};

/// The version of this definition; it is stored with every tip.
pub const VERSION: i16 = 2;

/// A task added longer ago than this, and never given a date, is stale.
const STALE_DAYS: f64 = 30.0;

/// A task this short fits anywhere.
const QUICK_MINUTES: u32 = 15;

/// A date this near is soon.
const SOON_DAYS: i32 = 3;

/// Todoist's highest priority, shown to people as "p1".
const URGENT: u8 = 4;

/// The features of one candidate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Features {
    /// `todoist`, `library` or `llm`.
    pub source: String,
    /// The kind within the source: `overdue`, `due_today`, `breathe`, …
    pub kind: String,
    /// The part of the day.
    pub part: PartOfDay,
    /// The day of the week, 1 (Monday) to 7.
    pub weekday: i8,
    /// Days until the date (negative: overdue by that many); none without a date.
    pub due_in_days: Option<i32>,
    /// Hours until the moment, for a date that has a time; negative: it has passed.
    pub due_in_hours: Option<f64>,
    /// 1 (normal) to 4 (urgent), as in Todoist; none for advice.
    pub priority: Option<u8>,
    /// Days since the task was added.
    pub age_days: Option<f64>,
    /// Minutes that it takes.
    pub minutes: Option<u32>,
    /// Whether it comes back by itself.
    pub recurring: bool,
    /// The number of characters to read.
    pub length: u16,
    /// The hour on the person's clock, with its fraction.
    pub hour: f64,
    /// The labels, each as one of [`HASHES`] numbers: a word cannot be had back from it.
    #[serde(default)]
    pub labels: Vec<u16>,
    /// The project, in the same way.
    pub project: Option<u16>,
    /// The version of the prompt that made it.
    pub prompt_version: Option<String>,
    /// The language model that made it.
    pub model: Option<String>,
    /// What the person has seen of it.
    #[serde(default)]
    pub shown: Shown,
}

/// A name is hashed to one of so many numbers.
pub const HASHES: u16 = 256;

/// What a person has seen of a candidate before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    /// How often.
    pub times: u32,
    /// How many hours ago, the last time.
    pub hours_ago: Option<f64>,
    /// How it was answered the last time.
    pub last: Option<LastAnswer>,
    /// How many hours ago any candidate of its kind was shown.
    pub kind_hours_ago: Option<f64>,
}

/// How a candidate was answered the last time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LastAnswer {
    /// It was done.
    Done,
    /// Not now.
    Snooze,
    /// Not this.
    Dismiss,
}

/// One of [`HASHES`] numbers for a name.
pub fn hashed(name: &str) -> u16 {
    bucket(name, HASHES)
}

impl Features {
    /// The features of `task` at `moment`.
    pub fn of_task(task: &Task, moment: &Moment) -> Self {
        let due = task.due.as_ref();
        let date = due.map(|due| due.date(&moment.zone)).into_iter().chain(task.deadline).min();
        let mut features = Self {
            source: "todoist".to_owned(),
            due_in_days: date.map(|date| days_between(moment.today(), date)),
            due_in_hours: due
                .filter(|due| due.time(&moment.zone).is_some())
                .and_then(|due| due.moment(&moment.zone))
                .map(|at| hours_between(moment.at, at)),
            priority: Some(task.priority),
            age_days: task.added_at.map(|at| hours_between(at, moment.at).max(0.0) / 24.0),
            minutes: task.duration_minutes,
            recurring: due.is_some_and(|due| due.recurring),
            length: length(&task.content),
            labels: task.labels.iter().map(|label| hashed(label)).collect(),
            project: task.project.as_deref().map(hashed),
            ..Self::at(moment)
        };
        features.kind = features.task_kind().to_owned();
        features
    }

    /// The features of `advice` at `moment`.
    pub fn of_advice(advice: &Advice, moment: &Moment) -> Self {
        Self {
            source: "library".to_owned(),
            kind: advice.kind.as_str().to_owned(),
            minutes: Some(u32::from(advice.minutes)),
            length: length(&advice.text),
            ..Self::at(moment)
        }
    }

    /// The features of `idea` at `moment`. What is about a task has something of it; but its date is not its own.
    pub fn of_idea(idea: &Idea, task: Option<&Task>, moment: &Moment) -> Self {
        let about = task.map(|task| Self::of_task(task, moment));
        let about = about.unwrap_or_else(|| Self::at(moment));
        Self {
            source: "llm".to_owned(),
            kind: idea.kind.as_str().to_owned(),
            due_in_days: None,
            due_in_hours: None,
            recurring: false,
            minutes: idea.minutes.map(u32::from),
            length: idea.length,
            prompt_version: Some(idea.origin.prompt_version.clone()),
            model: Some(idea.origin.model.clone()),
            ..about
        }
    }

    /// The features of something of which nothing is known but the moment.
    pub fn at(moment: &Moment) -> Self {
        Self {
            source: String::new(),
            kind: String::new(),
            part: moment.part(),
            weekday: moment.local.weekday().to_monday_one_offset(),
            due_in_days: None,
            due_in_hours: None,
            priority: None,
            age_days: None,
            minutes: None,
            recurring: false,
            length: 0,
            hour: moment.hour(),
            labels: Vec::new(),
            project: None,
            prompt_version: None,
            model: None,
            shown: Shown::default(),
        }
    }

    /// The arm that a policy learns about: source × kind × part of the day.
    pub fn arm(&self) -> String {
        format!("{}/{}/{}", self.source, self.kind, self.part)
    }

    /// Hours until the date ends, or until its time; negative: it has passed.
    pub(crate) fn hours_to_date(&self) -> Option<f64> {
        let by_day = self.due_in_days.map(|days| 24.0 * f64::from(days + 1) - self.hour);
        self.due_in_hours.or(by_day)
    }

    /// The coordinates that a policy sees. `key` names the candidate.
    pub fn vector(&self, key: &str) -> Vec<Feature> {
        vector::vector(self, key)
    }

    /// What kind of task it is.
    pub fn task_kind(&self) -> &'static str {
        let passed = self.due_in_hours.is_some_and(|hours| hours < 0.0);
        match self.due_in_days {
            Some(days) if days < 0 || (days == 0 && passed) => "overdue",
            Some(0) => "due_today",
            Some(days) if days <= SOON_DAYS => "due_soon",
            _ if self.priority == Some(URGENT) => "urgent",
            _ if self.minutes.is_some_and(|minutes| minutes <= QUICK_MINUTES) => "quick",
            _ if self.recurring => "recurring",
            None if self.age_days.is_some_and(|days| days > STALE_DAYS) => "stale",
            _ => "someday",
        }
    }
}

fn length(text: &str) -> u16 {
    u16::try_from(text.chars().count()).unwrap_or(u16::MAX)
}
