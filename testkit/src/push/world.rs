//! Everything that the double knows, behind one lock.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use kernel::{SharedClock, SharedEntropy};
use serde::Serialize;
use tokio_util::sync::CancellationToken;

use super::{faults::FaultRule, message::Message, subscriber::Subscriber};
use crate::{control::Controlled, faults::Faults, serving};

/// What every handler shares.
pub struct Double {
    pub(super) clock: SharedClock,
    pub(super) entropy: SharedEntropy,
    pub(super) shutdown: CancellationToken,
    world: Mutex<World>,
}

/// The state proper.
#[derive(Default)]
pub(super) struct World {
    /// Where it is served, without a slash at the end.
    pub(super) origin: String,
    pub(super) subscribers: HashMap<String, Subscriber>,
    pub(super) messages: Vec<Message>,
    pub(super) faults: Faults<FaultRule>,
    pub(super) seen: Vec<Seen>,
}

/// A request; those of the control routes are left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// The HTTP method.
    pub method: String,
    /// The path, without its query.
    pub path: String,
}

impl Double {
    pub(super) fn new(clock: SharedClock, entropy: SharedEntropy) -> Self {
        let shutdown = CancellationToken::new();
        Self { clock, entropy, shutdown, world: Mutex::default() }
    }

    pub(super) fn is_at(&self, origin: String) {
        self.world().origin = origin;
    }

    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits, but not beyond the end of the double.
    pub(super) async fn pause(&self, time: Duration) {
        serving::pause(time, &self.shutdown).await;
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
