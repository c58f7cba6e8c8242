//! Erasing a person: everything, at once, and for good.

use std::{error::Error, pin::pin};

use futures::TryStreamExt;
use kernel::{UserId, db};

use crate::{Erasure, Parts, Privacy, store, tables};

/// How often it is tried when it meets somebody who waits for what it holds. Once is enough: whoever changes tips
/// takes the same locks in the same order.
const TRIES: usize = 3;

/// Why somebody is not erased. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum EraseError {
    /// The database failed.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    /// The people could not be held still.
    #[error("the people could not be held still")]
    Auth(#[from] auth::AuthError),
    /// The connections could not be ended.
    #[error("the connections could not be ended")]
    Integrations(#[from] integrations::InternalError),
    /// A task of the runtime ended early.
    #[error("an erasure was lost")]
    Lost,
}

impl Privacy {
    /// Erases `user`: every row of theirs, on all replicas at once, with what is under way for them; their data key,
    /// so that no sealed secret of theirs opens any more; their sessions. Their providers are told by a job that does
    /// not know who it was. If they ran this house, the one who has been here longest does from now on. What another
    /// request of theirs writes after it fails.
    ///
    /// It goes on when the caller gives up. The ledger notes it; that its file cannot be written is logged, and no
    /// error.
    ///
    /// # Errors
    /// See [`EraseError`]; then nothing has changed.
    pub async fn erase(&self, user: UserId) -> Result<(), EraseError> {
        let parts = self.0.clone();
        let erased = tokio::spawn(async move { parts.erase(user).await });
        erased.await.unwrap_or(Err(EraseError::Lost))
    }

    /// Erases again whoever was erased and is here all the same, since the database came back from a backup; and
    /// brings both halves of the ledger up to date. Tells how many there were. To be called at start.
    ///
    /// # Errors
    /// See [`EraseError`].
    pub async fn keep_gone(&self) -> Result<u64, EraseError> {
        let parts = &*self.0;
        let gone = parts.ledger.merged(&parts.db).await?;
        if gone.is_empty() {
            return Ok(0);
        }
        let mut again = 0;
        let mut people = pin!(parts.people());
        while let Some(user) = people.try_next().await? {
            if gone.contains(&Erasure::hash(user)) {
                self.erase(user).await?;
                again += 1;
            }
        }
        Ok(again)
    }
}

impl Parts {
    async fn erase(&self, user: UserId) -> Result<(), EraseError> {
        let erasure = Erasure { person_hash: Erasure::hash(user), erased_at: self.clock.now() };
        let mut tries = 1;
        while let Err(error) = self.erase_once(user, &erasure).await {
            if tries == TRIES || !is_deadlock(&error) {
                return Err(error);
            }
            tries += 1;
        }
        self.integrations.forget(user).await;
        self.ledger.append(&[erasure]).await;
        tracing::info!("somebody has left for good");
        Ok(())
    }

    async fn erase_once(&self, user: UserId, erasure: &Erasure) -> Result<(), EraseError> {
        let mut tx = db::begin(&self.db).await?;
        // In the order in which others take them: see ADR 13.
        auth::identity::hold_door(&mut tx).await?;
        recommender::hold(&mut tx, user).await?;
        auth::identity::hold(&mut tx, user).await?;

        self.integrations.let_go(&mut tx, user).await?;
        for table in tables() {
            store::delete(&mut tx, table, user).await?;
        }
        auth::identity::succeed(&mut tx).await?;
        store::note(&mut tx, erasure).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Whether two waited for each other, and Postgres let this one go (`deadlock_detected`).
fn is_deadlock(error: &EraseError) -> bool {
    let mut cause: Option<&dyn Error> = Some(error);
    while let Some(error) = cause {
        if let Some(sqlx::Error::Database(error)) = error.downcast_ref() {
            return error.code().as_deref() == Some("40P01");
        }
        cause = error.source();
    }
    false
}
