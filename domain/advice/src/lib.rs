//! Candidates that are not tasks: what a language model writes, and the shipped library of advice.
//!
//! A [`Library`] holds short pieces of [`Advice`], each of a [`Kind`] and for certain parts of the day. The
//! words are oO's own and stand in `library/en.toml`; what may be said, and how, is tested.
//!
//! An [`Advisor`] asks a model for [`Idea`]s. The way of a question: a [`Situation`] (data, masked) and a prompt
//! (`prompts/`) → `model` (LiteLLM) → `answer` → `check` (what is not plainly fit is refused) → `near` (nothing twice) →
//! `store` (sealed, for a day). A [`Writer`] is that way without the store: the lab goes it, too. Nothing here decides
//! whether an idea becomes a tip.

mod advisor;
mod answer;
mod check;
mod idea;
mod kind;
mod library;
mod mask;
pub mod model;
mod near;
mod prompt;
mod safety;
mod situation;
mod store;
mod writer;

pub use advisor::{AdviceError, Advisor, Budget, Silence, Written};
pub use check::{Fit, Refusal, RulesError};
pub use idea::{Idea, IdeaKind, IdeaWords, Origin};
pub use kind::Kind;
pub use library::{Advice, Library, LibraryError};
pub use prompt::{Prompt, PromptError, Prompts, versions};
pub use safety::{Harm, Safety, SafetyError, Sign};
pub use situation::{MOST_TASKS, OpenTask, PastReaction, Situation};
pub use store::{PERSONAL, forget, forget_shown, shown};
pub use writer::Writer;
