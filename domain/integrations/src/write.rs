//! Closing and reopening tasks at Todoist: what [`crate::jobs`] run.

use events::{Payload, v1};
use kernel::{Timestamp, UserId, db};
use profile::Consent;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    error::{InternalError, TaskError},
    front::{Connection, Integrations},
    todoist::{Access, PROVIDER, is_id},
};

/// How far Todoist's clock may be behind ours.
const SKEW: chrono::TimeDelta = chrono::TimeDelta::seconds(10);

/// A wish to change a task, which may be carried out more than once before it is known to be.
pub(crate) struct Wish<'a> {
    pub(crate) user: UserId,
    pub(crate) task: &'a str,
    /// It was not carried out earlier than this, and tells this wish from a later one.
    pub(crate) not_before: Timestamp,
    /// Whether this is another attempt: the earlier one may have taken effect, unheard.
    pub(crate) again: bool,
}

impl Integrations {
    pub(crate) async fn close_task(&self, wish: &Wish<'_>) -> Result<(), TaskError> {
        if !self.may_write(wish).await? {
            return Ok(());
        }
        if !wish.again || !self.is_closed(wish).await? {
            let request = wish.request("close");
            self.with_token(wish.user, |token| async move {
                self.todoist().close(&token, wish.task, request).await
            })
            .await?;
        }
        self.lists().forget(wish.user, wish.task).await;
        let candidate = wish.candidate();
        self.tell(wish, &Payload::TaskClosed(v1::TaskClosed { candidate })).await
    }

    pub(crate) async fn reopen_task(&self, wish: &Wish<'_>) -> Result<(), TaskError> {
        if !self.may_write(wish).await? {
            return Ok(());
        }
        let request = wish.request("reopen");
        self.with_token(wish.user, |token| async move {
            self.todoist().reopen(&token, wish.task, request).await
        })
        .await?;
        self.lists().mark_stale(wish.user).await;
        let candidate = wish.candidate();
        self.tell(wish, &Payload::TaskReopened(v1::TaskReopened { candidate })).await
    }

    /// Writes down what was done, where that is allowed. When it fails the wish is carried out again, which changes
    /// nothing.
    async fn tell(&self, wish: &Wish<'_>, payload: &Payload) -> Result<(), TaskError> {
        let mut tx = db::begin(self.db()).await?;
        events::hold(&mut tx, wish.user).await.map_err(InternalError::from)?;
        let profile = profile::profile(&mut *tx, wish.user).await.map_err(InternalError::from)?;
        if !profile.consents.allow(Consent::KeepHistory) {
            return Ok(());
        }
        events::append(&mut tx, self.entropy(), wish.user, self.now(), payload)
            .await
            .map_err(InternalError::from)?;
        tx.commit().await?;
        Ok(())
    }

    /// A broken connection may be made again; until then the wish waits.
    async fn may_write(&self, wish: &Wish<'_>) -> Result<bool, TaskError> {
        let allowed = self.consents(wish.user).await?.allow(Consent::WriteTasks);
        let may = match self.connection(wish.user).await? {
            Connection::Active(Access::ReadWrite) => allowed && is_id(wish.task),
            Connection::Active(Access::Read) | Connection::None => false,
            Connection::Broken => return Err(TaskError::Reconnect),
        };
        if !may {
            tracing::info!(user = %wish.user, "a wish to change a task is dropped: it may not be changed");
        }
        Ok(may)
    }

    /// Closing twice is harmless, unless the task repeats: then it would skip a date. One that has changed
    /// since the first attempt counts as closed.
    async fn is_closed(&self, wish: &Wish<'_>) -> Result<bool, TaskError> {
        let Some(task) = self.task(wish.user, wish.task).await? else { return Ok(true) };
        let repeats = task.due.is_some_and(|due| due.recurring);
        Ok(repeats && task.updated_at.is_some_and(|at| at >= wish.not_before - SKEW))
    }
}

impl Wish<'_> {
    fn candidate(&self) -> String {
        format!("{PROVIDER}:{}", self.task)
    }

    /// The same for each attempt.
    fn request(&self, verb: &str) -> Uuid {
        let mut hash = Sha256::new();
        hash.update(self.user.uuid().as_bytes());
        hash.update(self.not_before.timestamp_micros().to_be_bytes());
        hash.update(verb.as_bytes());
        hash.update(self.task.as_bytes());
        let hash: [u8; 32] = hash.finalize().into();
        let mut id = [0; 16];
        id.copy_from_slice(&hash[..16]);
        uuid::Builder::from_custom_bytes(id).into_uuid()
    }
}
