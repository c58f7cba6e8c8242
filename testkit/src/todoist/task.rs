//! A task, as Todoist's API v1 writes it.

use kernel::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};

use super::Due;

/// A task in an account.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Task {
    /// An opaque string.
    pub id: String,
    /// The project that it lies in.
    pub project_id: String,
    /// The section within the project.
    pub section_id: Option<String>,
    /// The task that this one is a part of.
    pub parent_id: Option<String>,
    /// Names of labels.
    pub labels: Vec<String>,
    /// By when it must be done, unlike `due`.
    pub deadline: Option<Deadline>,
    /// How long it takes.
    pub duration: Option<Duration>,
    /// Whether it is done.
    pub checked: bool,
    /// Always false: what is deleted is gone.
    pub is_deleted: bool,
    /// When it was written.
    pub added_at: Timestamp,
    /// When it was done.
    pub completed_at: Option<Timestamp>,
    /// When anything in it last changed.
    pub updated_at: Timestamp,
    /// When it is to be done.
    pub due: Option<Due>,
    /// From 1, normal, to 4, urgent.
    pub priority: u8,
    /// Its place among its siblings.
    pub child_order: i64,
    /// The title.
    pub content: String,
    /// Further words, in Markdown.
    pub description: String,
    /// How many comments it has.
    pub note_count: u32,
    /// Its place in the view of today; -1 when it has none.
    pub day_order: i64,
    /// Whether its parts are folded away.
    pub is_collapsed: bool,
    /// How often its date was moved on.
    pub postponed_count: u32,
    /// Ever growing within the double: what cursors point at.
    #[serde(skip)]
    pub(super) sequence: u64,
}

/// By when a task must be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// `YYYY-MM-DD`.
    pub date: String,
    /// The language in which it was written.
    #[serde(default = "english")]
    pub lang: String,
}

/// How long a task takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duration {
    /// More than zero.
    pub amount: u32,
    /// Of what.
    pub unit: DurationUnit,
}

/// What a duration is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DurationUnit {
    /// Minutes.
    Minute,
    /// Whole days.
    Day,
}

/// A task to be put into an account from outside of the API.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct NewTask {
    /// The title.
    pub content: String,
    /// Further words.
    pub description: String,
    /// The project's name; it is made when there is none. The inbox when absent.
    pub project: Option<String>,
    /// Names of labels; they are made when there are none.
    pub labels: Vec<String>,
    /// From 1 to 4; 0 stands for 1.
    pub priority: u8,
    /// When it is to be done.
    pub due: Option<Due>,
    /// By when it must be done.
    pub deadline: Option<Deadline>,
    /// How long it takes.
    pub duration: Option<Duration>,
    /// How many days ago it was written.
    pub age_days: u32,
    /// How often its date was moved on.
    pub postponed_count: u32,
}

impl NewTask {
    /// A task with nothing but a title.
    pub fn titled(content: impl Into<String>) -> Self {
        Self { content: content.into(), ..Self::default() }
    }
}

/// What a person changes in a task, somewhere else.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Edit {
    /// A new title.
    pub content: Option<String>,
    /// A new priority.
    pub priority: Option<u8>,
    /// `Some(None)`, in JSON `null`, takes the date away.
    #[serde(deserialize_with = "present")]
    pub due: Option<Option<Due>>,
}

/// Tells a field that is `null` from one that is absent.
fn present<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    T::deserialize(deserializer).map(Some)
}

fn english() -> String {
    "en".into()
}

/// A task with its owner, as the API writes it.
#[derive(Debug, Serialize)]
pub(super) struct TaskView<'a> {
    user_id: &'a str,
    added_by_uid: &'a str,
    assigned_by_uid: Option<&'a str>,
    responsible_uid: Option<&'a str>,
    completed_by_uid: Option<&'a str>,
    #[serde(flatten)]
    task: &'a Task,
}

impl<'a> TaskView<'a> {
    pub(super) fn new(user_id: &'a str, task: &'a Task) -> Self {
        Self {
            user_id,
            added_by_uid: user_id,
            assigned_by_uid: None,
            responsible_uid: None,
            completed_by_uid: task.checked.then_some(user_id),
            task,
        }
    }
}
