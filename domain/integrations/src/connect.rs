//! Connecting an account and letting it go.

use std::{fmt, time::Duration};

use kernel::{TimeZone, UserId, db};
use secrecy::SecretString;
use url::Url;

use crate::{
    error::{ConnectError, InternalError},
    front::Integrations,
    grant, store,
    todoist::{Access, GrantError, Tokens},
};

/// How long a person waits for Todoist to hear that they have left.
const REVOKE_TIMEOUT: Duration = Duration::from_secs(3);

/// What came back, and what was kept.
#[derive(Clone, Copy)]
pub struct Callback<'a> {
    /// Todoist's code: single use, ten minutes. It is a secret.
    pub code: &'a str,
    /// The same as in the request.
    pub redirect: &'a Url,
    /// The verifier of the request.
    pub verifier: &'a SecretString,
    /// What was asked for.
    pub access: Access,
}

/// What a code was exchanged for.
#[derive(Clone, Debug)]
pub struct Redeemed {
    /// For [`Integrations::connect_with_tokens`].
    pub tokens: Tokens,
    /// Whose they are, when Todoist tells.
    pub account: Option<Account>,
}

/// Who somebody is at Todoist.
#[derive(Clone)]
pub struct Account {
    /// Todoist's own id: it stays when everything else changes.
    pub id: String,
    /// Their address there; may be empty.
    pub email: String,
    /// Their time zone, when Todoist knows one that exists.
    pub time_zone: Option<TimeZone>,
}

/// The issuer of an [`Account`]'s identity.
pub const ISSUER: &str = "https://app.todoist.com";

impl Integrations {
    /// Todoist's page on which the person allows `access`. `state` and the PKCE `verifier` (RFC 7636) are
    /// made and kept by whoever calls this: the one comes back with the code, the other goes with it.
    pub fn authorize_url(
        &self,
        redirect: &Url,
        state: &str,
        access: Access,
        verifier: &SecretString,
    ) -> Url {
        self.todoist().authorize_url(redirect, state, access, verifier)
    }

    /// Exchanges the code for tokens, and asks whose they are. Nothing is stored.
    ///
    /// # Errors
    /// See [`ConnectError`]; that Todoist does not tell whose they are is none.
    pub async fn redeem(&self, callback: Callback<'_>) -> Result<Redeemed, ConnectError> {
        let Callback { code, redirect, verifier, access } = callback;
        let tokens = self.todoist().exchange(code, redirect, verifier, access, self.now()).await?;
        let account = self.todoist().account(&tokens.access).await.ok().flatten();
        Ok(Redeemed { tokens, account })
    }

    /// Stores tokens, sealed, in the place of any earlier connection. Those that cannot be stored, since the person
    /// has left meanwhile, are given back to Todoist by a job.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn connect_with_tokens(
        &self,
        user: UserId,
        tokens: Tokens,
    ) -> Result<(), InternalError> {
        if let Err(error) = self.store_tokens(user, &tokens).await {
            self.give_back(&tokens).await;
            return Err(error);
        }
        self.throttle().release(user);
        self.lists().drop_all(user).await;
        Ok(())
    }

    async fn store_tokens(&self, user: UserId, tokens: &Tokens) -> Result<(), InternalError> {
        let mut tx = db::begin(self.db()).await?;
        let key = self.vault().key_or_replaced(&mut tx, user).await?;
        let row = grant::seal(&key, tokens, self.now())?;
        store::put(&mut tx, user, &row).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Deletes the tokens and the list in memory, and tells Todoist if it listens.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn disconnect(&self, user: UserId) -> Result<(), InternalError> {
        let sealed = store::remove(self.db(), user).await?;
        self.throttle().release(user);
        self.lists().drop_all(user).await;
        let Some(sealed) = sealed else { return Ok(()) };
        let Some(token) = self.open_access(user, &sealed).await else { return Ok(()) };
        let revoked = tokio::time::timeout(REVOKE_TIMEOUT, self.todoist().revoke(&token)).await;
        if !matches!(revoked, Ok(Ok(()))) {
            tracing::warn!(%user, "Todoist was not told that a connection has ended");
        }
        Ok(())
    }
}

/// Without what names a person.
impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account").field("time_zone", &self.time_zone).finish_non_exhaustive()
    }
}

impl From<GrantError> for ConnectError {
    fn from(error: GrantError) -> Self {
        match error {
            GrantError::Refused => Self::Refused,
            GrantError::Client => Self::Internal(InternalError::Client),
            GrantError::Throttled(_) | GrantError::Unavailable => Self::Unavailable,
            GrantError::Garbled => Self::Garbled,
        }
    }
}
