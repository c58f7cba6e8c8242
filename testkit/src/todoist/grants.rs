//! Codes, access tokens and rotating refresh tokens.

use std::collections::HashMap;

use chrono::TimeDelta;
use kernel::Timestamp;
use serde::Serialize;

use super::{account::AccountId, errors::OAuthError, scopes::Scopes};

/// How long a consumed refresh token counts as a retry of the network's.
const GRACE: TimeDelta = TimeDelta::seconds(60);

/// How long a code may wait for its exchange.
const CODE_LIFETIME: TimeDelta = TimeDelta::minutes(10);

/// What Todoist writes for the tokens of apps that are older than refresh tokens: ten years.
const LEGACY_EXPIRES_IN_SECS: i64 = 315_360_000;

const INVALID_GRANT: OAuthError = OAuthError::bad("invalid_grant");
const BAD_CODE: OAuthError = OAuthError::bad("bad_authorization_code");

/// What the token endpoint answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Tokens {
    /// For the `Authorization: Bearer` header.
    pub access_token: String,
    /// `Bearer`.
    pub token_type: &'static str,
    /// How many seconds the access token lives.
    pub expires_in: i64,
    /// For the next access token. Absent on a repeated refresh within the minute, and for older apps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// The granted scopes, with spaces between.
    pub scope: String,
}

/// What a person has allowed, waiting for its exchange.
#[derive(Clone, Debug)]
pub(super) struct Code {
    pub(super) account: AccountId,
    pub(super) scopes: Scopes,
    pub(super) redirect_uri: Option<String>,
    /// PKCE (RFC 7636), S256: the base64url SHA-256 of the verifier.
    pub(super) challenge: Option<String>,
    pub(super) at: Timestamp,
}

/// What a person has allowed once: the tokens that descend from one exchange are one family.
#[derive(Clone, Debug)]
struct Grant {
    account: AccountId,
    scopes: Scopes,
    family: u64,
}

#[derive(Debug)]
struct Access {
    grant: Grant,
    expires_at: Option<Timestamp>,
}

#[derive(Debug)]
struct Refresh {
    grant: Grant,
    /// When it was used, and the tokens that came of it.
    consumed: Option<(Timestamp, Tokens)>,
}

/// All codes and tokens.
#[derive(Debug)]
pub(super) struct Grants {
    codes: HashMap<String, Code>,
    access: HashMap<String, Access>,
    refresh: HashMap<String, Refresh>,
    families: u64,
    pub(super) lifetime: TimeDelta,
    /// False makes the double's client an older app, with one long-lived token.
    pub(super) rotates: bool,
}

impl Default for Grants {
    fn default() -> Self {
        Self {
            codes: HashMap::new(),
            access: HashMap::new(),
            refresh: HashMap::new(),
            families: 0,
            lifetime: TimeDelta::hours(1),
            rotates: true,
        }
    }
}

impl Grants {
    pub(super) fn keep_code(&mut self, secret: String, code: Code) {
        self.codes.insert(secret, code);
    }

    /// Exchanges a code, which works once. `challenge` is what the caller's PKCE verifier hashes to.
    pub(super) fn exchange(
        &mut self,
        code: &str,
        redirect_uri: Option<&str>,
        challenge: Option<&str>,
        now: Timestamp,
        secret: impl FnMut() -> String,
    ) -> Result<Tokens, OAuthError> {
        let code = self.codes.remove(code).ok_or(BAD_CODE)?;
        let same_uri = redirect_uri.is_none() || redirect_uri == code.redirect_uri.as_deref();
        let proven = code.challenge.is_none() || challenge == code.challenge.as_deref();
        if now - code.at > CODE_LIFETIME || !same_uri || !proven {
            return Err(BAD_CODE);
        }
        Ok(self.issue(&code.account, &code.scopes, now, secret))
    }

    /// Issues the first tokens of a grant.
    pub(super) fn issue(
        &mut self,
        account: &AccountId,
        scopes: &Scopes,
        now: Timestamp,
        secret: impl FnMut() -> String,
    ) -> Tokens {
        self.families += 1;
        let (account, scopes) = (account.clone(), scopes.clone());
        self.tokens(Grant { account, scopes, family: self.families }, now, secret)
    }

    /// An access token and, unless the app is an older one, a refresh token.
    fn tokens(
        &mut self,
        grant: Grant,
        now: Timestamp,
        mut secret: impl FnMut() -> String,
    ) -> Tokens {
        let access_token = secret();
        let expires_at = self.rotates.then(|| now + self.lifetime);
        self.access.insert(access_token.clone(), Access { grant: grant.clone(), expires_at });

        let scope = grant.scopes.join(" ");
        let refresh_token = self.rotates.then(secret);
        if let Some(token) = &refresh_token {
            self.refresh.insert(token.clone(), Refresh { grant, consumed: None });
        }
        let expires_in =
            if self.rotates { self.lifetime.num_seconds() } else { LEGACY_EXPIRES_IN_SECS };
        Tokens { access_token, token_type: "Bearer", expires_in, refresh_token, scope }
    }

    /// Exchanges a refresh token. Used again within a minute it answers with the same access token and no
    /// refresh token; used again later it ends everything that the person has granted.
    pub(super) fn refresh(
        &mut self,
        token: &str,
        narrower: Option<&str>,
        now: Timestamp,
        secret: impl FnMut() -> String,
    ) -> Result<Tokens, OAuthError> {
        let refresh = self.refresh.get(token).ok_or(INVALID_GRANT)?;
        let grant = refresh.grant.clone();
        if let Some((at, tokens)) = &refresh.consumed {
            if now - *at <= GRACE {
                return Ok(Tokens { refresh_token: None, ..tokens.clone() });
            }
            self.revoke_account(&grant.account);
            return Err(INVALID_GRANT);
        }

        let scopes = match narrower {
            None => grant.scopes,
            Some(text) => Scopes::parse(text)
                .filter(|wanted| grant.scopes.include(wanted))
                .ok_or(OAuthError::bad("invalid_scope"))?,
        };
        let tokens = self.tokens(Grant { scopes, ..grant }, now, secret);
        if let Some(refresh) = self.refresh.get_mut(token) {
            refresh.consumed = Some((now, tokens.clone()));
        }
        Ok(tokens)
    }

    /// Whose token this is, and what it allows, unless it has expired.
    pub(super) fn check(&self, token: &str, now: Timestamp) -> Option<(&AccountId, &Scopes)> {
        let access = self.access.get(token)?;
        let alive = access.expires_at.is_none_or(|expires_at| now < expires_at);
        alive.then_some((&access.grant.account, &access.grant.scopes))
    }

    /// Every token that was ever issued and not revoked, whether or not it is still good.
    pub(super) fn secrets(&self) -> Vec<&str> {
        self.access.keys().chain(self.refresh.keys()).map(String::as_str).collect()
    }

    /// Makes every access token of today one that has expired.
    pub(super) fn expire_all(&mut self, now: Timestamp) {
        for access in self.access.values_mut() {
            access.expires_at = Some(now);
        }
    }

    /// Ends the grant that this token belongs to; an unknown token is no error (RFC 7009).
    pub(super) fn revoke_token(&mut self, token: &str) {
        let access = self.access.get(token).map(|access| &access.grant);
        let grant = access.or_else(|| self.refresh.get(token).map(|refresh| &refresh.grant));
        if let Some(family) = grant.map(|grant| grant.family) {
            self.access.retain(|_, access| access.grant.family != family);
            self.refresh.retain(|_, refresh| refresh.grant.family != family);
        }
    }

    /// Ends everything that this person has granted.
    pub(super) fn revoke_account(&mut self, account: &AccountId) {
        self.codes.retain(|_, code| code.account != *account);
        self.access.retain(|_, access| access.grant.account != *account);
        self.refresh.retain(|_, refresh| refresh.grant.account != *account);
    }
}
