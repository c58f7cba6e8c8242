//! What is posted to an endpoint (RFC 8030, section 5).

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

use super::{
    errors::ApiError, message::Message, open::open, signature, subscriber::Subscriber,
    world::Double,
};

/// What every service takes (RFC 8030, section 7.2).
const MOST_BYTES: usize = 4_096;

/// A topic has so many letters at most.
const MOST_TOPIC: usize = 32;

pub(super) fn routes() -> Router<Arc<Double>> {
    Router::new().route("/push/{id}", post(receive))
}

async fn receive(
    State(double): State<Arc<Double>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    let (subscriber, origin) = {
        let world = double.world();
        let subscriber = world.subscribers.get(&id).cloned().ok_or(ApiError::Unknown)?;
        (subscriber, world.origin.clone())
    };
    if subscriber.is_gone {
        return Err(ApiError::Gone);
    }
    let message = look(&subscriber, &origin, &headers, &body, &double)?;
    double.world().messages.push(message);
    Ok(taken(&origin))
}

/// 201, and where the message would be asked for.
pub(super) fn taken(origin: &str) -> Response {
    (StatusCode::CREATED, [(header::LOCATION, format!("{origin}/message"))]).into_response()
}

fn look(
    subscriber: &Subscriber,
    origin: &str,
    headers: &HeaderMap,
    body: &[u8],
    double: &Double,
) -> Result<Message, ApiError> {
    let now = double.clock.now();
    let authorization = one(headers, "authorization")?;
    let signed = signature::check(authorization, origin, now)?;
    if subscriber.key.as_ref().is_some_and(|key| *key != signed.key) {
        return Err(ApiError::Forbidden("the subscription is bound to another key"));
    }

    if one(headers, "content-encoding")? != Some("aes128gcm") {
        return Err(ApiError::BadRequest("not aes128gcm"));
    }
    let ttl = one(headers, "ttl")?.and_then(|ttl| ttl.parse().ok());
    let ttl = ttl.ok_or(ApiError::BadRequest("no TTL in seconds"))?;
    let urgency = one(headers, "urgency")?.unwrap_or("normal");
    if !["very-low", "low", "normal", "high"].contains(&urgency) {
        return Err(ApiError::BadRequest("no such urgency"));
    }
    let topic = one(headers, "topic")?;
    if !topic.is_none_or(is_topic) {
        return Err(ApiError::BadRequest("no topic of 32 letters of base64url"));
    }
    if body.len() > MOST_BYTES {
        return Err(ApiError::TooLarge);
    }

    let opened = open(body, &subscriber.secret, &subscriber.auth).ok();
    Ok(Message {
        subscription: subscriber.id.clone(),
        data: opened.as_deref().map(data).unwrap_or_default(),
        ttl,
        urgency: urgency.to_owned(),
        topic: topic.map(str::to_owned),
        signed,
        authorization: authorization.unwrap_or_default().to_owned(),
        body: URL_SAFE_NO_PAD.encode(body),
        bytes: body.len(),
        plaintext_bytes: opened.map(|opened| opened.len()),
        at: now,
    })
}

fn data(opened: &[u8]) -> Value {
    serde_json::from_slice(opened)
        .unwrap_or_else(|_| String::from_utf8_lossy(opened).into_owned().into())
}

/// The header `name`, which may be there once.
fn one<'h>(headers: &'h HeaderMap, name: &str) -> Result<Option<&'h str>, ApiError> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().and_then(|value| value.to_str().ok());
    if values.next().is_some() {
        Err(ApiError::BadRequest("a header is there twice"))
    } else {
        Ok(value)
    }
}

fn is_topic(topic: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    !topic.is_empty() && topic.len() <= MOST_TOPIC && topic.bytes().all(is_letter)
}
