//! What is in memory: one list of busy times a person, for an hour at most.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use kernel::{Timestamp, UserId};
use moka::{future::Cache, ops::compute::Op};

use super::{Busy, CalendarError, Calendars, store};
use crate::error::InternalError;

/// A calendar that was read so recently is taken for the present state.
const FRESH: TimeDelta = TimeDelta::minutes(10);

/// While a newer one cannot be had, one of this age is used.
const USABLE: TimeDelta = TimeDelta::hours(1);

/// After a failure, it is asked for again not sooner.
const PAUSE: TimeDelta = TimeDelta::minutes(1);

/// How long one stays in memory.
const MAX_AGE: Duration = Duration::from_hours(1);

/// How many intervals are held, of all people together, each person's list counting as ten more: some megabytes.
const MOST: u64 = 250_000;

/// What is known of a person's calendar.
#[derive(Clone)]
pub(super) struct Kept {
    /// Which connection it was asked for.
    made_at: Timestamp,
    /// When it was asked for last, in vain or not.
    tried_at: Timestamp,
    /// What was read last, and when.
    read: Option<(Timestamp, Arc<Busy>)>,
}

pub(super) fn cache() -> Cache<UserId, Kept> {
    let weight = |kept: &Kept| {
        let busy = kept.read.as_ref().map_or(0, |(_, busy)| busy.intervals().len());
        u32::try_from(busy + 10).unwrap_or(u32::MAX)
    };
    Cache::builder()
        .weigher(move |_, kept| weight(kept))
        .max_capacity(MOST)
        .time_to_live(MAX_AGE)
        .build()
}

impl Kept {
    fn is_fresh(&self, now: Timestamp) -> bool {
        let is_read = self.read.as_ref().is_some_and(|(at, _)| now - *at < FRESH);
        is_read || now - self.tried_at < PAUSE
    }

    fn usable(&self, now: Timestamp) -> Option<Arc<Busy>> {
        let read = self.read.as_ref().filter(|(at, _)| now - *at < USABLE);
        read.map(|(_, busy)| Arc::clone(busy))
    }
}

impl Calendars {
    /// What is in memory, where it is not older than an hour. Nobody is asked, not even the database.
    pub(crate) async fn at_hand(&self, user: UserId) -> Option<Arc<Busy>> {
        self.parts.kept.get(&user).await?.usable(self.parts.clock.now())
    }

    /// When `user` is busy, not older than ten minutes where that can be had; `None` where nothing is connected, or nothing
    /// at hand. It goes on when the caller gives up; whoever asks meanwhile waits for the same answer.
    pub(crate) async fn busy(&self, user: UserId) -> Result<Option<Arc<Busy>>, InternalError> {
        let now = self.parts.clock.now();
        if let Some(kept) = self.parts.kept.get(&user).await.filter(|kept| kept.is_fresh(now)) {
            return Ok(kept.usable(now));
        }
        let this = self.clone();
        let renewed = tokio::spawn(async move { this.renew(user).await });
        renewed.await.map_err(|_| InternalError::Lost)??;
        Ok(self.at_hand(user).await)
    }

    /// Keeps what a connection that was just made has been read for.
    pub(super) async fn keep(&self, user: UserId, made_at: Timestamp, busy: Busy) {
        let now = self.parts.clock.now();
        let kept = Kept { made_at, tried_at: now, read: Some((now, Arc::new(busy))) };
        self.parts.kept.insert(user, kept).await;
    }

    /// Forgets what is in memory of a person.
    pub(crate) async fn forget(&self, user: UserId) {
        self.parts.kept.invalidate(&user).await;
    }

    /// Whose busy times are in memory.
    pub(crate) fn people(&self) -> Vec<UserId> {
        self.parts.kept.iter().map(|(user, _)| *user).collect()
    }

    /// Asks anew, one after the other for each person.
    async fn renew(&self, user: UserId) -> Result<(), InternalError> {
        let entry = self.parts.kept.entry(user);
        let renewed = entry.and_try_compute_with(|entry| async {
            let before = entry.map(moka::Entry::into_value);
            if before.as_ref().is_some_and(|kept| kept.is_fresh(self.parts.clock.now())) {
                return Ok(Op::Nop);
            }
            Ok::<_, InternalError>(match self.asked(user, before).await? {
                Some(kept) => Op::Put(kept),
                None => Op::Remove,
            })
        });
        renewed.await.map(drop)
    }

    /// What is known of the present connection now; nothing, where there is none, or it has changed meanwhile.
    async fn asked(
        &self,
        user: UserId,
        before: Option<Kept>,
    ) -> Result<Option<Kept>, InternalError> {
        let db = &self.parts.db;
        let Some(row) = store::row(db, user).await? else { return Ok(None) };
        let before = before.filter(|kept| kept.made_at == row.made_at);
        let tried_at = self.parts.clock.now();
        let asked = async {
            let address = self.opened(user, &row).await?;
            let zone = profile::profile(db, user).await.map_err(InternalError::from)?.time_zone;
            self.ask(&address, &zone).await
        };
        let read = match asked.await {
            Ok(busy) => Ok(Some((tried_at, Arc::new(busy)))),
            Err(CalendarError::Internal(error)) => return Err(error),
            Err(error) => Err(error),
        };

        let is_broken = matches!(read, Err(CalendarError::NotThere | CalendarError::NotAnAddress));
        if is_broken != row.is_broken {
            store::mark(db, user, row.made_at, is_broken).await?;
        }
        let read = read.unwrap_or_else(|error| {
            tracing::info!(%user, %error, "a calendar could not be read");
            before.and_then(|kept| kept.read)
        });
        let is_current = store::row(db, user).await?.is_some_and(|now| now.made_at == row.made_at);
        Ok(is_current.then_some(Kept { made_at: row.made_at, tried_at, read }))
    }
}
