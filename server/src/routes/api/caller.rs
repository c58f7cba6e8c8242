//! Who asks: a script with a token, or a page of ours with its session.

use auth::token::{Bearer, Scope, Scopes};
use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::request::Parts,
};
use kernel::UserId;

use super::problem::Problem;
use crate::{
    AppState,
    http::{
        bearer::{self, Shown},
        client::Client,
        limit::Bucket,
    },
    routes::{Failed, visitor::Visitor},
};

/// Somebody, who does not ask too often, and what they may do here.
///
/// A token decides where there is one: the session beside it is not looked at, so that who could not make a browser
/// send a token gains nothing from its cookie. The door relies on that ([`crate::http::guard`]).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Caller {
    user: UserId,
    pub(super) scopes: Scopes,
}

impl Caller {
    /// Who it is, if they may do what needs `scope`.
    pub(super) fn with(self, scope: Scope) -> Result<UserId, Problem> {
        if self.scopes.contain(scope) {
            Ok(self.user)
        } else {
            Err(Problem::insufficient_scope(scope))
        }
    }
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        if let Some(shown) = bearer::shown(&parts.headers) {
            let Bearer { user, scopes } = of_token(parts, state, shown).await?;
            state.limits.take(Bucket::Person(user)).map_err(Failed::too_often)?;
            return Ok(Self { user, scopes });
        }
        let visitor =
            <Visitor as OptionalFromRequestParts<AppState>>::from_request_parts(parts, state)
                .await?;
        let Visitor(user) = visitor.ok_or_else(Problem::no_token)?;
        Ok(Self { user, scopes: Scopes::ALL })
    }
}

/// For whom a token speaks. Each one that is none is held against the address that shows it, and an address that has
/// shown too many is not listened to for a moment.
async fn of_token(parts: &Parts, state: &AppState, shown: Shown) -> Result<Bearer, Problem> {
    let client = parts.extensions.get::<Client>();
    let strangers = client.map(|client| Bucket::Stranger(client.network()));
    if let Some(bucket) = strangers {
        state.limits.check(bucket).map_err(Failed::too_often)?;
    }
    let found = match shown {
        Shown::Token(text) => state.tokens.find(&text).await.map_err(Problem::internal)?,
        Shown::Garbage => None,
    };
    if let (None, Some(bucket)) = (found, strangers) {
        state.limits.take(bucket).map_err(Failed::too_often)?;
    }
    found.ok_or_else(Problem::invalid_token)
}
