//! What a test arranges in the double, and what it learns from it.

use std::{sync::Arc, time::Duration};

use super::{faults::FaultRule, seen::Seen, world::Double};
use crate::{control::Controlled, faults::Faults};

/// Arranges what the double answers, and tells what it was asked. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Handle {
    double: Arc<Double>,
}

impl Handle {
    pub(super) fn new(double: Arc<Double>) -> Self {
        Self { double }
    }

    /// What the next right answer of a chat says, after what was given before, whichever alias is asked.
    pub fn say(&self, text: impl Into<String>) {
        self.double.world().said.push_back(text.into());
    }

    /// What the next right answers say, in this order.
    pub fn say_all(&self, texts: impl IntoIterator<Item = impl Into<String>>) {
        self.double.world().said.extend(texts.into_iter().map(Into::into));
    }

    /// Makes answers go wrong, after those that were asked for before.
    pub fn inject(&self, rule: FaultRule) {
        self.double.world().faults.inject(rule);
    }

    /// Lets all go well again, and at once. What it is to say remains.
    pub fn clear_faults(&self) {
        self.double.world().faults = Faults::default();
    }

    /// How long every answer takes from now on.
    pub fn set_latency(&self, latency: Duration) {
        self.double.world().faults.latency = latency;
    }

    /// Whether there is a model that makes vectors: there is, unless told otherwise.
    pub fn set_embedder(&self, present: bool) {
        self.double.world().embedder = present;
    }

    /// Every request so far, oldest first.
    pub fn requests(&self) -> Vec<Seen> {
        self.double.requests().1
    }

    /// How many requests asked for this alias, whatever became of them.
    pub fn count(&self, alias: &str) -> usize {
        let world = self.double.world();
        world.seen.iter().filter(|seen| seen.alias.as_deref() == Some(alias)).count()
    }

    /// Starts counting anew. What is proposed goes on where it was.
    pub fn forget_requests(&self) {
        self.double.forget_requests();
    }
}
