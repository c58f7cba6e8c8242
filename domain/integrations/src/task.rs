//! A task, as far as it can become a tip. It lives in memory only.

use std::fmt;

use jiff::civil::{Date, DateTime, Time};
use kernel::{TimeZone, Timestamp};

/// The most urgent open tasks of a person.
#[derive(Clone)]
pub struct TaskList {
    /// When the fetch began: what changed at Todoist later is not in it.
    pub fetched_at: Timestamp,
    /// At most [`crate::CANDIDATES`], most urgent first.
    pub tasks: Vec<Task>,
    /// How many open tasks there were; more than `tasks` holds means that the rest were left out.
    pub seen: usize,
}

/// An open task. All its texts are a stranger's: they are free of control and invisible characters, and
/// no more.
#[derive(Clone, PartialEq)]
pub struct Task {
    /// Todoist's opaque id: 1 to 64 letters, digits, `-` and `_`.
    pub id: String,
    /// The title as plain text, not empty, at most 500 characters.
    pub content: String,
    /// From 1, normal, to 4, urgent.
    pub priority: u8,
    /// When it is to be done.
    pub due: Option<Due>,
    /// By when it must be done.
    pub deadline: Option<Date>,
    /// How long it takes, when that is known. A day counts as 24 hours.
    pub duration_minutes: Option<u32>,
    /// The names of its labels, a few.
    pub labels: Vec<String>,
    /// Todoist's opaque id of its project.
    pub project: Option<String>,
    /// When it was written.
    pub added_at: Option<Timestamp>,
    /// When anything in it last changed.
    pub updated_at: Option<Timestamp>,
}

/// When a task is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The day or the moment.
    pub when: When,
    /// Whether closing the task moves it to its next date.
    pub recurring: bool,
}

/// A day or a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// A day, wherever the person is.
    Day(Date),
    /// A time on the wall, wherever the person is.
    Floating(DateTime),
    /// A moment, the same everywhere.
    Fixed(Timestamp),
}

impl TaskList {
    /// The task of this id. `None` means that it is closed or gone only when [`TaskList::is_complete`].
    pub fn get(&self, id: &str) -> Option<&Task> {
        self.tasks.iter().find(|task| task.id == id)
    }

    pub(crate) fn forget(&mut self, id: &str) {
        let before = self.tasks.len();
        self.tasks.retain(|task| task.id != id);
        self.seen -= before - self.tasks.len();
    }

    /// Whether no open task was left out.
    pub fn is_complete(&self) -> bool {
        self.seen <= self.tasks.len()
    }
}

impl Due {
    /// The day on which it is due for a person in `zone`.
    pub fn date(&self, zone: &TimeZone) -> Date {
        match self.when {
            When::Day(date) => date,
            When::Floating(at) => at.date(),
            When::Fixed(at) => zone.local(at).date(),
        }
    }

    /// The time of that day, when it has one.
    pub fn time(&self, zone: &TimeZone) -> Option<Time> {
        match self.when {
            When::Day(_) => None,
            When::Floating(at) => Some(at.time()),
            When::Fixed(at) => Some(zone.local(at).time()),
        }
    }

    /// The moment from which on it is overdue for a person in `zone`: for a whole day, the end of it.
    /// `None` beyond the calendar.
    pub fn moment(&self, zone: &TimeZone) -> Option<Timestamp> {
        match self.when {
            When::Day(date) => zone.midnight(date.tomorrow().ok()?),
            When::Floating(at) => zone.moment(at),
            When::Fixed(at) => Some(at),
        }
    }

    /// Whether that moment has come.
    pub fn is_overdue(&self, now: Timestamp, zone: &TimeZone) -> bool {
        self.moment(zone).is_some_and(|moment| moment <= now)
    }
}

/// How many bytes a list takes in memory, about.
pub(crate) fn weight(list: &TaskList) -> u32 {
    let bytes = |task: &Task| size_of::<Task>() + task.id.len() + task.content.len();
    let tasks: usize = list.tasks.iter().map(bytes).sum();
    u32::try_from(size_of::<TaskList>() + tasks).unwrap_or(u32::MAX)
}

/// Without its words.
impl fmt::Debug for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Task").field("id", &self.id).finish_non_exhaustive()
    }
}

impl fmt::Debug for TaskList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskList")
            .field("fetched_at", &self.fetched_at)
            .field("tasks", &self.tasks.len())
            .field("seen", &self.seen)
            .finish()
    }
}
