//! What a language model wrote, once it was found to be fit.

use std::fmt;

use kernel::{PartOfDay, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The kinds of what a model is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IdeaKind {
    /// A small first step of a task.
    Step,
    /// A rest.
    Pause,
    /// A question worth asking.
    Question,
}

impl IdeaKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Step, Self::Pause, Self::Question];

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Step => "step",
            Self::Pause => "pause",
            Self::Question => "question",
        }
    }

    /// The kind of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// A candidate that a model wrote, without its words.
#[derive(Clone, Debug, PartialEq)]
pub struct Idea {
    /// Its id.
    pub id: Uuid,
    /// Its kind.
    pub kind: IdeaKind,
    /// The opaque id of the task that it is about.
    pub task: Option<String>,
    /// How long it takes, in minutes.
    pub minutes: Option<u16>,
    /// How many characters it has.
    pub length: u16,
    /// The part of the day that it was written in.
    pub part: PartOfDay,
    /// When it was written.
    pub made_at: Timestamp,
    /// Whether it has been a tip.
    pub was_shown: bool,
    /// How it came to be.
    pub origin: Origin,
}

impl Idea {
    /// Whether it fits `part`: a step fits whenever there is time, a rest or a question when it was written.
    pub fn fits(&self, part: PartOfDay) -> bool {
        self.kind == IdeaKind::Step || self.part == part
    }
}

/// How an idea came to be. Latency and tokens are those of the whole answer that it was part of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The version of the prompt.
    pub prompt_version: String,
    /// The model, by its own name.
    pub model: String,
    /// How long the answer took, in milliseconds.
    pub latency_ms: i32,
    /// The tokens that the model read.
    pub prompt_tokens: i32,
    /// The tokens that it wrote.
    pub completion_tokens: i32,
}

/// An idea in words.
#[derive(Clone, PartialEq)]
pub struct IdeaWords {
    /// What is read: one line of at most 200 characters, without markup, links and what cannot be seen.
    pub text: String,
    /// How long it takes, in minutes.
    pub minutes: Option<u16>,
    /// The opaque id of the task that it is about.
    pub task: Option<String>,
}

impl fmt::Debug for IdeaWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdeaWords").finish_non_exhaustive()
    }
}
