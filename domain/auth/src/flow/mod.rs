//! The way out to a provider and back, for a sign-in or for a connection.
//!
//! A flow is used once, within ten minutes, in the browser that began it: the provider brings back the
//! `state` (RFC 6749, section 10.12), the browser brings the cookie `__Host-oo-flow`, and the two must
//! belong together. The database knows both by their hashes only.

mod return_path;
mod store;

use std::fmt;

use chrono::TimeDelta;
use kernel::{SharedClock, SharedEntropy, UserId};
use secrecy::{ExposeSecret, SecretString};
use sqlx::PgPool;

pub use return_path::{NotInside, ReturnPath};

use crate::{
    AuthError,
    secret::{fresh, hash, is_well_formed},
};

/// The name of the cookie that binds flows to a browser.
pub const COOKIE: &str = "__Host-oo-flow";

/// How long a person may stay at the provider.
const LIFETIME: TimeDelta = TimeDelta::minutes(10);

/// Begins and finishes flows.
#[derive(Clone)]
pub struct Flows {
    db: PgPool,
    clock: SharedClock,
    entropy: SharedEntropy,
}

/// What a flow that has just begun sends along.
#[derive(Debug)]
pub struct Begun {
    /// The provider hands it back.
    pub state: SecretString,
    /// OIDC only: the provider puts it into the ID token.
    pub nonce: SecretString,
    /// The provider gets its S256 challenge now, and itself with the code (RFC 7636).
    pub pkce_verifier: SecretString,
    /// For the browser.
    pub cookie: FlowCookie,
}

/// What binds flows to the browser that began them.
#[derive(Clone, Debug)]
pub struct FlowCookie(SecretString);

/// A flow that came back.
#[derive(Debug)]
pub struct Flow {
    /// What it was begun for.
    pub purpose: String,
    /// Who had begun it: nobody, for a sign-in. A connection must check that it is still the same person.
    pub user: Option<UserId>,
    /// As in [`Begun`].
    pub nonce: SecretString,
    /// As in [`Begun`].
    pub pkce_verifier: SecretString,
    /// Where the person wanted to go.
    pub return_path: ReturnPath,
}

impl Flows {
    /// Over the tables of `db`.
    pub fn new(db: PgPool, clock: SharedClock, entropy: SharedEntropy) -> Self {
        Self { db, clock, entropy }
    }

    /// Begins a flow for `purpose`, such as `sign-in:google` or `todoist-read`.
    ///
    /// `browser` is the cookie that the browser already has, if any: it is kept, so that a flow in
    /// another tab still finds its way back.
    pub async fn begin(
        &self,
        purpose: &str,
        user: Option<UserId>,
        return_path: ReturnPath,
        browser: Option<&str>,
    ) -> Result<Begun, AuthError> {
        let cookie = match browser {
            Some(value) if is_well_formed(value) => FlowCookie(value.into()),
            _ => FlowCookie(fresh(&self.entropy)),
        };
        let state = fresh(&self.entropy);
        let flow = Flow {
            purpose: purpose.to_owned(),
            user,
            nonce: fresh(&self.entropy),
            pkce_verifier: fresh(&self.entropy),
            return_path,
        };

        let state_hash = hash(state.expose_secret());
        let browser_hash = hash(cookie.0.expose_secret());
        let expires_at = self.clock.now() + LIFETIME;
        store::insert(&self.db, &state_hash, &browser_hash, &flow, expires_at).await?;
        Ok(Begun { state, nonce: flow.nonce, pkce_verifier: flow.pkce_verifier, cookie })
    }

    /// The flow that `state` stands for, which is thereby used up. `None` when there is none for one of these
    /// purposes in this browser (`cookie`), or none any more.
    pub async fn finish(
        &self,
        purposes: &[&str],
        state: &str,
        cookie: &str,
    ) -> Result<Option<Flow>, AuthError> {
        store::take(&self.db, &hash(state), &hash(cookie), purposes, self.clock.now()).await
    }

    /// Deletes the flows that were never finished, and tells how many.
    pub async fn purge_expired(&self) -> Result<u64, AuthError> {
        store::purge(&self.db, self.clock.now()).await
    }
}

impl fmt::Debug for Flows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flows").finish_non_exhaustive()
    }
}

impl FlowCookie {
    /// The bare value.
    pub fn value(&self) -> &str {
        self.0.expose_secret()
    }

    /// The whole value of a `Set-Cookie` header. `SameSite=Lax`, because it is needed on the return.
    pub fn set_cookie(&self) -> String {
        format!(
            "{COOKIE}={}; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age={}",
            self.value(),
            LIFETIME.num_seconds(),
        )
    }
}

#[cfg(test)]
mod tests;
