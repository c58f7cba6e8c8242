//! Whether a sender's signature holds (VAPID, RFC 8292).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::Timestamp;
use p256::ecdsa::{Signature, VerifyingKey, signature::Verifier};
use serde::{Deserialize, de::DeserializeOwned};

use super::{errors::ApiError, message::Signed};

/// A signature is good for a day at most, in seconds.
const LONGEST: i64 = 24 * 60 * 60;

#[derive(Deserialize)]
struct Header {
    typ: String,
    alg: String,
}

#[derive(Deserialize)]
struct Claims {
    aud: Option<String>,
    exp: Option<i64>,
    sub: Option<String>,
}

/// What `authorization` (`vapid t=…, k=…`) says to the service at `origin`.
pub(super) fn check(
    authorization: Option<&str>,
    origin: &str,
    now: Timestamp,
) -> Result<Signed, ApiError> {
    let parameters = authorization.and_then(|it| it.strip_prefix("vapid "));
    let parameters = parameters.ok_or(ApiError::Unsigned)?;
    let parameter = |name: &str| {
        let mut all = parameters.split(',').filter_map(|it| it.trim().split_once('='));
        all.find(|(own, _)| *own == name).map(|(_, value)| value)
    };
    let (Some(token), Some(key)) = (parameter("t"), parameter("k")) else {
        return Err(ApiError::Unsigned);
    };

    let (signed, signature) = token.rsplit_once('.').ok_or(ApiError::Forbidden("no token"))?;
    let (header, claims) = signed.split_once('.').ok_or(ApiError::Forbidden("no token"))?;
    holds(key, signed, signature).ok_or(ApiError::Forbidden("the signature does not hold"))?;
    let Header { typ, alg } = json(header).ok_or(ApiError::Forbidden("no header"))?;
    if typ != "JWT" || alg != "ES256" {
        return Err(ApiError::Forbidden("it is not signed by ES256"));
    }
    let claims: Claims = json(claims).ok_or(ApiError::Forbidden("no claims"))?;
    if claims.aud.as_deref() != Some(origin) {
        return Err(ApiError::Forbidden("aud is not this origin"));
    }
    let left = claims.exp.map(|exp| (exp, exp - now.timestamp()));
    let Some((exp, 1..=LONGEST)) = left else {
        return Err(ApiError::Forbidden("exp is over, or more than a day away"));
    };
    let sub = claims.sub.filter(|sub| is_contact(sub));
    let sub = sub.ok_or(ApiError::Forbidden("sub is neither mailto: nor https:"))?;
    Ok(Signed { aud: origin.to_owned(), exp, sub, key: key.to_owned() })
}

fn holds(key: &str, signed: &str, signature: &str) -> Option<()> {
    let key = VerifyingKey::from_sec1_bytes(&URL_SAFE_NO_PAD.decode(key).ok()?).ok()?;
    let signature = Signature::from_slice(&URL_SAFE_NO_PAD.decode(signature).ok()?).ok()?;
    key.verify(signed.as_bytes(), &signature).ok()
}

/// As Apple wants it: without a blank or a bracket.
fn is_contact(sub: &str) -> bool {
    let address = sub.strip_prefix("mailto:").map(|mail| mail.contains('@'));
    let is_known = address.unwrap_or_else(|| sub.starts_with("https://"));
    is_known && sub.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>".contains(&byte))
}

fn json<T: DeserializeOwned>(part: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}
