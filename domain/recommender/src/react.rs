//! A reaction: exactly once, and everything that follows from it in the same transaction.

use chrono::TimeDelta;
use events::{Payload, v1};
use integrations::{Freshness, TaskList};
use jiff::civil::Date;
use kernel::{
    UserId,
    db::{self, Tx},
};
use uuid::Uuid;

use crate::{
    Answered, Error, Look, Reaction, Recommender, Scene,
    features::Moment,
    pool,
    store::{self, NewReaction, State, TipRow},
};

/// A task is closed this long after the reaction to it can no longer be taken back: a recurring task that was
/// closed cannot be reopened, and an undo of the last moment takes its time too.
const CLOSE_GRACE: TimeDelta = TimeDelta::seconds(1);

/// A reaction, as it comes from a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The tip that is answered.
    pub tip: Uuid,
    /// The idempotency key of the rendering: the same key counts once, however often it is sent.
    pub key: Uuid,
    /// The answer.
    pub reaction: Reaction,
}

/// Why a reaction does not count.
#[derive(Debug, thiserror::Error)]
pub enum ReactError {
    /// Another page of this person answered the tip first.
    #[error("the tip was answered elsewhere")]
    AnsweredElsewhere,
    /// The tip is not open any more, or never was this person's.
    #[error("the tip is gone")]
    Gone,
    /// The key was used for a different answer.
    #[error("the key was used for a different answer")]
    KeyReused,
    /// The recommender failed.
    #[error(transparent)]
    Internal(Error),
}

impl<E: Into<Error>> From<E> for ReactError {
    fn from(error: E) -> Self {
        Self::Internal(error.into())
    }
}

impl Recommender {
    /// Takes an answer, and shows what comes next. Tip, posteriors, event, job and the next tip commit
    /// together; the next tip comes from the tasks at hand, without a call to anyone.
    ///
    /// The same answer under the same key changes nothing the second time.
    pub async fn react(&self, user: UserId, answer: Answer) -> Result<Look, ReactError> {
        let at_hand = self.0.integrations.tasks(user, Freshness::Cached).await.ok();
        let scene = self.record(user, answer, at_hand.as_deref()).await?;
        match scene {
            Some(scene) => {
                let undo_for = self.0.settings.undo_window;
                let (tip, reaction) = (answer.tip, answer.reaction);
                Ok(Look {
                    scene,
                    answered: Some(Answered { tip, reaction, undo_for }),
                    trouble: None,
                })
            }
            // A replay, or nothing at hand to choose from.
            None => Ok(self.look(user).await?),
        }
    }

    /// The transaction of [`Recommender::react`]; `None` when the next scene is not decided in it.
    async fn record(
        &self,
        user: UserId,
        answer: Answer,
        tasks: Option<&TaskList>,
    ) -> Result<Option<Scene>, ReactError> {
        let parts = &*self.0;
        let mut tx = db::begin(&parts.db).await?;
        store::lock(&mut tx, user).await?;
        let now = parts.clock.now();

        if let Some(earlier) = store::reaction_by_key(&mut tx, user, answer.key).await? {
            let same = earlier.tip == answer.tip && earlier.reaction == Some(answer.reaction);
            return if same { Ok(None) } else { Err(ReactError::KeyReused) };
        }

        let tip = store::tip(&mut tx, user, answer.tip).await?;
        let tip = tip.ok_or(ReactError::Gone)?;
        match tip.state {
            Some(State::Open) if tip.expires_at > now => {}
            // It lapses, and is followed, at the next look.
            Some(State::Open | State::Lapsed) | None => return Err(ReactError::Gone),
            Some(State::Answered) => return Err(ReactError::AnsweredElsewhere),
        }

        let preferences = profile::preferences(&mut *tx, user).await?;
        let moment = Moment::new(now, preferences.time_zone);
        let task = pool::task_id(&tip.candidate);
        let due = task.and_then(|id| match tasks.and_then(|tasks| tasks.get(id)) {
            Some(task) => task.due.map(|due| due.date(&moment.zone)),
            // Not at hand: should it recur, then it is done for today.
            None => Some(moment.today()),
        });
        // Whether the person granted it as well is for the job to find out.
        let closes_task =
            task.is_some() && answer.reaction == Reaction::Done && preferences.close_tasks;

        self.close(&mut tx, user, answer, &tip, Closing { due, closes_task }, &moment).await?;
        let scene = match tasks {
            Some(tasks) => self.decide_next(&mut tx, user, tasks, &moment).await?,
            None => None,
        };
        tx.commit().await?;
        Ok(scene)
    }

    /// Everything that a reaction changes, but for the next tip.
    async fn close(
        &self,
        tx: &mut Tx<'_>,
        user: UserId,
        answer: Answer,
        tip: &TipRow,
        closing: Closing,
        moment: &Moment,
    ) -> Result<(), Error> {
        let parts = &*self.0;
        let Closing { due, closes_task } = closing;
        let task = pool::task_id(&tip.candidate);
        let reaction = NewReaction {
            id: parts.entropy.id(moment.at),
            tip: answer.tip,
            key: answer.key,
            reaction: answer.reaction,
            candidate: &tip.candidate,
            due,
            reward: answer.reaction.reward(),
            rests_until: answer.reaction.rests_until(moment, task.is_some()),
            closes_task,
            at: moment.at,
        };
        let reacted = v1::TipReacted {
            tip_id: answer.tip.to_string(),
            reaction_id: reaction.id.to_string(),
            reaction: v1::Reaction::from(answer.reaction).into(),
            reward: reaction.reward,
            rests_until_micros: reaction.rests_until.map(|until| until.timestamp_micros()),
            closes_task,
        };

        store::insert_reaction(tx, user, &reaction).await?;
        store::set_state(tx, user, answer.tip, State::Answered).await?;
        let policies = parts.policies.all();
        store::learn(tx, user, policies, &tip.arm, reaction.reward, moment.at).await?;
        self.append(tx, user, moment.at, Payload::TipReacted(reacted)).await?;
        if let Some(id) = task.filter(|_| closes_task) {
            let after = parts.settings.undo_window + CLOSE_GRACE;
            integrations::jobs::enqueue_close(tx, user, id, after).await?;
        }
        Ok(())
    }
}

/// What a reaction means for the task behind the tip.
struct Closing {
    /// The date for which it was answered.
    due: Option<Date>,
    /// Whether it is to be closed at its source: the person did it, and wants that.
    closes_task: bool,
}

impl From<Reaction> for v1::Reaction {
    fn from(reaction: Reaction) -> Self {
        match reaction {
            Reaction::Done => Self::Done,
            Reaction::Snooze(_) => Self::Snooze,
            Reaction::Dismiss => Self::Dismiss,
        }
    }
}
