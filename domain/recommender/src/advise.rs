//! When a language model is asked, about what, and how long is waited for it.
//!
//! Nobody waits for a model whose ideas are at hand, nor for one that lately took longer than a page waits: what comes
//! late is there for the next decision. Who looked within a day has ideas made before they look again ([`Recommender::
//! advise_all`]).

mod situation;

use std::sync::atomic::{AtomicBool, Ordering};

use advice::{Idea, Silence, Written};
use chrono::TimeDelta;
use futures::{StreamExt, stream};
use integrations::{Freshness, TaskError, TaskList};
use kernel::{UserId, to_chrono};
use profile::{Consent, Profile};
use tokio::{sync::oneshot, time::Instant};

use crate::{
    Error, Recommender,
    features::Moment,
    look::FRESH,
    pool, store,
    turn::{Turn, may_ask},
};

/// The longest that an idea is the tip: half as long as its words are kept.
const LONGEST: TimeDelta = TimeDelta::hours(12);

/// With fewer ideas than these at hand, more are asked for.
const ENOUGH: usize = 2;

/// For whom a tip was decided within this is active.
const ACTIVE: TimeDelta = TimeDelta::days(1);

/// So many people are asked for at the same time, in the background.
const AT_ONCE: usize = 2;

/// Whether a model is fast enough to be waited for, as far as is known.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    is_slow: AtomicBool,
}

impl Pace {
    /// Takes note of how an answer came. Who fails is not worth waiting for either.
    fn note(&self, answer: &Result<Written, Silence>, is_late: bool) {
        match answer {
            Ok(_) => self.is_slow.store(is_late, Ordering::Relaxed),
            Err(Silence::Model(_)) => self.is_slow.store(true, Ordering::Relaxed),
            Err(_) => {}
        }
    }
}

/// Why no ideas came.
#[derive(Debug, thiserror::Error)]
pub enum Unadvised {
    /// The person does not allow it.
    #[error("it is not allowed")]
    NotAllowed,
    /// Their tasks cannot be read at the moment.
    #[error(transparent)]
    Tasks(#[from] TaskError),
    /// The model is silent.
    #[error(transparent)]
    Silence(#[from] Silence),
    /// We failed.
    #[error(transparent)]
    Internal(#[from] Error),
}

/// Ideas that are on their way.
pub(crate) struct Advice {
    ready: oneshot::Receiver<()>,
    deadline: Instant,
    recommender: Recommender,
}

impl Advice {
    /// Waits until they are there, or the deadline has come.
    pub(crate) async fn awaited(self) {
        if tokio::time::timeout_at(self.deadline, self.ready).await.is_err() {
            self.recommender.0.pace.is_slow.store(true, Ordering::Relaxed);
        }
    }
}

impl Recommender {
    /// The ideas that a decision can use. Beside a task with signs of a crisis, a model has nothing to say.
    pub(crate) async fn ideas(
        &self,
        turn: &mut Turn,
        tasks: &TaskList,
    ) -> Result<Vec<Idea>, Error> {
        let advisor = &self.0.advisor;
        if !advisor.has_model() || !may_ask(&turn.consents) {
            return Ok(Vec::new());
        }
        advisor.wish(&mut turn.tx, turn.user).await?;
        let until = turn.moment.at + self.idea_lifetime();
        let ideas = advisor.ideas(&mut *turn.tx, turn.user, until).await?;
        if ideas.is_empty() || self.is_crisis(tasks) { Ok(Vec::new()) } else { Ok(ideas) }
    }

    /// Whether a person's own words have signs of a crisis.
    pub(crate) fn is_crisis(&self, tasks: &TaskList) -> bool {
        tasks.tasks.iter().any(|task| self.0.advisor.sign(&task.content).is_some())
    }

    /// For how long an idea is the tip: its words have to be there meanwhile.
    pub(crate) fn idea_lifetime(&self) -> TimeDelta {
        self.0.settings.tip_lifetime.min(LONGEST)
    }

    /// Asks for ideas beside what else a decision needs, unless there are some; to be waited for, if that is worth it.
    pub(crate) fn begin_advice(
        &self,
        user: UserId,
        profile: &Profile,
        deadline: Instant,
    ) -> Option<Advice> {
        let parts = &*self.0;
        if !parts.advisor.is_well() || !may_ask(&profile.consents) {
            return None;
        }
        let (tell, ready) = oneshot::channel();
        let recommender = self.clone();
        tokio::spawn(async move {
            logged(recommender.advise_below(user, 1).await);
            // Nobody waits any more when it is late.
            let _ = tell.send(());
        });
        let is_slow = parts.pace.is_slow.load(Ordering::Relaxed);
        (!is_slow).then(|| Advice { ready, deadline, recommender: self.clone() })
    }

    /// Asks for ideas in the background where there are not enough of them: for the next decision.
    pub(crate) fn seek_ideas(&self, user: UserId) {
        if self.0.advisor.is_well() {
            let recommender = self.clone();
            tokio::spawn(async move {
                logged(recommender.advise(user).await);
            });
        }
    }

    /// Asks for ideas for everybody who is active and has not enough of them.
    pub async fn advise_all(&self) -> Result<(), Error> {
        if self.0.advisor.is_well() {
            let people = self.0.advisor.wishing(ACTIVE).await?;
            let advise = |user| async move {
                logged(self.advise(user).await);
            };
            stream::iter(people).for_each_concurrent(AT_ONCE, advise).await;
        }
        Ok(())
    }

    /// Asks for ideas for `user`, unless there are enough of them, and keeps them. How many came is told.
    pub async fn advise(&self, user: UserId) -> Result<usize, Unadvised> {
        self.advise_below(user, ENOUGH).await
    }

    async fn advise_below(&self, user: UserId, enough: usize) -> Result<usize, Unadvised> {
        let advisor = &self.0.advisor;
        let at_hand = self.0.integrations.tasks(user, Freshness::Cached).await.ok();
        if self.stock(user, at_hand.as_deref()).await? >= enough {
            return Err(Silence::Enough.into());
        }
        if advisor.is_busy(user).await.map_err(Error::from)? {
            return Err(Silence::Busy.into());
        }
        let advised = self.ask(user).await;
        if let Err(Unadvised::Tasks(_) | Unadvised::Silence(Silence::Crisis | Silence::Spent)) =
            advised
        {
            advisor.pause(user).await.map_err(Error::from)?;
        }
        advised
    }

    async fn ask(&self, user: UserId) -> Result<usize, Unadvised> {
        let parts = &*self.0;
        let consents = profile::profile(&parts.db, user).await.map_err(Error::from)?.consents;
        if !may_ask(&consents) {
            return Err(Unadvised::NotAllowed);
        }
        let tasks = parts.integrations.tasks(user, Freshness::Within(FRESH)).await?;
        // Wherever on the list they are.
        if self.is_crisis(&tasks) {
            return Err(Silence::Crisis.into());
        }
        let mut turn = self.turn(user).await?;
        self.may_tell(&mut turn, &tasks).await?;
        let asked_at = turn.moment.at;
        let day = to_chrono(turn.moment.today()).unwrap_or_default();
        let situation = self.situation(&mut turn, &tasks).await?;
        let seen = parts.advisor.newest(&mut *turn.tx, user).await.map_err(Error::from)?;
        turn.commit().await?;

        let begun = Instant::now();
        let written = parts.advisor.ask(user, day, &situation, seen).await;
        parts.pace.note(&written, begun.elapsed() > parts.settings.deadline);
        let written = written?;

        let mut turn = self.turn(user).await?;
        // It took a while: they may have changed their mind, and back again.
        self.may_tell(&mut turn, &tasks).await?;
        let allowed = [Consent::ReadTasks, Consent::SendTitles]
            .map(|consent| turn.consents.current(consent))
            .iter()
            .all(|answer| answer.is_some_and(|answer| answer.at <= asked_at));
        if !allowed {
            return Err(Unadvised::NotAllowed);
        }
        parts.advisor.keep(&mut turn.tx, user, &written).await.map_err(Error::from)?;
        turn.commit().await?;
        Ok(written.count())
    }

    /// A language model may be told of these tasks: the person allows it, and they are of the present connection.
    async fn may_tell(&self, turn: &mut Turn, tasks: &TaskList) -> Result<(), Unadvised> {
        if !may_ask(&turn.consents) {
            return Err(Unadvised::NotAllowed);
        }
        let user = turn.user;
        let is_current = self.0.integrations.is_current(&mut turn.tx, user, tasks).await;
        if is_current.map_err(Error::from)? { Ok(()) } else { Err(TaskError::NotConnected.into()) }
    }

    /// How many new ideas there are that a decision could use; of those about tasks, as far as they are `at_hand`.
    async fn stock(&self, user: UserId, at_hand: Option<&TaskList>) -> Result<usize, Error> {
        let parts = &*self.0;
        let zone = profile::profile(&parts.db, user).await?.time_zone;
        let moment = Moment::new(parts.clock.now(), zone);
        let until = moment.at + self.idea_lifetime();
        let mut ideas = parts.advisor.ideas(&parts.db, user, until).await?;
        ideas.retain(|idea| !idea.was_shown && idea.fits(moment.part()));
        if let Some(tasks) = at_hand.filter(|_| !ideas.is_empty()) {
            let keys: Vec<String> =
                ideas.iter().filter_map(|idea| idea.task.as_deref().map(pool::task_key)).collect();
            let last = store::last_reactions(&parts.db, user, &keys).await?;
            ideas.retain(|idea| pool::is_about_awake(idea, tasks, &last, &moment));
        }
        Ok(ideas.len())
    }
}

/// Tells the operator of what failed by our own fault, since nobody waits for it.
fn logged(advised: Result<usize, Unadvised>) {
    match advised {
        Ok(count) => tracing::debug!(count, "a language model has written ideas"),
        Err(Unadvised::Internal(error)) => kernel::log_failure(&error),
        Err(Unadvised::Silence(Silence::Internal(error))) => kernel::log_failure(&error),
        Err(_) => {}
    }
}
