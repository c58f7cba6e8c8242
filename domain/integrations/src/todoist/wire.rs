//! Todoist's JSON, read with distrust. `serde_json` refuses what nests deeper than 128.

use std::fmt;

use jiff::civil::{Date, DateTime};
use kernel::Timestamp;
use serde::{
    Deserialize, Deserializer,
    de::{Error, SeqAccess, Visitor},
};

use super::client;
use crate::{
    task::{self, Due, When},
    title,
};

/// No page holds more tasks than are ever asked for.
const MAX_PAGE: usize = 200;

/// The longest cursor, in bytes.
const MAX_CURSOR: usize = 4_096;

/// The longest id, in bytes.
const MAX_ID: usize = 64;

/// No more labels of a task are read.
const MAX_LABELS: usize = 8;

/// The longest label, in bytes.
const MAX_LABEL: usize = 256;

/// `GET /tasks`.
#[derive(Deserialize)]
pub(super) struct Page {
    #[serde(deserialize_with = "at_most_a_page")]
    results: Vec<Task>,
    next_cursor: Option<String>,
}

/// A task, as far as it is of use.
#[derive(Deserialize)]
pub(super) struct Task {
    id: String,
    content: String,
    checked: Option<bool>,
    is_deleted: Option<bool>,
    priority: Option<i64>,
    due: Option<DueDate>,
    deadline: Option<Deadline>,
    duration: Option<Duration>,
    labels: Option<Vec<String>>,
    project_id: Option<String>,
    added_at: Option<String>,
    updated_at: Option<String>,
}

#[derive(Deserialize)]
struct DueDate {
    date: String,
    is_recurring: Option<bool>,
}

#[derive(Deserialize)]
struct Deadline {
    date: String,
}

#[derive(Deserialize)]
struct Duration {
    amount: i64,
    unit: String,
}

impl Page {
    /// `None` when the cursor cannot be one.
    pub(super) fn read(self) -> Option<client::Page> {
        if self.next_cursor.as_ref().is_some_and(|cursor| cursor.len() > MAX_CURSOR) {
            return None;
        }
        let tasks = self.results.into_iter().filter_map(Task::read).collect();
        Some(client::Page { tasks, next: self.next_cursor })
    }
}

impl Task {
    /// `None` for a task that cannot become a tip: it is done or deleted, has no readable title, is a
    /// heading (Todoist: a title that begins with `* ` cannot be completed), or its id is none.
    pub(super) fn read(self) -> Option<task::Task> {
        let closed = self.checked.unwrap_or_default() || self.is_deleted.unwrap_or_default();
        if closed || !is_id(&self.id) || self.content.starts_with("* ") {
            return None;
        }
        let content = title::plain(&self.content, title::MAX_CHARS);
        if content.is_empty() {
            return None;
        }
        Some(task::Task {
            id: self.id,
            content,
            priority: u8::try_from(self.priority.unwrap_or(1).clamp(1, 4)).unwrap_or(1),
            due: self.due.and_then(DueDate::read),
            deadline: self.deadline.and_then(|deadline| date(&deadline.date)),
            duration_minutes: self.duration.and_then(|duration| duration.minutes()),
            labels: self
                .labels
                .into_iter()
                .flatten()
                .filter(|label| is_label(label))
                .take(MAX_LABELS)
                .collect(),
            project: self.project_id.filter(|id| is_id(id)),
            added_at: self.added_at.as_deref().and_then(moment),
            updated_at: self.updated_at.as_deref().and_then(moment),
        })
    }
}

impl DueDate {
    /// A date that cannot be read is none: a new form of it must not hide the task.
    fn read(self) -> Option<Due> {
        let when = date(&self.date)
            .map(When::Day)
            .or_else(|| moment(&self.date).map(When::Fixed))
            .or_else(|| self.date.parse::<DateTime>().ok().map(When::Floating))?;
        Some(Due { when, recurring: self.is_recurring.unwrap_or_default() })
    }
}

impl Duration {
    fn minutes(&self) -> Option<u32> {
        let amount = u32::try_from(self.amount).ok().filter(|amount| *amount > 0)?;
        match self.unit.as_str() {
            "minute" => Some(amount),
            "day" => amount.checked_mul(24 * 60),
            _ => None,
        }
    }
}

/// Whether this may stand for a thing at Todoist, and in a path.
pub(crate) fn is_id(id: &str) -> bool {
    let fits = (1..=MAX_ID).contains(&id.len());
    fits && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

fn is_label(label: &str) -> bool {
    (1..=MAX_LABEL).contains(&label.len())
}

/// `YYYY-MM-DD` and nothing else.
fn date(text: &str) -> Option<Date> {
    (text.len() == "2026-11-21".len()).then(|| text.parse().ok()).flatten()
}

/// RFC 3339, with an offset.
fn moment(text: &str) -> Option<Timestamp> {
    let moment = chrono::DateTime::parse_from_rfc3339(text).ok()?;
    Timestamp::from_timestamp_micros(moment.timestamp_micros())
}

/// A sequence that ends, or an error.
fn at_most_a_page<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Task>, D::Error> {
    struct Tasks;

    impl<'de> Visitor<'de> for Tasks {
        type Value = Vec<Task>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a page of tasks")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut tasks: A) -> Result<Vec<Task>, A::Error> {
            let mut page = Vec::new();
            while let Some(task) = tasks.next_element()? {
                if page.len() == MAX_PAGE {
                    return Err(A::Error::custom("more tasks than a page holds"));
                }
                page.push(task);
            }
            Ok(page)
        }
    }

    deserializer.deserialize_seq(Tasks)
}

#[cfg(test)]
mod tests;
