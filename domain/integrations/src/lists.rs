//! The lists in memory, and the fetches that are under way.
//!
//! A fetch runs by itself: it goes on when those who wait for it have given up, and everybody who asks
//! meanwhile waits for the same one.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use futures::{
    FutureExt,
    future::{BoxFuture, Shared},
};
use kernel::{Timestamp, UserId};
use moka::future::Cache;
use tokio::{
    sync::{Mutex, oneshot},
    task::AbortHandle,
};

use crate::{
    error::{InternalError, TaskError},
    task::{self, TaskList},
};

/// How much memory all lists may take, in bytes.
const MAX_BYTES: u64 = 32 * 1024 * 1024;

/// How long a list stays that nobody asks for.
const MAX_IDLE: Duration = Duration::from_hours(24);

/// How long a list stays at the most.
const MAX_AGE: Duration = Duration::from_hours(72);

type Answer = Result<Arc<TaskList>, TaskError>;

/// All lists and fetches.
pub(crate) struct Lists {
    kept: Cache<UserId, Kept>,
    /// Also keeps what is done to `kept` in one order.
    flights: Mutex<HashMap<UserId, Flight>>,
    flown: AtomicU64,
}

#[derive(Clone)]
struct Kept {
    list: Arc<TaskList>,
    /// Something has changed at Todoist since.
    stale: bool,
}

/// A fetch that is under way.
struct Flight {
    number: u64,
    task: AbortHandle,
    answer: Shared<BoxFuture<'static, Answer>>,
    /// Tasks that were closed after it began.
    forgotten: Vec<String>,
    /// Whether a task was reopened after it began.
    stale: bool,
}

impl Lists {
    pub(crate) fn new() -> Self {
        let kept = Cache::builder()
            .weigher(|_: &UserId, kept: &Kept| task::weight(&kept.list))
            .max_capacity(MAX_BYTES)
            .time_to_idle(MAX_IDLE)
            .time_to_live(MAX_AGE)
            .build();
        Self { kept, flights: Mutex::default(), flown: AtomicU64::new(0) }
    }

    /// The list at hand, however old.
    pub(crate) async fn any(&self, user: UserId) -> Option<Arc<TaskList>> {
        self.kept.get(&user).await.map(|kept| kept.list)
    }

    /// The list at hand, when it was fetched at `since` or later and nothing is known to have changed.
    pub(crate) async fn since(&self, user: UserId, since: Timestamp) -> Option<Arc<TaskList>> {
        let kept = self.kept.get(&user).await?;
        (!kept.stale && kept.list.fetched_at >= since).then_some(kept.list)
    }

    /// Waits for the fetch that is under way, or begins one.
    pub(crate) async fn fetched(
        self: &Arc<Self>,
        user: UserId,
        fetch: impl Future<Output = Result<TaskList, TaskError>> + Send + 'static,
    ) -> Answer {
        let mut flights = self.flights.lock().await;
        let under_way = flights.get(&user).filter(|flight| !flight.task.is_finished());
        let answer = if let Some(flight) = under_way {
            flight.answer.clone()
        } else {
            let flight = self.depart(user, fetch);
            let answer = flight.answer.clone();
            flights.insert(user, flight);
            answer
        };
        drop(flights);
        answer.await
    }

    fn depart(
        self: &Arc<Self>,
        user: UserId,
        fetch: impl Future<Output = Result<TaskList, TaskError>> + Send + 'static,
    ) -> Flight {
        let number = self.flown.fetch_add(1, Ordering::Relaxed);
        let (landed, answer) = oneshot::channel();
        let lists = Arc::clone(self);
        let task = tokio::spawn(async move {
            let answer = lists.land(user, number, fetch.await).await;
            // Nobody waits any more when they all had a deadline.
            drop(landed.send(answer));
        });
        let answer =
            answer.map(|answer| answer.unwrap_or_else(|_| Err(InternalError::Lost.into())));
        let (task, answer) = (task.abort_handle(), answer.boxed().shared());
        Flight { number, task, answer, forgotten: Vec::new(), stale: false }
    }

    async fn land(
        &self,
        user: UserId,
        number: u64,
        fetched: Result<TaskList, TaskError>,
    ) -> Answer {
        let mut flights = self.flights.lock().await;
        if flights.get(&user).is_none_or(|flight| flight.number != number) {
            // The connection has changed meanwhile: this may be somebody else's list.
            return Err(TaskError::Unavailable);
        }
        let Some(flight) = flights.remove(&user) else { return Err(TaskError::Unavailable) };
        match fetched {
            Ok(mut list) => {
                for id in &flight.forgotten {
                    list.forget(id);
                }
                let list = Arc::new(list);
                let kept = Kept { list: Arc::clone(&list), stale: flight.stale };
                self.kept.insert(user, kept).await;
                Ok(list)
            }
            Err(error) => {
                if matches!(error, TaskError::NotConnected | TaskError::NotAllowed) {
                    self.kept.invalidate(&user).await;
                }
                Err(error)
            }
        }
    }

    /// Drops a person's list, and what is under way for them.
    pub(crate) async fn drop_all(&self, user: UserId) {
        let mut flights = self.flights.lock().await;
        flights.remove(&user);
        self.kept.invalidate(&user).await;
    }

    /// Whose lists are in memory.
    pub(crate) fn people(&self) -> Vec<UserId> {
        self.kept.iter().map(|(user, _)| *user).collect()
    }

    /// Takes one task out of a person's list.
    pub(crate) async fn forget(&self, user: UserId, id: &str) {
        let mut flights = self.flights.lock().await;
        if let Some(flight) = flights.get_mut(&user) {
            flight.forgotten.push(id.to_owned());
        }
        let Some(kept) = self.kept.get(&user).await else { return };
        if kept.list.get(id).is_some() {
            let mut list = TaskList::clone(&kept.list);
            list.forget(id);
            let kept = Kept { list: Arc::new(list), stale: kept.stale };
            self.kept.insert(user, kept).await;
        }
    }

    /// Lets the list count as older than any age, though it stays at hand.
    pub(crate) async fn mark_stale(&self, user: UserId) {
        let mut flights = self.flights.lock().await;
        if let Some(flight) = flights.get_mut(&user) {
            flight.stale = true;
        }
        if let Some(kept) = self.kept.get(&user).await {
            self.kept.insert(user, Kept { stale: true, ..kept }).await;
        }
    }
}

#[cfg(test)]
mod tests;
