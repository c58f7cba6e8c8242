//! A payload for a person's eyes.

use chrono::SecondsFormat;
use kernel::Timestamp;
use serde_json::{Map, Value, json};

use crate::{Payload, v1};

/// What an event tells, by the names of its contract. `row` names its kind and version.
pub(crate) fn payload(row: &Map<String, Value>, bytes: &[u8]) -> Value {
    let kind = row.get("kind").and_then(Value::as_str).unwrap_or_default();
    let version = row.get("version").and_then(Value::as_i64).unwrap_or_default();
    match Payload::decode(kind, i16::try_from(version).unwrap_or_default(), bytes) {
        Ok(payload) => told(payload),
        Err(error) => json!({ "unreadable": error.to_string() }),
    }
}

/// Every field is named here: a new one does not compile until it is told.
fn told(payload: Payload) -> Value {
    match payload {
        Payload::TipDecided(v1::TipDecided {
            tip_id,
            candidate,
            arm,
            policy,
            propensity,
            candidates,
            expires_at_micros,
        }) => json!({
            "tip_id": tip_id,
            "candidate": candidate,
            "arm": arm,
            "policy": policy,
            "propensity": propensity,
            "candidates": candidates,
            "expires_at": moment(expires_at_micros),
        }),
        Payload::TipReacted(v1::TipReacted {
            tip_id,
            reaction_id,
            reaction,
            reward,
            rests_until_micros,
            closes_task,
        }) => json!({
            "tip_id": tip_id,
            "reaction_id": reaction_id,
            "reaction": v1::Reaction::try_from(reaction).ok().map(|it| word(it.as_str_name())),
            "reward": reward,
            "rests_until": rests_until_micros.and_then(moment),
            "closes_task": closes_task,
        }),
        Payload::ReactionUndone(v1::ReactionUndone { tip_id, reaction_id }) => {
            json!({ "tip_id": tip_id, "reaction_id": reaction_id })
        }
        Payload::TipLapsed(v1::TipLapsed { tip_id, cause }) => json!({
            "tip_id": tip_id,
            "cause": v1::tip_lapsed::Cause::try_from(cause).ok().map(|it| word(it.as_str_name())),
        }),
        Payload::TaskClosed(v1::TaskClosed { candidate })
        | Payload::TaskReopened(v1::TaskReopened { candidate }) => {
            json!({ "candidate": candidate })
        }
    }
}

/// As RFC 3339; none beyond the calendar.
fn moment(micros: i64) -> Option<String> {
    let moment = Timestamp::from_timestamp_micros(micros)?;
    Some(moment.to_rfc3339_opts(SecondsFormat::AutoSi, true))
}

/// A value of a contract by its own name: without that of its type, which the contracts have before it.
fn word(name: &str) -> String {
    name.split_once('_').map_or(name, |(_, word)| word).to_ascii_lowercase()
}
