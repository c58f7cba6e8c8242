//! The token endpoint and revocation.

use std::{collections::HashMap, sync::Arc};

use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use base64::{Engine, engine::general_purpose};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use url::form_urlencoded;

use super::{CLIENT_ID, CLIENT_SECRET, errors::OAuthError, grants::Tokens, world::Double};

const INVALID_CLIENT: OAuthError = OAuthError(StatusCode::UNAUTHORIZED, "invalid_client");

/// What the exchange of a code answers to wrong credentials.
const WRONG_CREDENTIALS: OAuthError = OAuthError::bad("incorrect_application_credentials");

pub(super) fn routes() -> Router<Arc<Double>> {
    Router::new()
        .route("/oauth/access_token", post(access_token))
        .route("/api/v1/revoke", post(revoke))
}

async fn access_token(
    State(double): State<Arc<Double>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, OAuthError> {
    let fields = fields(&headers, &body).ok_or(OAuthError::bad("invalid_request"))?;
    let field = |name: &str| fields.get(name).map(String::as_str);
    let known = is_client(basic(&headers), field("client_id"), field("client_secret"));
    let now = double.clock.now();
    let secret = || double.secret();

    let tokens = match field("grant_type") {
        // Todoist's own SDK leaves the type out when it exchanges a code.
        None | Some("authorization_code") => {
            if !known {
                return Err(WRONG_CREDENTIALS);
            }
            let code = field("code").ok_or(OAuthError::bad("bad_authorization_code"))?;
            let challenge = field("code_verifier").map(challenge);
            let redirect_uri = field("redirect_uri");
            let grants = &mut double.world().grants;
            grants.exchange(code, redirect_uri, challenge.as_deref(), now, secret)?
        }
        Some("refresh_token") => {
            if !known {
                return Err(INVALID_CLIENT);
            }
            let token = field("refresh_token").ok_or(OAuthError::bad("invalid_grant"))?;
            double.world().grants.refresh(token, field("scope"), now, secret)?
        }
        Some(_) => return Err(OAuthError::bad("unsupported_grant_type")),
    };
    Ok(not_stored(tokens))
}

/// RFC 7009: an unknown token is as good as a revoked one.
async fn revoke(
    State(double): State<Arc<Double>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, OAuthError> {
    if !is_client(basic(&headers), None, None) {
        return Err(INVALID_CLIENT);
    }
    let fields = fields(&headers, &body).ok_or(OAuthError::bad("invalid_request"))?;
    let token = fields.get("token").ok_or(OAuthError::bad("invalid_request"))?;
    double.world().grants.revoke_token(token);
    Ok(StatusCode::OK)
}

fn not_stored(tokens: Tokens) -> Response {
    ([(header::CACHE_CONTROL, "no-store"), (header::PRAGMA, "no-cache")], Json(tokens))
        .into_response()
}

/// The body's fields, whether it is a form or JSON.
fn fields(headers: &HeaderMap, body: &[u8]) -> Option<HashMap<String, String>> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if !kind.is_some_and(|kind| kind.starts_with("application/json")) {
        return Some(form_urlencoded::parse(body).into_owned().collect());
    }
    let object: Map<String, Value> = serde_json::from_slice(body).ok()?;
    let texts = object.into_iter().filter_map(|(name, value)| Some((name, value.as_str()?.into())));
    Some(texts.collect())
}

/// The client's name and secret out of `Authorization: Basic` (RFC 6749 has them percent-encoded).
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let bytes = general_purpose::STANDARD.decode(value.strip_prefix("Basic ")?).ok()?;
    let (id, secret) = std::str::from_utf8(&bytes).ok()?.split_once(':')?;
    Some((decoded(id), decoded(secret)))
}

fn decoded(text: &str) -> String {
    form_urlencoded::parse(text.as_bytes()).next().map_or_else(String::new, |(name, _)| name.into())
}

fn is_client(basic: Option<(String, String)>, id: Option<&str>, secret: Option<&str>) -> bool {
    match basic {
        Some((id, secret)) => id == CLIENT_ID && secret == CLIENT_SECRET,
        None => id == Some(CLIENT_ID) && secret == Some(CLIENT_SECRET),
    }
}

/// What a PKCE verifier hashes to (RFC 7636, S256).
fn challenge(verifier: &str) -> String {
    general_purpose::URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}
