//! A person's Todoist: their tasks, projects, labels and sections.

mod life;

use std::fmt;

use chrono::TimeDelta;
use kernel::{TimeZone, Timestamp};
use serde::{Deserialize, Serialize};

use super::{
    task::{NewTask, Task},
    world::Ids,
};

/// Which account.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccountId(pub(super) String);

impl AccountId {
    /// Todoist's user id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An account to be opened; whatever is absent is made up.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct NewAccount {
    /// Where Todoist would write to.
    pub email: Option<String>,
    /// The person's name.
    pub name: Option<String>,
    /// An IANA time zone; UTC when absent or unknown.
    pub timezone: Option<String>,
    /// The personal API token.
    pub api_token: Option<String>,
}

/// A list of tasks.
#[derive(Clone, Debug)]
pub(super) struct Project {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) created_at: Timestamp,
    pub(super) sequence: u64,
}

/// A label.
#[derive(Clone, Debug)]
pub(super) struct Label {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) sequence: u64,
}

/// An account and all that is in it.
#[derive(Debug)]
pub(super) struct Account {
    pub(super) id: AccountId,
    pub(super) email: String,
    pub(super) name: String,
    pub(super) zone: TimeZone,
    pub(super) api_token: String,
    pub(super) tasks: Vec<Task>,
    /// The first one is the inbox.
    pub(super) projects: Vec<Project>,
    pub(super) labels: Vec<Label>,
    pub(super) completed_count: u64,
}

impl Account {
    pub(super) fn new(number: usize, new: NewAccount, now: Timestamp, ids: &mut Ids) -> Self {
        let mut account = Self {
            id: AccountId(number.to_string()),
            email: new.email.unwrap_or_else(|| format!("person-{number}@example.org")),
            name: new.name.unwrap_or_else(|| "A Person".into()),
            zone: new.timezone.and_then(|name| name.parse().ok()).unwrap_or(TimeZone::UTC),
            api_token: new.api_token.unwrap_or_else(|| format!("personal-token-{number}")),
            tasks: Vec::new(),
            projects: Vec::new(),
            labels: Vec::new(),
            completed_count: 0,
        };
        account.project("Inbox", now, ids);
        account
    }

    /// The inbox's id.
    pub(super) fn inbox(&self) -> &str {
        self.projects.first().map_or("", |inbox| &inbox.id)
    }

    /// The id of the project of this name, which is made when there is none.
    fn project(&mut self, name: &str, now: Timestamp, ids: &mut Ids) -> String {
        if let Some(project) = self.projects.iter().find(|project| project.name == name) {
            return project.id.clone();
        }
        let (sequence, id) = ids.next();
        let name = name.into();
        self.projects.push(Project { id: id.clone(), name, created_at: now, sequence });
        id
    }

    /// Makes those of these labels that there are not.
    pub(super) fn know_labels(&mut self, names: &[String], ids: &mut Ids) {
        for name in names {
            if !self.labels.iter().any(|label| label.name == *name) {
                let (sequence, id) = ids.next();
                self.labels.push(Label { id, name: name.clone(), sequence });
            }
        }
    }

    /// A task with nothing but a title, in the inbox, not yet added.
    pub(super) fn blank(&self, content: String, now: Timestamp, ids: &mut Ids) -> Task {
        let (sequence, id) = ids.next();
        Task {
            id,
            project_id: self.inbox().into(),
            section_id: None,
            parent_id: None,
            labels: Vec::new(),
            deadline: None,
            duration: None,
            checked: false,
            is_deleted: false,
            added_at: now,
            completed_at: None,
            updated_at: now,
            due: None,
            priority: 1,
            child_order: i64::try_from(self.tasks.len()).unwrap_or(i64::MAX),
            content,
            description: String::new(),
            note_count: 0,
            day_order: -1,
            is_collapsed: false,
            postponed_count: 0,
            sequence,
        }
    }

    /// Adds a task and tells its id.
    pub(super) fn add(&mut self, new: NewTask, now: Timestamp, ids: &mut Ids) -> String {
        let added_at = now - TimeDelta::days(i64::from(new.age_days));
        let project_id = new.project.map(|name| self.project(&name, now, ids));
        self.know_labels(&new.labels, ids);

        let blank = self.blank(new.content, added_at, ids);
        let task = Task {
            project_id: project_id.unwrap_or_else(|| blank.project_id.clone()),
            description: new.description,
            labels: new.labels,
            priority: new.priority.clamp(1, 4),
            due: new.due,
            deadline: new.deadline,
            duration: new.duration,
            postponed_count: new.postponed_count,
            ..blank
        };
        let id = task.id.clone();
        self.tasks.push(task);
        id
    }

    pub(super) fn task(&self, id: &str) -> Option<&Task> {
        self.tasks.iter().find(|task| task.id == id)
    }

    pub(super) fn task_mut(&mut self, id: &str) -> Option<&mut Task> {
        self.tasks.iter_mut().find(|task| task.id == id)
    }
}
