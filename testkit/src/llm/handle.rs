//! What a test arranges in the double, and what it learns from it.

use super::{seen::Seen, world::Double};
use crate::control::{self, Controlled};

/// Arranges what the double answers, and tells what it was asked. Cheap to clone.
pub type Handle = control::Handle<Double>;

impl Handle {
    /// What the next right answer of a chat says, after what was given before, whichever alias is asked.
    pub fn say(&self, text: impl Into<String>) {
        self.double.world().said.push_back(text.into());
    }

    /// What the next right answers say, in this order.
    pub fn say_all(&self, texts: impl IntoIterator<Item = impl Into<String>>) {
        self.double.world().said.extend(texts.into_iter().map(Into::into));
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
