//! Which tasks are kept while thousands stream by.

use std::{cmp::Reverse, collections::BinaryHeap};

use jiff::civil::Date;
use kernel::{TimeZone, Timestamp};

use crate::task::{Task, When};

/// How many tasks of a person are kept.
pub const CANDIDATES: usize = 200;

/// The lesser, the more urgent. Overdue comes first, then today, then all the rest; among them the higher
/// priority, the sooner date, the later addition. The id makes the order a total one.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Urgency {
    class: Class,
    priority: Reverse<u8>,
    date: Date,
    added_at: Reverse<Option<Timestamp>>,
    id: String,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Overdue,
    Today,
    Later,
}

/// The most urgent tasks so far: never more than [`CANDIDATES`].
pub(crate) struct MostUrgent {
    now: Timestamp,
    /// The least urgent one on top.
    kept: BinaryHeap<Ranked>,
}

/// A task that is compared by its urgency.
struct Ranked(Urgency, Task);

impl MostUrgent {
    pub(crate) fn new(now: Timestamp) -> Self {
        Self { now, kept: BinaryHeap::with_capacity(CANDIDATES + 1) }
    }

    pub(crate) fn offer(&mut self, task: Task) {
        self.kept.push(Ranked(urgency(&task, self.now), task));
        if self.kept.len() > CANDIDATES {
            self.kept.pop();
        }
    }

    /// The tasks, most urgent first.
    pub(crate) fn into_tasks(self) -> Vec<Task> {
        let sorted = self.kept.into_sorted_vec();
        sorted.into_iter().map(|Ranked(_, task)| task).collect()
    }
}

/// A person's zone is not known here, nor need it be: in UTC, today is today or tomorrow for everybody who
/// is awake.
fn urgency(task: &Task, now: Timestamp) -> Urgency {
    let today = TimeZone::UTC.local(now).date();
    let due = task.due.map(|due| due.date(&TimeZone::UTC));
    let date = due.into_iter().chain(task.deadline).min().unwrap_or(Date::MAX);
    let timed = task.due.is_some_and(|due| match due.when {
        When::Day(_) => false,
        When::Floating(_) | When::Fixed(_) => due.is_overdue(now, &TimeZone::UTC),
    });
    let class = if timed || date < today {
        Class::Overdue
    } else if date <= today.saturating_add(jiff::Span::new().days(1)) {
        Class::Today
    } else {
        Class::Later
    };
    Urgency {
        class,
        priority: Reverse(task.priority),
        date,
        added_at: Reverse(task.added_at),
        id: task.id.clone(),
    }
}

impl PartialEq for Ranked {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Eq for Ranked {}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}

#[cfg(test)]
mod tests;
