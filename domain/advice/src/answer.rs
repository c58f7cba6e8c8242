//! The form of a model's answer: the schema that it is asked for, and what is read of what came.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{IdeaKind, check::MOST_CHARS, model::ModelError};

/// More candidates than these in an answer are not looked at.
pub(crate) const MOST: usize = 200;

/// Candidates that are asked for.
const ASKED: usize = 5;

/// A candidate, as a model wrote it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Draft {
    pub(crate) kind: String,
    pub(crate) text: String,
    pub(crate) task_ref: Option<String>,
    pub(crate) minutes: Option<u16>,
}

#[derive(Deserialize)]
struct Answer {
    candidates: Vec<Value>,
}

/// The JSON schema of an answer.
pub(crate) fn schema() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["candidates"],
        "properties": {
            "candidates": {
                "type": "array",
                "maxItems": ASKED,
                "items": {
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["kind", "text", "task_ref", "minutes"],
                    "properties": {
                        "kind": { "type": "string", "enum": IdeaKind::ALL.map(IdeaKind::as_str) },
                        "text": { "type": "string", "minLength": 1, "maxLength": MOST_CHARS },
                        "task_ref": { "type": ["string", "null"] },
                        "minutes": { "type": ["integer", "null"], "minimum": 1, "maximum": 30 },
                    },
                },
            },
        },
    })
}

/// The candidates of an answer; `None` for each that is not of the schema. One of them does not spoil the others.
///
/// # Errors
/// [`ModelError::Malformed`] when it is no answer at all.
pub(crate) fn drafts(content: &str) -> Result<Vec<Option<Draft>>, ModelError> {
    let answer: Answer = serde_json::from_str(content).map_err(|_| ModelError::Malformed)?;
    let candidates = answer.candidates.into_iter().take(MOST);
    Ok(candidates.map(|candidate| serde_json::from_value(candidate).ok()).collect())
}
