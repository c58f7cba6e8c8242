//! Chats: what is asked of a model in words, and what it says.

use std::sync::Arc;

use axum::{
    Extension, Json, Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::post,
};
use serde_json::{Value, json};

use super::{
    JUDGE, TIP_GENERATOR,
    errors::ApiError,
    faults::Fault,
    judge,
    reply::{self, Reply},
    tips,
    world::{Asked, Caller, Double},
};
use crate::answers;

const ROUTE: &str = "/chat/completions";

/// The header in which LiteLLM names the model behind an alias.
pub(super) const MODEL_NAME: &str = "x-litellm-model-name";

/// How many characters are counted as a token.
const CHARS_PER_TOKEN: usize = 4;

pub(super) fn routes() -> Router<Arc<Double>> {
    Router::new().route(ROUTE, post(complete)).route("/v1/chat/completions", post(complete))
}

/// What a request says.
pub(super) struct Prompt<'a> {
    /// The system's message.
    pub(super) system: &'a str,
    /// The last message of the user.
    pub(super) user: &'a str,
    /// Of all messages.
    pub(super) tokens: usize,
}

impl<'a> Prompt<'a> {
    pub(super) fn read(messages: &'a [Value]) -> Self {
        let text = |message: &'a Value| message["content"].as_str().unwrap_or_default();
        let of = |role| messages.iter().rev().find(|message| message["role"] == role);
        Self {
            system: of("system").map(text).unwrap_or_default(),
            user: of("user").map(text).unwrap_or_default(),
            tokens: messages.iter().map(|message| tokens(text(message))).sum(),
        }
    }
}

async fn complete(
    _: Caller,
    State(double): State<Arc<Double>>,
    Extension(Asked { body, fault }): Extension<Asked>,
) -> Result<Response, ApiError> {
    if !body.is_object() {
        return Err(ApiError::no_json());
    }
    let alias = body["model"].as_str().unwrap_or_default();
    let (model, answer): (_, fn(&Double, &str) -> String) = match alias {
        TIP_GENERATOR => ("ollama_chat/llama3.2", propose),
        JUDGE => ("ollama_chat/qwen3", |_, user| judge::reactions(user)),
        _ => return Err(ApiError::unknown_model(ROUTE, body["model"].as_str())),
    };
    let messages = body["messages"].as_array().ok_or(ApiError::missing(ROUTE, "messages"))?;
    let prompt = Prompt::read(messages);

    let right = || said(&double).unwrap_or_else(|| answer(&double, prompt.user));
    let reply = match fault {
        None => Reply::whole(right()),
        Some(fault) => reply::gone_wrong(fault, prompt.system, right),
    };
    let completion = completion(&double, alias, &prompt, &reply);
    let answer = match fault {
        Some(Fault::Huge { bytes }) => huge(&completion, bytes),
        _ => Json(completion).into_response(),
    };
    Ok(([(MODEL_NAME, model)], answer).into_response())
}

/// What a test wants to be said next.
pub(super) fn said(double: &Double) -> Option<String> {
    double.world().said.pop_front()
}

/// Each time something else.
pub(super) fn propose(double: &Double, user: &str) -> String {
    let mut world = double.world();
    let before = world.proposals;
    world.proposals += 1;
    tips::propose(user, before)
}

fn completion(double: &Double, alias: &str, prompt: &Prompt<'_>, reply: &Reply) -> Value {
    let spoken = tokens(reply.content.as_deref().unwrap_or_default());
    json!({
        "id": double.world().next_id(),
        "created": double.clock.now().timestamp(),
        "model": alias,
        "object": "chat.completion",
        "choices": reply.choices(),
        "usage": {
            "completion_tokens": spoken,
            "prompt_tokens": prompt.tokens,
            "total_tokens": prompt.tokens + spoken,
        },
    })
}

/// The completion, with so much text where the gap is.
pub(super) fn huge(completion: &Value, bytes: usize) -> Response {
    let whole = completion.to_string();
    let (before, after) = whole.split_once(reply::GAP).unwrap_or((&whole, ""));
    answers::huge(before.to_owned(), bytes, after.to_owned())
}

/// Rounded up.
pub(super) fn tokens(text: &str) -> usize {
    text.chars().count().div_ceil(CHARS_PER_TOKEN)
}
