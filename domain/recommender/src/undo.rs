//! Taking a reaction back, with all that it did.

use events::{Payload, v1};
use kernel::UserId;
use uuid::Uuid;

use crate::{
    Error, Look, Recommender, pool,
    store::{self, State},
};

/// Why a reaction stands.
#[derive(Debug, thiserror::Error)]
pub enum UndoError {
    /// The time for it is over, or another reaction came after it.
    #[error("it is too late to take it back")]
    TooLate,
    /// This person has no such tip.
    #[error("there is no such tip")]
    Unknown,
    /// The recommender failed.
    #[error(transparent)]
    Internal(Error),
}

impl<E: Into<Error>> From<E> for UndoError {
    fn from(error: E) -> Self {
        Self::Internal(error.into())
    }
}

impl Recommender {
    /// Takes back the newest reaction, which answered `tip`: nothing is learned from it, the candidate
    /// rests no longer, the task stays open (or is reopened), and the tip is open again. A second undo of
    /// the same reaction changes nothing.
    pub async fn undo(&self, user: UserId, tip: Uuid) -> Result<Look, UndoError> {
        self.take_back(user, tip).await?;
        Ok(Box::pin(self.look(user)).await?)
    }

    async fn take_back(&self, user: UserId, tip: Uuid) -> Result<(), UndoError> {
        let parts = &*self.0;
        let mut turn = self.turn(user).await?;
        let now = turn.moment.at;
        store::tip(&mut turn.tx, user, tip).await?.ok_or(UndoError::Unknown)?;
        let open = store::open_tip(&mut turn.tx, user).await?;
        if open.as_ref().is_some_and(|open| open.id == tip) {
            return Ok(());
        }
        let last = store::newest_reaction(&mut turn.tx, user).await?;
        let last =
            last.filter(|last| last.tip == tip && now < last.at + parts.settings.undo_window);
        let last = last.ok_or(UndoError::TooLate)?;

        if let Some(open) = open {
            self.lapse(&mut turn, open.id, v1::tip_lapsed::Cause::Undo).await?;
        }
        store::mark_undone(&mut turn.tx, user, last.id, now).await?;
        turn.set_state(tip, State::Open).await?;
        if let Some(id) = pool::task_id(&last.candidate).filter(|_| last.closes_task) {
            integrations::jobs::cancel_close(&mut turn.tx, user, id).await?;
        }
        let undone =
            v1::ReactionUndone { tip_id: tip.to_string(), reaction_id: last.id.to_string() };
        self.append(&mut turn, Payload::ReactionUndone(undone)).await?;
        if !turn.may_show(&last.candidate) {
            self.lapse(&mut turn, tip, v1::tip_lapsed::Cause::NotAllowed).await?;
        }
        turn.commit().await?;
        Ok(())
    }
}
