//! The choice of the tip, and what follows from it.
//!
//! Candidates (a person's tasks, the shipped advice, what a language model wrote: `advise`) become [`features`], a policy of `bandit` chooses
//! among them, and the choice becomes the one open tip ([`Recommender::look`]). A reaction closes it,
//! teaches the policies and opens the next one, in one transaction ([`Recommender::react`]); for a few
//! seconds it can be taken back, with all that it did ([`Recommender::undo`]).
//!
//! The way of a decision: `pool` → `features` → `decide` → `open` → `store`; `words` tells it.

mod advise;
mod consent;
mod decide;
pub mod features;
mod free;
mod learned;
mod look;
mod open;
mod pool;
pub mod prior;
mod react;
mod reasons;
mod rest;
mod round;
mod settings;
mod store;
mod turn;
mod undo;
mod words;

use std::sync::{Arc, PoisonError, RwLock};

use advice::{Advisor, Library};
use integrations::Integrations;
use kernel::{SharedClock, SharedEntropy};
use sqlx::PgPool;

use advise::Pace;

pub use advise::Unadvised;
pub use learned::{Learned, What};
pub use look::{Answered, Look, Scene, Standing, Trouble};
pub use react::{Answer, ReactError};
pub use reasons::Reason;
pub use rest::{Reaction, Snooze};
pub use round::{Advised, Possible, Round, Written, advised, people, rounds, written};
pub use settings::{Policies, Settings, UnknownPolicy};
pub use store::{PERSONAL, forget_before, hold, reactions_since};
pub use undo::UndoError;
pub use words::{Tip, TipKind};

/// The front door. Cloning is cheap.
#[derive(Clone)]
pub struct Recommender(Arc<Parts>);

struct Parts {
    db: PgPool,
    integrations: Integrations,
    library: Library,
    advisor: Advisor,
    pace: Pace,
    policies: RwLock<Arc<Policies>>,
    settings: Settings,
    clock: SharedClock,
    entropy: SharedEntropy,
}

/// Where candidates come from.
pub struct Sources {
    /// A person's own tasks.
    pub integrations: Integrations,
    /// The shipped advice.
    pub library: Library,
    /// What a language model writes.
    pub advisor: Advisor,
}

/// The recommender failed, and the person can do nothing about it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database failed.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    /// The event log failed.
    #[error(transparent)]
    Events(#[from] events::EventError),
    /// The profile failed.
    #[error(transparent)]
    Profile(#[from] profile::ProfileError),
    /// The tasks failed, by our own fault.
    #[error("the integrations failed")]
    Tasks(#[source] Arc<integrations::InternalError>),
    /// What a language model wrote failed.
    #[error(transparent)]
    Advice(#[from] advice::AdviceError),
    /// The connection, or a job at it, failed.
    #[error(transparent)]
    Integrations(#[from] integrations::InternalError),
}

impl Recommender {
    /// Puts the parts together.
    pub fn new(
        db: PgPool,
        sources: Sources,
        policies: Policies,
        settings: Settings,
        clock: SharedClock,
        entropy: SharedEntropy,
    ) -> Self {
        let Sources { integrations, library, advisor } = sources;
        let (pace, policies) = (Pace::default(), RwLock::new(Arc::new(policies)));
        Self(Arc::new(Parts {
            db,
            integrations,
            library,
            advisor,
            pace,
            policies,
            settings,
            clock,
            entropy,
        }))
    }

    /// Lets `policies` decide from now on.
    pub fn choose_by(&self, policies: Policies) {
        *self.0.policies.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(policies);
    }

    /// The fingerprint of the prior that decisions begin with.
    pub fn prior(&self) -> String {
        self.0.policies().prior.clone()
    }
}

impl Parts {
    /// Those that decide now.
    fn policies(&self) -> Arc<Policies> {
        Arc::clone(&self.policies.read().unwrap_or_else(PoisonError::into_inner))
    }
}
