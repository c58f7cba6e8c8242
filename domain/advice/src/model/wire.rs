//! What is read of an answer: no more than is needed, so that a proxy may tell more or less around it.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use super::{Completion, ModelError};

/// The longest name of a model that is kept, in characters.
const MOST_NAME: usize = 80;

/// More coordinates than any embedder has.
const MOST_COORDINATES: usize = 8_192;

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    model: String,
    #[serde(default)]
    choices: Vec<Choice>,
    #[serde(default)]
    usage: Option<Usage>,
}

#[derive(Deserialize)]
struct Choice {
    message: Said,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Said {
    content: Option<String>,
    refusal: Option<String>,
}

#[derive(Default, Deserialize)]
struct Usage {
    #[serde(default)]
    prompt_tokens: u32,
    #[serde(default)]
    completion_tokens: u32,
}

/// Reads the answer to a question.
pub(super) fn completion(answer: Value, latency: Duration) -> Result<Completion, ModelError> {
    let answer: Answer = serde_json::from_value(answer).map_err(|_| ModelError::Malformed)?;
    let choice = answer.choices.into_iter().next().ok_or(ModelError::Empty)?;
    match choice.finish_reason.as_deref() {
        Some("length") => return Err(ModelError::Cut),
        Some("content_filter") => return Err(ModelError::Refused),
        _ => {}
    }
    if choice.message.refusal.is_some_and(|refusal| !refusal.is_empty()) {
        return Err(ModelError::Refused);
    }
    let content = choice.message.content.unwrap_or_default();
    if content.trim().is_empty() {
        return Err(ModelError::Empty);
    }
    let Usage { prompt_tokens, completion_tokens } = answer.usage.unwrap_or_default();
    // A stranger names it, and it is shown to operators.
    let plain = |char: &char| char.is_ascii_graphic();
    let model = answer.model.chars().filter(plain).take(MOST_NAME).collect();
    Ok(Completion { content, model, latency, prompt_tokens, completion_tokens })
}

/// The answer of an embedder.
#[derive(Deserialize)]
pub(super) struct Embeddings {
    data: Vec<Embedding>,
}

#[derive(Deserialize)]
struct Embedding {
    index: usize,
    embedding: Vec<f32>,
}

impl Embeddings {
    /// The vectors, in the order of the `count` texts.
    pub(super) fn read(answer: Value, count: usize) -> Result<Vec<Vec<f32>>, ModelError> {
        let Self { mut data } =
            serde_json::from_value(answer).map_err(|_| ModelError::Malformed)?;
        data.sort_unstable_by_key(|embedding| embedding.index);
        let length = data.first().map_or(0, |first| first.embedding.len());
        let whole = data.len() == count
            && (1..=MOST_COORDINATES).contains(&length)
            && data.iter().zip(0..).all(|(it, place)| {
                it.index == place
                    && it.embedding.len() == length
                    && it.embedding.iter().all(|number| number.is_finite())
            });
        if !whole {
            return Err(ModelError::Malformed);
        }
        Ok(data.into_iter().map(|it| it.embedding).collect())
    }
}
