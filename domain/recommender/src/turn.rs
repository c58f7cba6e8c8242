//! One change of a person's tips.

use std::sync::Arc;

use bandit::Lesson;
use chrono::TimeDelta;
use events::Payload;
use kernel::{
    UserId,
    db::{self, Tx},
};
use profile::{Consent, Consents, SnoozeTimes};
use uuid::Uuid;

use crate::{
    Error, Recommender,
    features::Moment,
    pool,
    store::{self, History, State},
};

/// That a kind was shown is felt for so long.
const RECENT: TimeDelta = TimeDelta::days(2);

/// A change of a person's tips, under their lock: changes happen one after the other, and each takes effect
/// as a whole, or not at all.
pub(crate) struct Turn {
    pub(crate) tx: Tx<'static>,
    pub(crate) user: UserId,
    /// The moment of all that changes in it.
    pub(crate) moment: Moment,
    /// What they allow.
    pub(crate) consents: Consents,
    /// When what they snooze comes back.
    pub(crate) snooze_times: SnoozeTimes,
}

impl Recommender {
    /// Begins a change; it waits until an earlier one has ended.
    pub(crate) async fn turn(&self, user: UserId) -> Result<Turn, Error> {
        let mut tx = db::begin(&self.0.db).await?;
        store::lock(&mut tx, user).await?;
        let profile = profile::profile(&mut *tx, user).await?;
        let moment = Moment::new(self.0.clock.now(), profile.time_zone);
        let (consents, snooze_times) = (profile.consents, profile.snooze_times);
        Ok(Turn { tx, user, moment, consents, snooze_times })
    }

    /// Writes down what happened, where that is allowed.
    pub(crate) async fn append(&self, turn: &mut Turn, payload: Payload) -> Result<(), Error> {
        if turn.keeps_history() {
            let (user, at) = (turn.user, turn.moment.at);
            events::append(&mut turn.tx, &self.0.entropy, user, at, &payload).await?;
        }
        Ok(())
    }
}

/// Whether a language model may be told of somebody's tasks.
pub(crate) fn may_ask(consents: &Consents) -> bool {
    consents.allow(Consent::ReadTasks) && consents.allow(Consent::SendTitles)
}

impl Turn {
    /// Whether what happens is written down and learned from.
    pub(crate) fn keeps_history(&self) -> bool {
        self.consents.allow(Consent::KeepHistory)
    }

    /// What is remembered: what their answers taught, and what they have seen of `candidates`. Nothing, where no history
    /// is kept.
    pub(crate) async fn remembered(
        &mut self,
        candidates: &[String],
    ) -> Result<(Vec<Arc<Lesson>>, History), Error> {
        if !self.keeps_history() {
            return Ok(<_>::default());
        }
        let lessons = store::lessons(&mut self.tx, self.user).await?;
        let since = self.moment.at - RECENT;
        let history = store::history(&mut self.tx, self.user, candidates, since).await?;
        Ok((lessons, history))
    }

    /// Whether this candidate may be a tip: a task only where tasks may be read, what a language model wrote only where
    /// it may be asked.
    pub(crate) fn may_show(&self, candidate: &str) -> bool {
        let tasks = pool::task_id(candidate).is_none() || self.consents.allow(Consent::ReadTasks);
        tasks && (pool::idea_id(candidate).is_none() || may_ask(&self.consents))
    }

    /// Moves a tip into another state. One that is over keeps what it was decided from only where a history is kept.
    pub(crate) async fn set_state(&mut self, tip: Uuid, state: State) -> Result<(), Error> {
        store::set_state(&mut self.tx, self.user, tip, state).await?;
        if state != State::Open && !self.keeps_history() {
            store::strip(&mut self.tx, self.user, tip).await?;
        }
        Ok(())
    }

    pub(crate) async fn commit(self) -> Result<(), Error> {
        Ok(self.tx.commit().await?)
    }
}
