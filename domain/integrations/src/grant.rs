//! The life of an access token: opened, refreshed under a lock, given up.

use kernel::{
    Timestamp, UserId,
    db::{self, Tx},
};
use profile::Consent;
use secrecy::{ExposeSecret, SecretString};
use sqlx::PgExecutor;
use vault::{DataKey, Place, VaultError};

use crate::{
    error::{InternalError, TaskError},
    front::Integrations,
    store::{self, Row},
    todoist::{CallError, GrantError, PROVIDER, Tokens},
};

/// A token that ends sooner than this is refreshed before it is used.
const MARGIN: chrono::TimeDelta = chrono::TimeDelta::seconds(60);

/// What is sealed in a row.
pub(crate) const ACCESS: Place<'static> = place("access");
pub(crate) const REFRESH: Place<'static> = place("refresh");

impl Integrations {
    /// Makes `call` with a good access token: refreshed before when its time is over, and once more when
    /// it is not taken. When even that fails, the connection has to be made again.
    pub(crate) async fn with_token<T, F>(
        &self,
        user: UserId,
        call: impl Fn(SecretString) -> F,
    ) -> Result<T, TaskError>
    where
        F: Future<Output = Result<T, CallError>>,
    {
        self.throttle().check(user, self.now())?;
        let token = self.access_token(user, None).await?;
        match call(token.clone()).await {
            Err(CallError::Unauthorized) => {}
            answer => return answer.map_err(|error| self.failed(user, error)),
        }
        let token = self.access_token(user, Some(&token)).await?;
        match call(token.clone()).await {
            Err(CallError::Unauthorized) => {
                self.give_up(user, &token).await?;
                Err(TaskError::Reconnect)
            }
            answer => answer.map_err(|error| self.failed(user, error)),
        }
    }

    fn failed(&self, user: UserId, error: CallError) -> TaskError {
        match error {
            CallError::Unauthorized => TaskError::Reconnect,
            CallError::Throttled(wait) => self.throttle().hold(user, self.now(), wait),
            CallError::Unavailable => TaskError::Unavailable,
            CallError::Garbled | CallError::TooLarge => TaskError::Garbled,
        }
    }

    /// An access token that is not `rejected`.
    async fn access_token(
        &self,
        user: UserId,
        rejected: Option<&SecretString>,
    ) -> Result<SecretString, TaskError> {
        let row = store::token(self.db(), user).await?.ok_or(TaskError::NotConnected)?;
        // Here, where every call has to come by.
        if !self.consents(user).await?.allow(Consent::ReadTasks) {
            return Err(TaskError::NotAllowed);
        }
        if let Some(token) = self.usable(self.db(), user, &row, rejected).await? {
            return Ok(token);
        }
        // It goes on when the caller gives up: a rotated token that is not stored is lost.
        let (this, rejected) = (self.clone(), rejected.cloned());
        let refreshed = async move { this.refreshed_token(user, rejected.as_ref()).await };
        tokio::spawn(refreshed).await.map_err(|_| InternalError::Lost)?
    }

    /// Refreshes under a lock on the row, which holds on all replicas. What another one refreshed in the
    /// meantime is taken as it is; the new tokens are stored before they are used.
    async fn refreshed_token(
        &self,
        user: UserId,
        rejected: Option<&SecretString>,
    ) -> Result<SecretString, TaskError> {
        // The lock is held while Todoist answers, and a connection to the database with it: only a few at
        // a time, so that a slow Todoist cannot take them all.
        let _turn = self.refreshes().acquire().await.map_err(|_| InternalError::Lost)?;
        let mut tx = db::begin(self.db()).await?;
        if !store::lock(&mut tx, user).await? {
            return Err(TaskError::NotConnected);
        }
        let row = store::token(&mut *tx, user).await?.ok_or(TaskError::NotConnected)?;
        if let Some(token) = self.usable(&mut *tx, user, &row, rejected).await? {
            return Ok(token);
        }
        let Some(refresh) = &row.refresh_sealed else {
            self.break_off(tx, user).await?;
            return Err(TaskError::Reconnect);
        };

        let refresh = self.open(&mut *tx, user, REFRESH, refresh).await?;
        let now = self.now();
        match self.todoist().refresh(&refresh, row.scope, now).await {
            Ok(tokens) => {
                let key = self.vault().key(&mut *tx, user).await?;
                let sealed = seal(&key, &tokens, now)?;
                store::renew(
                    &mut tx,
                    user,
                    &sealed.access_sealed,
                    sealed.refresh_sealed.as_deref(),
                    sealed.expires_at,
                    now,
                )
                .await?;
                tx.commit().await?;
                Ok(tokens.access)
            }
            Err(GrantError::Refused) => {
                self.break_off(tx, user).await?;
                Err(TaskError::Reconnect)
            }
            Err(GrantError::Client) => {
                tracing::error!("{}", InternalError::Client);
                Err(TaskError::Unavailable)
            }
            Err(GrantError::Throttled(wait)) => Err(self.throttle().hold(user, now, wait)),
            Err(GrantError::Unavailable) => Err(TaskError::Unavailable),
            Err(GrantError::Garbled) => Err(TaskError::Garbled),
        }
    }

    /// The row's access token, unless it is `rejected` or its time is over.
    async fn usable(
        &self,
        db: impl PgExecutor<'_>,
        user: UserId,
        row: &Row,
        rejected: Option<&SecretString>,
    ) -> Result<Option<SecretString>, TaskError> {
        if row.broken {
            return Err(TaskError::Reconnect);
        }
        let over = row.expires_at.is_some_and(|expires_at| expires_at - MARGIN <= self.now());
        if over && row.refresh_sealed.is_some() {
            return Ok(None);
        }
        let token = self.open(db, user, ACCESS, &row.access_sealed).await?;
        Ok(Some(token).filter(|token| !rejected.is_some_and(|rejected| same(rejected, token))))
    }

    /// The person has to connect again.
    async fn break_off(&self, mut tx: Tx<'_>, user: UserId) -> Result<(), InternalError> {
        store::mark_broken(&mut tx, user, self.now()).await?;
        tx.commit().await?;
        tracing::warn!(%user, "a connection to Todoist has to be made again");
        Ok(())
    }

    /// Marks the connection as broken, unless it was made anew in the meantime.
    async fn give_up(&self, user: UserId, token: &SecretString) -> Result<(), TaskError> {
        let mut tx = db::begin(self.db()).await?;
        if !store::lock(&mut tx, user).await? {
            return Ok(());
        }
        let Some(row) = store::token(&mut *tx, user).await? else { return Ok(()) };
        let own = self.open(&mut *tx, user, ACCESS, &row.access_sealed).await?;
        if same(&own, token) && !row.broken {
            self.break_off(tx, user).await?;
        }
        Ok(())
    }

    /// The access token of a row, when it opens.
    pub(crate) async fn open_access(&self, user: UserId, sealed: &[u8]) -> Option<SecretString> {
        self.open(self.db(), user, ACCESS, sealed).await.ok()
    }

    /// A token that does not open, since a key is gone, is as good as none: the person can connect again. The
    /// row stays as it is, should the operator find the key.
    async fn open(
        &self,
        db: impl PgExecutor<'_>,
        user: UserId,
        place: Place<'_>,
        sealed: &[u8],
    ) -> Result<SecretString, TaskError> {
        let opened = self.vault().key(db, user).await.and_then(|key| key.open(place, sealed));
        opened.map_err(|error| match error {
            VaultError::Database(error) => error.into(),
            error => {
                tracing::error!(%user, %error, "a token of Todoist cannot be used");
                TaskError::Reconnect
            }
        })
    }
}

/// Names that stay, whatever becomes of the columns.
const fn place(field: &str) -> Place<'_> {
    Place { table: "integrations.token", row: PROVIDER, field }
}

/// Both are ours: nobody measures how long this takes.
fn same(one: &SecretString, other: &SecretString) -> bool {
    one.expose_secret() == other.expose_secret()
}

/// A row of a connection that was made at `now`.
pub(crate) fn seal(key: &DataKey, tokens: &Tokens, now: Timestamp) -> Result<Row, VaultError> {
    let refresh = tokens.refresh.as_ref();
    Ok(Row {
        access_sealed: key.seal(ACCESS, &tokens.access)?,
        refresh_sealed: refresh.map(|token| key.seal(REFRESH, token)).transpose()?,
        expires_at: tokens.expires_at,
        scope: tokens.scope,
        broken: false,
        connected_at: now,
    })
}
