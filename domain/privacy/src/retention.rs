//! History that goes by itself.

use std::pin::pin;

use chrono::TimeDelta;
use futures::TryStreamExt;
use kernel::UserId;
use profile::{Consent, KeepHistory};

use crate::{Parts, Privacy};

/// How many rows are deleted at once: others are not to wait.
const BATCH: i64 = 1_000;

/// Why old history stays, until the next time.
#[derive(Debug, thiserror::Error)]
pub enum RetentionError {
    /// The people could not be read.
    #[error("the people could not be read")]
    Auth(#[from] auth::AuthError),
    /// The profile failed.
    #[error(transparent)]
    Profile(#[from] profile::ProfileError),
    /// The event log failed.
    #[error(transparent)]
    Events(#[from] events::EventError),
    /// The database failed.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
}

impl Privacy {
    /// Deletes what is older than each person wants their history to be: closed tips with how they were answered,
    /// and events. Tells how many tips and events there were.
    ///
    /// # Errors
    /// See [`RetentionError`]; what was deleted until then stays so. What fails for one person is logged, and tried
    /// again the next time.
    pub async fn forget_old(&self) -> Result<u64, RetentionError> {
        let parts = &*self.0;
        let mut forgotten = 0;
        let mut people = pin!(parts.people());
        while let Some(user) = people.try_next().await? {
            match parts.forget_old_of(user).await {
                Ok(of_theirs) => forgotten += of_theirs,
                // The others are not to wait for it.
                Err(error) => tracing::warn!(%user, %error, "old history was not removed"),
            }
        }
        Ok(forgotten)
    }
}

impl Parts {
    async fn forget_old_of(&self, user: UserId) -> Result<u64, RetentionError> {
        let profile = profile::profile(&self.db, user).await?;
        // Where no history is kept, an answer still has to keep what was answered from coming back.
        let refused = profile.consents.refuse(Consent::KeepHistory);
        let keep = if refused { KeepHistory::Month } else { profile.keep_history };
        let Some(days) = keep.days() else { return Ok(0) };
        let before = self.clock.now() - TimeDelta::days(days.into());
        let mut forgotten = 0;
        loop {
            let tips = recommender::forget_before(&self.db, user, before, BATCH).await?;
            let events = events::forget_before(&self.db, user, before, BATCH).await?;
            forgotten += tips + events;
            if tips + events == 0 {
                return Ok(forgotten);
            }
        }
    }
}
