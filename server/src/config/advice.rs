//! The language model, and what it may cost.

use std::time::Duration;

use advice::{Budget, Prompts, model::ModelConfig};
use secrecy::SecretString;

use super::reader::Reader;

/// What stands for `LITELLM_BASE_URL`, where it is not understood.
const EXAMPLE: &str = "https://litellm.example.org";

/// The language model.
#[derive(Clone, Debug)]
pub struct Advice {
    /// Where it is; none: oO has its own library alone.
    pub model: Option<ModelConfig>,
    /// The versions of the prompt that are used side by side; all that ship, where none is named.
    pub prompts: Vec<String>,
    /// What a person may cost on a day.
    pub budget: Budget,
    /// How long a page waits for what it is decided from.
    pub deadline: Duration,
}

impl Advice {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let prompts = reader.list("OO_PROMPTS");
        if let Err(error) = Prompts::shipped(&prompts) {
            reader.mistake("OO_PROMPTS", &error.to_string());
        }
        let Budget { calls, tokens } = Budget::default();
        let calls = reader.number("OO_MODEL_CALLS", 0..=1_000, calls);
        let tokens = reader.number("OO_MODEL_TOKENS", 0..=100_000_000, tokens);
        let deadline = reader.number("OO_DEADLINE_MILLIS", 0..=5_000, 800);
        Self {
            model: model(reader),
            prompts,
            budget: Budget { calls, tokens },
            deadline: Duration::from_millis(deadline.into()),
        }
    }
}

/// Where LiteLLM is. On one's own machine it may go without a key.
fn model(reader: &mut Reader<'_>) -> Option<ModelConfig> {
    let api_key = reader.secret("LITELLM_API_KEY");
    if reader.text("LITELLM_BASE_URL").is_none() {
        if api_key.is_some() {
            reader.mistake("LITELLM_BASE_URL", "it is not set, and LITELLM_API_KEY is");
        }
        return None;
    }
    let base_url = reader.service("LITELLM_BASE_URL", EXAMPLE)?;
    let api_key = api_key.unwrap_or_else(|| SecretString::from("none"));
    let seconds = reader.number("OO_MODEL_SECONDS", 1..=600, 60);
    Some(ModelConfig { base_url, api_key, patience: Duration::from_secs(seconds.into()) })
}
