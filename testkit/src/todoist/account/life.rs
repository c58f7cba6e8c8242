//! What becomes of a task: done, open again, changed, gone.

use kernel::Timestamp;

use super::Account;
use crate::todoist::task::Edit;

impl Account {
    /// Ends a task for good, or moves its date on when it repeats; its parts end with it.
    pub(in crate::todoist) fn close(&mut self, id: &str, now: Timestamp) -> bool {
        let zone = self.zone.clone();
        let Some(task) = self.task_mut(id) else { return false };
        if task.checked {
            return true;
        }
        task.updated_at = now;
        let repeats = task.due.as_ref().is_some_and(|due| due.is_recurring);
        if repeats && task.due.as_mut().is_some_and(|due| due.advance(now, &zone)) {
            self.completed_count += 1;
            return true;
        }
        task.checked = true;
        task.completed_at = Some(now);
        self.completed_count += 1;

        let parts = self.tasks.iter().filter(|part| part.parent_id.as_deref() == Some(id));
        let parts: Vec<_> = parts.map(|part| part.id.clone()).collect();
        for part in parts {
            self.close(&part, now);
        }
        true
    }

    /// Takes a completion back; a repeating task keeps its new date, as in Todoist.
    pub(in crate::todoist) fn reopen(&mut self, id: &str, now: Timestamp) -> bool {
        let Some(task) = self.task_mut(id) else { return false };
        if task.checked {
            task.checked = false;
            task.completed_at = None;
            task.updated_at = now;
            self.completed_count = self.completed_count.saturating_sub(1);
        }
        true
    }

    /// Removes a task and its parts.
    pub(in crate::todoist) fn delete(&mut self, id: &str) -> bool {
        let before = self.tasks.len();
        self.tasks.retain(|task| task.id != id && task.parent_id.as_deref() != Some(id));
        self.tasks.len() < before
    }

    pub(in crate::todoist) fn edit(&mut self, id: &str, edit: Edit, now: Timestamp) -> bool {
        let Some(task) = self.task_mut(id) else { return false };
        if let Some(content) = edit.content {
            task.content = content;
        }
        if let Some(priority) = edit.priority {
            task.priority = priority.clamp(1, 4);
        }
        if let Some(due) = edit.due {
            task.due = due;
        }
        task.updated_at = now;
        true
    }
}
