//! `/settings/tokens`: what scripts speak for a person with. A token is shown in the answer to the form that made it,
//! and never in an address.

use app::{
    pages::{Page, settings::tokens::NewToken},
    types::{Permission, Saved, Token, TokenForm},
};
use auth::token::{Life, Making, Name, Scope, Scopes};
use axum::{
    Form,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use kernel::{TimeZone, Timestamp, UserId};

use super::{
    access::{Handle, used},
    answer::show,
    error::Failed,
    settings::back,
    visitor::Visitor,
};
use crate::AppState;

/// What the settings show of it.
pub(super) async fn of(
    state: &AppState,
    user: UserId,
    zone: &TimeZone,
) -> Result<Vec<Token>, Failed> {
    let now = state.clock.now();
    let tokens = state.tokens.list(user).await?;
    let of = |token: auth::token::Token| Token {
        id: token.id.to_string(),
        name: token.name,
        may: token.scopes.iter().map(permission).collect(),
        used: token.last_used_at.map_or_else(|| "never used".to_owned(), |at| used(at, now, zone)),
        ends: ends(token.expires_at, now, zone),
    };
    Ok(tokens.into_iter().map(of).collect())
}

/// What a new one can be.
pub(super) fn form() -> TokenForm {
    let days = Life::ALL.map(Life::days).to_vec();
    TokenForm { days, usual: Life::Quarter.days() }
}

fn ends(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    match zone.days_between(now, at) {
        ..=0 => "ends today".to_owned(),
        1 => "ends tomorrow".to_owned(),
        days => format!("ends in {days} days"),
    }
}

/// Makes a token, and shows it.
pub(super) async fn make(
    State(state): State<AppState>,
    Visitor(user): Visitor,
    // A box that is ticked comes under the same name as the next one.
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Failed> {
    let Some((name, scopes, life)) = read(&fields) else {
        return Ok(back(Saved::NoToken).into_response());
    };
    let text = match state.tokens.make(user, &name, scopes, life).await? {
        Making::Made(text) => text,
        Making::TooMany => return Ok(back(Saved::TooManyTokens).into_response()),
    };
    let tip = state.base_url.join("/api/v1/tip").map_err(Failed::internal)?;
    let try_it = scopes.contain(Scope::TipRead).then(|| tip.to_string());
    let name = name.as_str().to_owned();
    Ok(show(&state, Page::NewToken(NewToken { name, text, try_it })))
}

/// What the form asks for; nothing, when it is not one of ours that was filled in.
fn read(fields: &[(String, String)]) -> Option<(Name, Scopes, Life)> {
    let all = |wanted: &'static str| {
        fields.iter().filter(move |(name, _)| name == wanted).map(|(_, value)| value.as_str())
    };
    let scopes = all("scope").map(Scope::from_name).collect::<Option<Vec<_>>>()?;
    let life = Life::of_days(all("days").next()?.parse().ok()?)?;
    Some((all("name").next()?.parse().ok()?, Scopes::new(scopes)?, life))
}

/// Ends a token.
pub(super) async fn revoke(
    State(state): State<AppState>,
    Visitor(user): Visitor,
    Form(Handle { id }): Form<Handle>,
) -> Result<Redirect, Failed> {
    let revoked = state.tokens.revoke(user, id).await?;
    if revoked { Ok(back(Saved::Revoked)) } else { Err(Failed::NOT_FOUND) }
}

fn permission(scope: Scope) -> Permission {
    match scope {
        Scope::TipRead => Permission::ReadTip,
        Scope::TipWrite => Permission::AnswerTips,
        Scope::MeRead => Permission::ReadMe,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_form_calls_a_scope_is_its_name() {
        for scope in Scope::ALL {
            assert_eq!(permission(scope).code(), scope.as_str());
        }
        assert_eq!(Scope::ALL.map(permission), Permission::ALL);
    }

    #[test]
    fn days_are_the_persons_own() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a moment");
        let zone: TimeZone = "Pacific/Auckland".parse().expect("a zone");
        let now = at("2026-11-23T10:00:00Z"); // eleven in the night of the 23rd there
        for (end, expected) in [
            ("2026-11-23T10:59:59Z", "ends today"),
            ("2026-11-23T11:00:00Z", "ends tomorrow"),
            ("2026-12-23T10:00:00Z", "ends in 30 days"),
        ] {
            assert_eq!(ends(at(end), now, &zone), expected);
        }
    }
}
