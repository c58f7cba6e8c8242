//! The page on which a person allows an app to use their Todoist.

use std::{fmt::Write, sync::Arc};

use axum::{
    Form, Json, Router,
    extract::{Query as Params, State},
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use serde::Deserialize;
use serde_json::json;
use url::{Host, Url};

use super::{
    CLIENT_ID,
    account::{AccountId, NewAccount},
    errors::OAuthError,
    grants::Code,
    scopes::Scopes,
    world::Double,
};

/// The value of the choice that opens a fresh, empty account.
const NEW_ACCOUNT: &str = "new";

pub(super) fn routes() -> Router<Arc<Double>> {
    Router::new().route("/oauth/authorize", get(ask).post(decide))
}

/// What an app asks for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    client_id: String,
    scope: String,
    state: String,
    redirect_uri: Option<String>,
    response_type: Option<String>,
    code_challenge: Option<String>,
    code_challenge_method: Option<String>,
}

/// What the person answers, with what was asked.
#[derive(Debug, Deserialize)]
struct Decision {
    #[serde(rename = "decision")]
    word: String,
    account: Option<String>,
    #[serde(flatten)]
    asked: Asked,
}

/// What was asked, understood.
struct Understood {
    redirect: Url,
    scopes: Scopes,
}

async fn ask(State(double): State<Arc<Double>>, Params(asked): Params<Asked>) -> Response {
    match understand(&double, &asked) {
        Ok(understood) => Html(page(&double, &asked, &understood)).into_response(),
        Err(refusal) => refusal,
    }
}

async fn decide(State(double): State<Arc<Double>>, Form(form): Form<Decision>) -> Response {
    let Understood { mut redirect, scopes } = match understand(&double, &form.asked) {
        Ok(understood) => understood,
        Err(refusal) => return refusal,
    };
    if form.word != "allow" {
        return refuse(redirect, "access_denied");
    }

    let (secret, now) = (double.secret(), double.clock.now());
    let api_token = double.secret();
    let mut world = double.world();
    let account = match form.account.as_deref() {
        Some(NEW_ACCOUNT) => {
            let new = NewAccount { api_token: Some(api_token), ..NewAccount::default() };
            Some(world.create_account(new, now))
        }
        Some(id) => world.account(&AccountId(id.into())).map(|account| account.id.clone()),
        None => world.accounts.first().map(|account| account.id.clone()),
    };
    let Some(account) = account else {
        return OAuthError::bad("invalid_request").into_response();
    };
    let (redirect_uri, challenge) = (form.asked.redirect_uri, form.asked.code_challenge);
    let code = Code { account, scopes, redirect_uri, challenge, at: now };
    world.grants.keep_code(secret.clone(), code);
    redirect.query_pairs_mut().append_pair("code", &secret).append_pair("state", &form.asked.state);
    found(&redirect)
}

/// Checks what was asked. What makes the return address doubtful is told to the browser, the rest to the
/// app.
#[expect(clippy::result_large_err, reason = "the error is the answer")]
fn understand(double: &Double, asked: &Asked) -> Result<Understood, Response> {
    if asked.client_id != CLIENT_ID {
        return Err(OAuthError::bad("invalid_client").into_response());
    }
    let configured = || double.world().redirect_uri.clone();
    let Some(redirect) = asked.redirect_uri.clone().or_else(configured) else {
        let words = json!({ "error": "redirect_uri_not_configured" });
        return Err((StatusCode::BAD_REQUEST, Json(words)).into_response());
    };
    let redirect = Url::parse(&redirect).ok().filter(may_return);
    let redirect =
        redirect.ok_or_else(|| OAuthError::bad("invalid_redirect_uri").into_response())?;

    if asked.response_type.as_deref().is_some_and(|kind| kind != "code") {
        return Err(refuse(redirect, "unsupported_response_type"));
    }
    let challenged = asked.code_challenge.is_some();
    let hashed = asked.code_challenge_method.as_deref() == Some("S256");
    if asked.state.is_empty() || challenged != hashed {
        return Err(refuse(redirect, "invalid_request"));
    }
    let Some(scopes) = Scopes::parse(&asked.scope) else {
        return Err(refuse(redirect, "invalid_scope"));
    };
    Ok(Understood { redirect, scopes })
}

/// Over TLS, or to this machine.
fn may_return(url: &Url) -> bool {
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && loopback)
}

/// Sends the browser back with an error; Todoist documents it without the state.
fn refuse(mut redirect: Url, error: &str) -> Response {
    redirect.query_pairs_mut().append_pair("error", error);
    found(&redirect)
}

fn found(url: &Url) -> Response {
    (StatusCode::FOUND, [(header::LOCATION, url.as_str())]).into_response()
}

fn page(double: &Double, asked: &Asked, understood: &Understood) -> String {
    let fields = [
        ("client_id", Some(&asked.client_id)),
        ("scope", Some(&asked.scope)),
        ("state", Some(&asked.state)),
        ("redirect_uri", asked.redirect_uri.as_ref()),
        ("response_type", asked.response_type.as_ref()),
        ("code_challenge", asked.code_challenge.as_ref()),
        ("code_challenge_method", asked.code_challenge_method.as_ref()),
    ];
    let mut hidden = String::new();
    for (name, value) in fields {
        let Some(value) = value else { continue };
        // Writing into a string cannot fail.
        let _ = write!(hidden, r#"<input type="hidden" name="{name}" value="{}">"#, escape(value));
    }

    let mut accounts = String::new();
    for account in &double.world().accounts {
        let (id, email) = (account.id.as_str(), escape(&account.email));
        let _ = write!(accounts, r#"<option value="{id}">{email}</option>"#);
    }
    include_str!("consent.html")
        .replace("{{app}}", &escape(understood.redirect.host_str().unwrap_or("An app")))
        .replace("{{scopes}}", &escape(&understood.scopes.join(", ")))
        .replace("{{accounts}}", &accounts)
        .replace("{{new}}", NEW_ACCOUNT)
        .replace("{{hidden}}", &hidden)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
