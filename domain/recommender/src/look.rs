//! What the page shows: the open tip in words, or the reason why there is none.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use integrations::{Freshness, TaskError, TaskList};
use kernel::{Timestamp, UserId};
use profile::{Consent, Consents};
use tokio::time::Instant;
use uuid::Uuid;

use crate::{
    Error, Reaction, Recommender, Tip, pool,
    store::{self, OpenTip, SeenReaction},
    words::{listed, task_tip},
};

/// Tasks read this recently are taken for the present state.
pub(crate) const FRESH: Duration = Duration::from_mins(1);

/// All that the tip page shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// The scene in the middle.
    pub scene: Scene,
    /// The newest reaction, while it can be taken back.
    pub answered: Option<Answered>,
    /// Set when the tasks could not be read and what is shown may be old.
    pub trouble: Option<Trouble>,
}

/// The scene in the middle of the page.
#[derive(Clone, Debug, PartialEq)]
pub enum Scene {
    /// The person has not been asked yet what oO may do; or its words have changed since.
    Unasked,
    /// They do not allow that their tasks are read.
    NotAllowed,
    /// No connector is connected.
    NotConnected,
    /// The tasks are still being fetched.
    Loading,
    /// One tip.
    Tip(Tip),
    /// There is no candidate at the moment.
    Nothing,
    /// The tasks cannot be read, and none are at hand.
    Trouble(Trouble),
}

/// A reaction that can still be taken back.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    /// The tip that was answered.
    pub tip: Uuid,
    /// How.
    pub reaction: Reaction,
    /// For how long the candidate rests, from the reaction on; none: for good.
    pub rests_for: Option<TimeDelta>,
    /// For how much longer it can be taken back.
    pub undo_for: TimeDelta,
}

/// What is known of a person's tips without asking anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The tip that is open.
    pub open: Option<Uuid>,
    /// When one was answered, the last time.
    pub answered_at: Option<Timestamp>,
}

/// Why the tasks cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The access was refused: the person has to connect again.
    Reconnect,
    /// The provider asked us to wait.
    Throttled,
    /// The provider cannot be reached, or fails.
    Unavailable,
    /// The provider's answer is not its protocol.
    Garbled,
}

/// The tasks that a look can use.
struct AtHand {
    list: Arc<TaskList>,
    /// Whether the list is the present state.
    fresh: bool,
    trouble: Option<Trouble>,
}

impl Recommender {
    /// What `user` sees now. An open tip stays; only without one is a new one decided.
    pub async fn look(&self, user: UserId) -> Result<Look, Error> {
        let now = self.0.clock.now();
        let seen = store::see(&self.0.db, user).await?;
        let answered = self.answered(seen.last, now);
        let open = seen.tip.filter(|tip| tip.expires_at > now);

        // The common case: advice needs no tasks.
        if let Some(tip) = open.as_ref().and_then(|tip| self.advice(tip)) {
            return Ok(Look { scene: Scene::Tip(tip), answered, trouble: None });
        }

        let deadline = Instant::now() + self.0.settings.deadline;
        let mut advice = None;
        if open.is_none() {
            let profile = profile::profile(&self.0.db, user).await?;
            if let Some(scene) = not_yet(&profile.consents) {
                // Another replica may have been told.
                self.0.integrations.forget(user).await;
                return Ok(Look { scene, answered, trouble: None });
            }
            advice = self.begin_advice(user, &profile, deadline);
        }
        let (tasks, ()) = tokio::join!(
            self.tasks(user, deadline),
            self.read_calendar(user, open.is_none(), deadline)
        );
        let at_hand = match tasks? {
            Ok(at_hand) => at_hand,
            Err(scene) => {
                let scene = self.without_tasks(user, open.as_ref(), scene).await?;
                return Ok(Look { scene, answered, trouble: None });
            }
        };
        let trouble = at_hand.trouble;
        if let Some(tip) = &open {
            match self.told(user, tip, &at_hand, now).await? {
                Ok(Some(tip)) => return Ok(Look { scene: Scene::Tip(tip), answered, trouble }),
                Ok(None) => {}
                Err(scene) => return Ok(Look { scene, answered, trouble: None }),
            }
        }

        if let Some(advice) = advice {
            advice.awaited().await;
        }
        let scene = self.decide_anew(user, open.map(|tip| tip.id), &at_hand.list).await?;
        Ok(Look { scene, answered, trouble })
    }

    /// Which tip of `user` is open, and when they answered one the last time: one query, and nobody is asked.
    pub async fn standing(&self, user: UserId) -> Result<Standing, Error> {
        let now = self.0.clock.now();
        let seen = store::see(&self.0.db, user).await?;
        Ok(Standing {
            open: seen.tip.filter(|tip| tip.expires_at > now).map(|tip| tip.id),
            answered_at: seen.last.map(|last| last.at),
        })
    }

    /// When the meeting ends in which `user` is, as far as their calendar tells within the deadline.
    pub async fn busy_until(&self, user: UserId) -> Result<Option<Timestamp>, Error> {
        let parts = &*self.0;
        let read = parts.integrations.busy(user);
        let busy = match tokio::time::timeout(parts.settings.deadline, read).await {
            Ok(busy) => busy?,
            Err(_elapsed) => parts.integrations.busy_at_hand(user).await,
        };
        Ok(busy.and_then(|busy| busy.busy_until(parts.clock.now())))
    }

    /// The open tip of `user`, or why none can be told. Nothing is decided, and nothing lapses.
    pub async fn peek(&self, user: UserId) -> Result<Scene, Error> {
        let now = self.0.clock.now();
        let open = store::see(&self.0.db, user).await?.tip;
        let Some(open) = open.filter(|tip| tip.expires_at > now) else { return Ok(Scene::Nothing) };
        if let Some(tip) = self.advice(&open) {
            return Ok(Scene::Tip(tip));
        }

        let deadline = Instant::now() + self.0.settings.deadline;
        let at_hand = match self.tasks(user, deadline).await? {
            Ok(at_hand) => at_hand,
            Err(scene) => return self.without_tasks(user, Some(&open), scene).await,
        };
        Ok(match self.told(user, &open, &at_hand, now).await? {
            Ok(tip) => tip.map_or(Scene::Nothing, Scene::Tip),
            Err(scene) => scene,
        })
    }

    /// While the tasks cannot be read: an idea stays where it is.
    async fn without_tasks(
        &self,
        user: UserId,
        open: Option<&OpenTip>,
        scene: Scene,
    ) -> Result<Scene, Error> {
        let Some(open) = open.filter(|_| matches!(scene, Scene::Loading | Scene::Trouble(_)))
        else {
            return Ok(scene);
        };
        let mut db = self.0.db.acquire().await?;
        Ok(self.idea(&mut db, user, open, None).await?.map_or(scene, Scene::Tip))
    }

    /// The newest reaction, as long as it can be taken back.
    pub(crate) fn answered(&self, last: Option<SeenReaction>, now: Timestamp) -> Option<Answered> {
        let last = last?;
        let undo_for = last.at + self.0.settings.undo_window - now;
        let reaction = last.reaction().filter(|_| undo_for > TimeDelta::zero())?;
        let rests_for = last.rests_until.map(|until| until - last.at);
        Some(Answered { tip: last.tip, reaction, rests_for, undo_for })
    }

    /// Lets the calendar be read anew, where a tip is to be decided and that is due. What is not there by the deadline is
    /// there for the next decision.
    async fn read_calendar(&self, user: UserId, is_due: bool, deadline: Instant) {
        if !is_due {
            return;
        }
        let busy = self.0.integrations.busy(user);
        if let Ok(Err(error)) = tokio::time::timeout_at(deadline, busy).await {
            kernel::log_failure(&error);
        }
    }

    /// The tasks, as fresh as the deadline allows; or the scene that tells why there are none.
    async fn tasks(&self, user: UserId, deadline: Instant) -> Result<Result<AtHand, Scene>, Error> {
        let integrations = &self.0.integrations;
        let fetch = integrations.tasks(user, Freshness::Within(FRESH));
        let trouble = match tokio::time::timeout_at(deadline, fetch).await {
            Ok(Ok(list)) => return Ok(Ok(AtHand { list, fresh: true, trouble: None })),
            Ok(Err(TaskError::NotConnected)) => return Ok(Err(Scene::NotConnected)),
            Ok(Err(TaskError::NotAllowed)) => {
                let consents = profile::profile(&self.0.db, user).await?.consents;
                return Ok(Err(not_yet(&consents).unwrap_or(Scene::Loading)));
            }
            Ok(Err(error)) => Some(trouble(error)?),
            Err(_elapsed) => None,
        };
        Ok(match integrations.tasks(user, Freshness::Cached).await {
            Ok(list) => Ok(AtHand { list, fresh: false, trouble }),
            Err(_) => Err(trouble.map_or(Scene::Loading, Scene::Trouble)),
        })
    }

    /// A tip of a task: none when the task is gone, a scene when that cannot be told at the moment.
    async fn told(
        &self,
        user: UserId,
        tip: &OpenTip,
        at_hand: &AtHand,
        now: Timestamp,
    ) -> Result<Result<Option<Tip>, Scene>, Error> {
        if let Some(tip) = listed(tip, &at_hand.list, now) {
            return Ok(Ok(Some(tip)));
        }
        if pool::idea_id(&tip.candidate).is_some() {
            let mut db = self.0.db.acquire().await?;
            return Ok(Ok(self.idea(&mut db, user, tip, Some(&at_hand.list)).await?));
        }
        if !at_hand.fresh {
            return Ok(Err(at_hand.trouble.map_or(Scene::Loading, Scene::Trouble)));
        }
        // A long list holds the most urgent tasks only: this one may still be there.
        self.unlisted(user, tip, &at_hand.list, now).await
    }

    /// The tip of a task that was left out of a list too long to be held: none when the task is gone, a scene
    /// when that cannot be told at the moment.
    async fn unlisted(
        &self,
        user: UserId,
        tip: &OpenTip,
        list: &TaskList,
        now: Timestamp,
    ) -> Result<Result<Option<Tip>, Scene>, Error> {
        let Some(id) = pool::task_id(&tip.candidate).filter(|_| !list.is_complete()) else {
            return Ok(Ok(None));
        };
        let fetch = self.0.integrations.task(user, id);
        Ok(match tokio::time::timeout(self.0.settings.deadline, fetch).await {
            Ok(Ok(task)) => Ok(task.map(|task| task_tip(tip, &task, now))),
            Ok(Err(error)) => Err(Scene::Trouble(trouble(error)?)),
            Err(_elapsed) => Err(Scene::Loading),
        })
    }
}

/// The scene that stands before every decision, unless the person allows one.
pub(crate) fn not_yet(consents: &Consents) -> Option<Scene> {
    if !consents.are_decided() {
        Some(Scene::Unasked)
    } else if !consents.allow(Consent::ReadTasks) {
        Some(Scene::NotAllowed)
    } else {
        None
    }
}

/// Why the tasks cannot be read, unless it is our own fault.
fn trouble(error: TaskError) -> Result<Trouble, Error> {
    match error {
        TaskError::Reconnect | TaskError::NotConnected | TaskError::NotAllowed => {
            Ok(Trouble::Reconnect)
        }
        TaskError::Throttled { .. } => Ok(Trouble::Throttled),
        TaskError::Garbled => Ok(Trouble::Garbled),
        TaskError::Unavailable | TaskError::NotAtHand => Ok(Trouble::Unavailable),
        TaskError::Internal(error) => Err(Error::Tasks(error)),
    }
}
