//! The language model, behind a LiteLLM proxy.
//!
//! It is known by [`Alias`] alone: which model answers is a line in LiteLLM's configuration. `async-openai` speaks the
//! protocol; the request goes through the house's guarded client, with a patience of our own and no retry: what failed
//! is asked again by the next one who wishes for it, as far as the [`Circuit`] lets them.

mod circuit;
mod transport;
mod wire;

use std::{fmt, time::Duration};

use async_openai::{Client, error::OpenAIError};
use kernel::{SharedClock, http::Http};
use secrecy::SecretString;
use serde::Serialize;
use serde_json::{Value, json};
use url::Url;

use circuit::Circuit;
use transport::{Guarded, Proxy};
use wire::Embeddings;

/// Where LiteLLM is.
#[derive(Clone, Debug)]
pub struct ModelConfig {
    /// What `/chat/completions` is appended to.
    pub base_url: Url,
    /// The key that LiteLLM asks for.
    pub api_key: SecretString,
    /// How long an answer may take, to its last byte.
    pub patience: Duration,
}

/// Characters that make a token, about: for what a model does not tell.
const CHARS_A_TOKEN: usize = 3;

/// A task that a model is used for. Those of the product stand here; the lab names one of its own, which nothing of the
/// product knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alias(&'static str);

impl Alias {
    /// Writes candidates.
    pub const TIP_GENERATOR: Self = Self("tip-generator");
    /// Tells how near texts are.
    pub const EMBEDDER: Self = Self("embedder");

    /// The one of this name in LiteLLM's configuration.
    pub const fn named(name: &'static str) -> Self {
        Self(name)
    }

    /// Its name in LiteLLM's configuration.
    pub const fn name(self) -> &'static str {
        self.0
    }
}

/// A question to a model.
#[derive(Clone)]
pub struct Question<'a> {
    /// Who is asked.
    pub alias: Alias,
    /// What it is told to do.
    pub system: &'a str,
    /// What it is told it about: data, as JSON.
    pub data: Value,
    /// The JSON schema that its answer is to have.
    pub schema: Value,
    /// How freely it writes: 0 to 2.
    pub temperature: f32,
    /// The most tokens that it may write.
    pub max_tokens: u32,
}

/// What a model answered.
#[derive(Clone, PartialEq)]
pub struct Completion {
    /// Its text, as a stranger wrote it.
    pub content: String,
    /// Which model it was, by its own name.
    pub model: String,
    /// How long it took.
    pub latency: Duration,
    /// The tokens that it read; 0 when it does not tell.
    pub prompt_tokens: u32,
    /// The tokens that it wrote; 0 when it does not tell.
    pub completion_tokens: u32,
}

impl fmt::Debug for Completion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Completion").field("model", &self.model).finish_non_exhaustive()
    }
}

/// Why there is no answer. No text of it names what was sent or came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// It failed lately, and is left alone for a while.
    #[error("the model is left alone")]
    Open,
    /// It took longer than the patience with it.
    #[error("the model did not answer in time")]
    Timeout,
    /// It could not be reached, or the connection broke.
    #[error("the model could not be reached")]
    Unreachable,
    /// It asked us to wait, for so long if it said.
    #[error("the model asks us to wait")]
    Throttled(Option<Duration>),
    /// Another status than success.
    #[error("the model answered with status {0}")]
    Status(u16),
    /// The answer is larger than any that was asked for.
    #[error("the answer of the model is too large")]
    TooLarge,
    /// The answer is not of the protocol, or not of the schema.
    #[error("the answer of the model cannot be read")]
    Malformed,
    /// There is nothing in it.
    #[error("the answer of the model is empty")]
    Empty,
    /// It does not want to.
    #[error("the model refuses")]
    Refused,
    /// The answer ends in its middle.
    #[error("the answer of the model is cut")]
    Cut,
}

impl ModelError {
    /// Its name where failures are counted.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Open => "model_open",
            Self::Timeout => "model_timeout",
            Self::Unreachable => "model_unreachable",
            Self::Throttled(_) => "model_throttled",
            Self::Status(_) => "model_status",
            Self::TooLarge => "model_too_large",
            Self::Malformed => "model_malformed",
            Self::Empty => "model_empty",
            Self::Refused => "model_refused",
            Self::Cut => "model_cut",
        }
    }
}

/// A language model. It holds what is known of its health.
pub struct Model {
    client: Client<Proxy>,
    patience: Duration,
    circuit: Circuit,
    /// Whether there is an embedder; LiteLLM is asked again as if it were a model that fails.
    embedder: Circuit,
    clock: SharedClock,
}

impl Model {
    /// Over the house's HTTP client. Nothing is asked yet.
    pub fn new(config: &ModelConfig, http: &Http, clock: SharedClock) -> Self {
        let guarded = Guarded { http: http.clone(), patience: config.patience };
        Self {
            client: Client::with_config(Proxy::new(config)).with_http_service(guarded),
            patience: config.patience,
            circuit: Circuit::default(),
            embedder: Circuit::default(),
            clock,
        }
    }

    /// How long an answer may take.
    pub fn patience(&self) -> Duration {
        self.patience
    }

    /// Whether it is worth asking at this moment. Nothing is claimed by it.
    pub fn is_well(&self) -> bool {
        self.circuit.is_closed(self.clock.now())
    }

    /// Asks `question`, once.
    ///
    /// # Errors
    /// See [`ModelError`]; an answer that was cut or refused is one.
    pub async fn ask(&self, question: &Question<'_>) -> Result<Completion, ModelError> {
        let begun = self.clock.now();
        self.circuit.admit(begun)?;
        let answer = self.client.chat().create_byot(question.body()).await;
        let answer = answer.map_err(of_library);
        let now = self.clock.now();
        self.circuit.settle(now, answer.as_ref().err().copied());
        let latency = (now - begun).to_std().unwrap_or_default();
        wire::completion(answer?, latency)
    }

    /// A vector for each of `texts`, in their order; all of one length.
    ///
    /// # Errors
    /// See [`ModelError`]; also where there is no embedder.
    pub async fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, ModelError> {
        self.embedder.admit(self.clock.now())?;
        let model = Alias::EMBEDDER.name();
        let body = json!({ "model": model, "input": texts, "encoding_format": "float" });
        let answer: Result<Value, _> = self.client.embeddings().create_byot(body).await;
        let answer = answer.map_err(of_library);
        self.embedder.settle(self.clock.now(), answer.as_ref().err().copied());
        Embeddings::read(answer?, texts.len())
    }
}

impl Question<'_> {
    /// The tokens that are read for it, about.
    pub fn tokens(&self) -> u32 {
        let texts = [self.system, &self.data.to_string()];
        texts.map(tokens_in).into_iter().fold(0, u32::saturating_add)
    }

    fn body(&self) -> impl Serialize {
        json!({
            "model": self.alias.name(),
            "messages": [
                { "role": "system", "content": self.system },
                { "role": "user", "content": self.data.to_string() },
            ],
            "response_format": {
                "type": "json_schema",
                "json_schema": { "name": "answer", "strict": true, "schema": self.schema },
            },
            "temperature": self.temperature,
            "max_tokens": self.max_tokens,
            "stream": false,
        })
    }
}

/// The tokens of a text, about.
fn tokens_in(text: &str) -> u32 {
    u32::try_from(text.chars().count() / CHARS_A_TOKEN).unwrap_or(u32::MAX)
}

/// The library's errors quote what they could not read: nothing of them is kept.
fn of_library(error: OpenAIError) -> ModelError {
    match error {
        OpenAIError::Boxed(error) => match error.downcast::<ModelError>() {
            Ok(error) => *error,
            Err(_) => ModelError::Unreachable,
        },
        OpenAIError::Reqwest(_) => ModelError::Unreachable,
        _ => ModelError::Malformed,
    }
}
