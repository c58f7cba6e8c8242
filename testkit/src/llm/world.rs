//! Everything that the double knows, behind one lock.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use kernel::SharedClock;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::{
    API_KEY,
    errors::ApiError,
    faults::{Fault, FaultRule},
    seen::Seen,
};
use crate::{control::Controlled, faults::Faults, serving};

/// What every handler shares.
pub struct Double {
    pub(super) clock: SharedClock,
    pub(super) shutdown: CancellationToken,
    world: Mutex<World>,
}

/// The state proper.
pub(super) struct World {
    pub(super) faults: Faults<FaultRule>,
    pub(super) seen: Vec<Seen>,
    /// What the next answers say.
    pub(super) said: VecDeque<String>,
    /// Whether there is a model behind the alias.
    pub(super) embedder: bool,
    /// How often tips were proposed.
    pub(super) proposals: usize,
    /// How many completions were answered with.
    completions: u64,
}

impl Double {
    pub(super) fn new(clock: SharedClock) -> Self {
        let world = World {
            faults: Faults::default(),
            seen: Vec::new(),
            said: VecDeque::new(),
            embedder: true,
            proposals: 0,
            completions: 0,
        };
        Self { clock, shutdown: CancellationToken::new(), world: Mutex::new(world) }
    }

    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits, but not beyond the end of the double.
    pub(super) async fn pause(&self, time: Duration) {
        serving::pause(time, &self.shutdown).await;
    }
}

impl World {
    /// An id that no other completion has.
    pub(super) fn next_id(&mut self) -> String {
        self.completions += 1;
        format!("chatcmpl-00000000-0000-4000-8000-{:012x}", self.completions)
    }
}

impl Controlled for Double {
    type Rule = FaultRule;
    type Request = Seen;

    fn faults<T>(&self, act: impl FnOnce(&mut Faults<FaultRule>) -> T) -> T {
        act(&mut self.world().faults)
    }

    fn requests(&self) -> (u64, Vec<Seen>) {
        let seen = self.world().seen.clone();
        (u64::try_from(seen.len()).unwrap_or(u64::MAX), seen)
    }

    fn forget_requests(&self) {
        self.world().seen.clear();
    }
}

impl std::fmt::Debug for Double {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Double").finish_non_exhaustive()
    }
}

/// What a model is asked, once the request has been read.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) body: Value,
    /// What is to go wrong with the content of the answer.
    pub(super) fault: Option<Fault>,
}

/// Whoever asks has the key.
pub(super) struct Caller;

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let header = parts.headers.get(header::AUTHORIZATION).ok_or(ApiError::no_key())?;
        let key = header.to_str().ok().and_then(|value| value.strip_prefix("Bearer "));
        if key == Some(API_KEY) { Ok(Self) } else { Err(ApiError::wrong_key()) }
    }
}
