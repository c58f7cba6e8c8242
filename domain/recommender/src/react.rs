//! A reaction: exactly once, and everything that follows from it in the same transaction.

use chrono::TimeDelta;
use events::{Payload, v1};
use integrations::{Freshness, TaskList};
use jiff::civil::Date;
use kernel::{Timestamp, UserId};
use profile::Consent;
use uuid::Uuid;

use crate::{
    Answered, Error, Look, Reaction, Recommender, pool,
    store::{self, NewReaction, State, TipRow},
    turn::Turn,
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
    /// The tip is not open any more.
    #[error("the tip is gone")]
    Gone,
    /// This person has no such tip.
    #[error("there is no such tip")]
    Unknown,
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
        match self.record(user, answer, at_hand.as_deref()).await? {
            Some(look) => Ok(look),
            // A replay, or nothing at hand to choose from.
            None => Ok(Box::pin(self.look(user)).await?),
        }
    }

    /// The transaction of [`Recommender::react`]; `None` when the next scene is not decided in it.
    async fn record(
        &self,
        user: UserId,
        answer: Answer,
        tasks: Option<&TaskList>,
    ) -> Result<Option<Look>, ReactError> {
        let mut turn = self.turn(user).await?;
        if let Some(earlier) = store::reaction_by_key(&mut turn.tx, user, answer.key).await? {
            let same = earlier.tip == answer.tip && earlier.reaction == Some(answer.reaction);
            return if same { Ok(None) } else { Err(ReactError::KeyReused) };
        }

        let tip = store::tip(&mut turn.tx, user, answer.tip).await?;
        let tip = tip.ok_or(ReactError::Unknown)?;
        match tip.state {
            Some(State::Open) if tip.expires_at > turn.moment.at => {}
            // It lapses, and is followed, at the next look.
            Some(State::Open | State::Lapsed) | None => return Err(ReactError::Gone),
            Some(State::Answered) => return Err(ReactError::AnsweredElsewhere),
        }

        let task = pool::task_id(&tip.candidate);
        let due = task.and_then(|id| match tasks.and_then(|tasks| tasks.get(id)) {
            Some(task) => task.due.map(|due| due.date(&turn.moment.zone)),
            // Not at hand: should it recur, then it is done for today.
            None => Some(turn.moment.today()),
        });
        // Whether Todoist was told the same is for the job to find out.
        let closes_task = task.is_some()
            && answer.reaction == Reaction::Done
            && turn.consents.allow(Consent::WriteTasks);

        let closing = Closing { due, closes_task };
        let rests_until = self.close(&mut turn, answer, &tip, closing).await?;
        let answered = Answered {
            tip: answer.tip,
            reaction: answer.reaction,
            rests_for: rests_until.map(|until| until - turn.moment.at),
            undo_for: self.0.settings.undo_window,
        };
        let scene = match tasks {
            Some(tasks) => self.decide_next(&mut turn, tasks).await?,
            None => None,
        };
        turn.commit().await?;
        self.seek_ideas(user);
        Ok(scene.map(|scene| Look { scene, answered: Some(answered), trouble: None }))
    }

    /// Everything that a reaction changes, but for the next tip. Until when the candidate rests: for good, where it is
    /// `None`.
    async fn close(
        &self,
        turn: &mut Turn,
        answer: Answer,
        tip: &TipRow,
        closing: Closing,
    ) -> Result<Option<Timestamp>, Error> {
        let parts = &*self.0;
        let (user, at) = (turn.user, turn.moment.at);
        let Closing { due, closes_task } = closing;
        let task = pool::task_id(&tip.candidate);
        let rests_until =
            answer.reaction.rests_until(&turn.moment, turn.snooze_times, task.is_some());
        let reaction = NewReaction {
            id: parts.entropy.id(at),
            tip: answer.tip,
            key: answer.key,
            reaction: answer.reaction,
            candidate: &tip.candidate,
            due,
            reward: answer.reaction.reward(),
            rests_until,
            closes_task,
            is_learned: turn.keeps_history(),
            at,
        };
        let reacted = v1::TipReacted {
            tip_id: answer.tip.to_string(),
            reaction_id: reaction.id.to_string(),
            reaction: v1::Reaction::from(answer.reaction).into(),
            reward: reaction.reward,
            rests_until_micros: reaction.rests_until.map(|until| until.timestamp_micros()),
            closes_task,
        };

        store::insert_reaction(&mut turn.tx, user, &reaction).await?;
        turn.set_state(answer.tip, State::Answered).await?;
        self.append(turn, Payload::TipReacted(reacted)).await?;
        if let Some(id) = task.filter(|_| closes_task) {
            let after = parts.settings.undo_window + CLOSE_GRACE;
            integrations::jobs::enqueue_close(&mut turn.tx, user, id, after).await?;
        }
        Ok(rests_until)
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
