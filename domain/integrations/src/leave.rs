//! A person leaves for good: Todoist is told, however long that takes.
//!
//! The person's data key is destroyed with everything else, so their tokens wait under the master key, in a job that
//! names nobody. It is tried until Todoist agrees, for a week at the most; then nothing of it is left.

use chrono::TimeDelta;
use graphile_worker::{IntoTaskHandlerResult, JobSpec, TaskHandler, WorkerContext};
use kernel::{
    Timestamp, UserId,
    db::{self, Tx},
};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use vault::{Place, VaultError};

use crate::{
    error::{InternalError, TaskError},
    front::Integrations,
    grant::{ACCESS, REFRESH},
    jobs, store,
    todoist::{CallError, PROVIDER, Tokens},
};

/// How long Todoist is told at the most: its access tokens live an hour, and nothing refreshes them.
const TRIED_FOR: TimeDelta = TimeDelta::days(7);

/// Where the tokens wait.
const WAITING_ACCESS: Place<'static> = waiting("access");
const WAITING_REFRESH: Place<'static> = waiting("refresh");

/// Ends what a person had allowed. It holds no id.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Revoke {
    /// Sealed for the house.
    access: Option<String>,
    refresh: Option<String>,
    not_after: Timestamp,
}

impl Integrations {
    /// Todoist will be told by a job that does not know who it was, in the caller's transaction. Tokens that do not open
    /// any more are dropped.
    pub(crate) async fn revoke_on_leaving(
        &self,
        tx: &mut Tx<'_>,
        user: UserId,
    ) -> Result<(), InternalError> {
        let Some((access, refresh)) = store::take(tx, user).await? else { return Ok(()) };
        let key = match self.vault().key(&mut **tx, user).await {
            Ok(key) => key,
            Err(VaultError::Database(error)) => return Err(error.into()),
            Err(error) => {
                tracing::error!(%error, "Todoist is not told that somebody has left");
                return Ok(());
            }
        };
        let access = key.open(ACCESS, &access).ok();
        let refresh = refresh.and_then(|sealed| key.open(REFRESH, &sealed).ok());
        self.revoke_later(tx, access.as_ref(), refresh.as_ref()).await
    }

    /// Gives tokens back that cannot be kept.
    pub(crate) async fn give_back(&self, tokens: &Tokens) {
        let given = async {
            let mut tx = db::begin(self.db()).await?;
            self.revoke_later(&mut tx, Some(&tokens.access), tokens.refresh.as_ref()).await?;
            tx.commit().await?;
            Ok::<(), InternalError>(())
        };
        if let Err(error) = given.await {
            tracing::error!(%error, "Todoist is not told of tokens that are not kept");
        }
    }

    /// Lets a job tell Todoist that these tokens have ended. They wait under the master key.
    async fn revoke_later(
        &self,
        tx: &mut Tx<'_>,
        access: Option<&SecretString>,
        refresh: Option<&SecretString>,
    ) -> Result<(), InternalError> {
        let sealed =
            |place, token: Option<&SecretString>| self.vault().seal_for_house(place, token?).ok();
        let revoke = Revoke {
            access: sealed(WAITING_ACCESS, access),
            refresh: sealed(WAITING_REFRESH, refresh),
            not_after: self.now() + TRIED_FOR,
        };
        if revoke.access.is_none() && revoke.refresh.is_none() {
            tracing::error!("Todoist is not told that somebody has left: their tokens do not open");
            return Ok(());
        }
        let spec = JobSpec { max_attempts: Some(jobs::MAX_ATTEMPTS), ..JobSpec::default() };
        jobs::add(tx, Revoke::IDENTIFIER, &revoke, spec).await
    }

    async fn revoke(&self, Revoke { access, refresh, not_after }: Revoke) -> Result<(), TaskError> {
        if self.now() > not_after {
            tracing::error!(
                "Todoist was told for a week that somebody has left, and did not take it"
            );
            return Ok(());
        }
        let open = |place, sealed: Option<String>| -> Option<SecretString> {
            let opened = self.vault().open_for_house(place, &sealed?);
            let told = |error: &VaultError| {
                tracing::error!(%error, "Todoist cannot be told that somebody has left");
            };
            opened.inspect_err(told).ok()
        };
        if let Some(token) = open(WAITING_ACCESS, access) {
            settled(self.todoist().revoke(&token).await)?;
        }
        if let Some(token) = open(WAITING_REFRESH, refresh) {
            settled(self.todoist().revoke_refresh(&token).await)?;
        }
        Ok(())
    }
}

const fn waiting(field: &str) -> Place<'_> {
    Place { table: "graphile_worker.jobs", row: PROVIDER, field }
}

/// An answer that a token is unknown, or anything else that is final, is as good as yes. That oO's own credentials are
/// not taken is for the operator to mend.
fn settled(answer: Result<(), CallError>) -> Result<(), TaskError> {
    match answer {
        Ok(()) => Ok(()),
        Err(CallError::Garbled | CallError::TooLarge) => {
            tracing::warn!("Todoist does not know a token of somebody who has left");
            Ok(())
        }
        Err(CallError::Unauthorized) => Err(InternalError::Client.into()),
        Err(CallError::Throttled(_) | CallError::Unavailable) => Err(TaskError::Unavailable),
    }
}

impl TaskHandler for Revoke {
    const IDENTIFIER: &'static str = "todoist_revoke";

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        jobs::integrations(&context)?.revoke(self).await
    }
}
