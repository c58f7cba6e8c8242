//! Fetching all open tasks of a person, page by page, of which the most urgent are kept.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use kernel::{Timestamp, UserId};

use crate::{
    error::{InternalError, TaskError},
    front::Integrations,
    task::TaskList,
    urgency::MostUrgent,
};

/// How many pages are read at the most; what lies behind them is not looked at.
const MAX_PAGES: usize = 500;

/// How long a fetch may take in all.
const MAX_TIME: Duration = Duration::from_mins(2);

impl Integrations {
    pub(crate) async fn fetch(self, user: UserId) -> Result<TaskList, TaskError> {
        // A page and its tasks are in memory for each: only a few at a time.
        let _turn = self.fetches().acquire().await.map_err(|_| InternalError::Lost)?;
        match tokio::time::timeout(MAX_TIME, self.fetch_pages(user)).await {
            Ok(fetched) => fetched,
            Err(_) => Err(TaskError::Unavailable),
        }
    }

    async fn fetch_pages(&self, user: UserId) -> Result<TaskList, TaskError> {
        let fetched_at = self.now();
        let mut most_urgent = MostUrgent::new(fetched_at);
        let mut seen = 0;
        let mut cursor = None;
        for _ in 0..MAX_PAGES {
            let page = self
                .with_token(user, |token| {
                    let (client, cursor) = (self.todoist().clone(), cursor.clone());
                    async move { client.page(&token, cursor.as_deref()).await }
                })
                .await?;
            // Tasks that cannot become a tip are not candidates that were left out.
            seen += page.tasks.len();
            for task in page.tasks {
                most_urgent.offer(task);
            }
            if page.next.is_some() && page.next == cursor {
                return Err(TaskError::Garbled);
            }
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        Ok(TaskList { fetched_at, tasks: most_urgent.into_tasks(), seen })
    }
}

/// Until when each person's calls are to wait.
#[derive(Default)]
pub(crate) struct Throttle(Mutex<HashMap<UserId, Timestamp>>);

impl Throttle {
    pub(crate) fn check(&self, user: UserId, now: Timestamp) -> Result<(), TaskError> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match waiting.get(&user) {
            Some(until) if now < *until => Err(TaskError::Throttled { until: *until }),
            Some(_) => {
                waiting.remove(&user);
                Ok(())
            }
            None => Ok(()),
        }
    }

    pub(crate) fn hold(&self, user: UserId, now: Timestamp, wait: Duration) -> TaskError {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|_, until| now < *until);
        let wait = chrono::TimeDelta::from_std(wait).unwrap_or_default();
        let until = now + wait;
        waiting.insert(user, until);
        TaskError::Throttled { until }
    }

    pub(crate) fn release(&self, user: UserId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&user);
    }
}
