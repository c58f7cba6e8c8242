//! A double of a LiteLLM proxy, and of the models behind it, over HTTP on loopback.
//!
//! [`LlmDouble::start`] serves it inside the process, the `llm-double` binary on its own. What a test wants
//! to arrange or to know goes through [`Handle`], or through the same in JSON under `/_double/…` (see
//! [`control`]).
//!
//! Three aliases are known. [`TIP_GENERATOR`] reads oO's context (`tasks` with `ref` and `title`) from the
//! last message of the user and proposes a step, a pause and a question; [`JUDGE`] reads a `profile` and
//! `candidates` and reacts to each; [`EMBEDDER`] makes vectors in which texts that look alike are near. The
//! same questions, asked in the same order, have the same answers at every start.
//!
//! It also speaks Ollama's protocol and a little of Anthropic's, as far as LiteLLM does: so it can stand behind a real
//! proxy (`make test-llm`). There, every model is known, and none asks for a key.
//!
//! Sources: answers and errors of `litellm[proxy]` 1.106.2, without a database. As there, `model` repeats the
//! alias, and the model behind it is named in the header `x-litellm-model-name` alone. One thing differs on
//! purpose: a call without a key is a 401 always, where an installation without `prisma` ends in a 500.
//! Whether an answer is to be streamed (`stream`) is not looked at. Ollama's
//! answers are of its [API](https://github.com/ollama/ollama/blob/main/docs/api.md), Anthropic's of its
//! [Messages](https://docs.anthropic.com/en/api/messages).

mod anthropic;
mod chat;
pub mod control;
mod embeddings;
mod errors;
mod faults;
mod handle;
mod hash;
pub mod hostile;
mod judge;
mod models;
mod ollama;
mod reply;
mod seen;
mod tips;
mod world;

use std::{io, net::SocketAddr, sync::Arc};

use axum::{Router, middleware};
use kernel::SharedClock;

pub use embeddings::DIMENSIONS;
pub use faults::{Fault, FaultRule};
pub use handle::Handle;
pub use seen::Seen;

use crate::serving::{Running, Server};
use world::Double;

/// The one key that the double accepts; worth nothing outside the loopback interface.
pub const API_KEY: &str = "sk-0123456789abcdef";

/// The alias that proposes tips.
pub const TIP_GENERATOR: &str = "tip-generator";

/// The alias that makes vectors.
pub const EMBEDDER: &str = "embedder";

/// The alias that stands for a person, and reacts to what is proposed.
pub const JUDGE: &str = "judge";

/// A running double; it ends when dropped.
pub type LlmDouble = Running<Handle>;

impl Running<Handle> {
    /// Serves a double at `addr`, which must be a loopback address: the control routes ask for no key.
    /// Port 0 takes a free one.
    ///
    /// # Errors
    /// When the address is another one or cannot be bound.
    pub async fn start(addr: SocketAddr, clock: SharedClock) -> io::Result<Self> {
        let double = Arc::new(Double::new(clock));
        let server =
            Server::start(addr, router(Arc::clone(&double)), double.shutdown.clone()).await?;
        Ok(Self::new(Handle::new(double), server))
    }
}

fn router(double: Arc<Double>) -> Router {
    Router::new()
        .merge(anthropic::routes())
        .merge(chat::routes())
        .merge(embeddings::routes())
        .merge(models::routes())
        .merge(ollama::routes())
        .merge(control::routes())
        .fallback(errors::no_such_endpoint)
        .layer(middleware::from_fn_with_state(Arc::clone(&double), faults::answer::stand_between))
        .with_state(double)
}
