//! What can go wrong, as far as a caller can decide on it.

use std::sync::Arc;

use graphile_worker::errors::GraphileWorkerError;
use kernel::Timestamp;
use vault::VaultError;

/// Why there are no tasks.
#[derive(Clone, Debug, thiserror::Error)]
pub enum TaskError {
    /// The person has connected nothing.
    #[error("nothing is connected")]
    NotConnected,
    /// The person does not allow that their tasks are read.
    #[error("the tasks may not be read")]
    NotAllowed,
    /// What was connected does not work any more: the person has to connect again.
    #[error("the connection has to be made again")]
    Reconnect,
    /// Todoist wants fewer calls; until then none is made.
    #[error("Todoist asks to wait until {until}")]
    Throttled {
        /// When to ask again.
        until: Timestamp,
    },
    /// Todoist does not answer, or answers that it cannot.
    #[error("Todoist cannot be reached")]
    Unavailable,
    /// What Todoist answered is not what its API is documented to answer.
    #[error("Todoist answered something else than tasks")]
    Garbled,
    /// There is no list in memory.
    #[error("there are no tasks at hand")]
    NotAtHand,
    /// Our own fault.
    #[error("the integrations failed")]
    Internal(#[source] Arc<InternalError>),
}

/// Why an account could not be connected.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Todoist does not take the code: it is used, too old, or not its own. The person starts again.
    #[error("Todoist does not take this code")]
    Refused,
    /// Todoist does not answer, answers that it cannot, or wants fewer calls.
    #[error("Todoist cannot be reached")]
    Unavailable,
    /// What Todoist answered is not what OAuth asks for.
    #[error("Todoist answered something else than tokens")]
    Garbled,
    /// Our own fault, wrong client credentials among it.
    #[error("the integrations failed")]
    Internal(#[from] InternalError),
}

/// Our own fault. No variant holds a token or a word of a task.
#[derive(Debug, thiserror::Error)]
pub enum InternalError {
    /// The database failed.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    /// The event log failed.
    #[error(transparent)]
    Events(#[from] events::EventError),
    /// The profile failed.
    #[error(transparent)]
    Profile(#[from] profile::ProfileError),
    /// A token cannot be sealed, or the vault's database failed.
    #[error("the vault failed")]
    Vault(#[from] VaultError),
    /// The queue of jobs failed.
    #[error("the queue of jobs failed")]
    Jobs(#[from] GraphileWorkerError),
    /// The queue's own tables cannot be made.
    #[error("the queue of jobs cannot be set up")]
    JobTables,
    /// Todoist does not know oO's client id and secret.
    #[error("Todoist does not take oO's client credentials")]
    Client,
    /// A row says what no version of oO writes.
    #[error("a row of integrations.token is not readable")]
    Row,
    /// A task of the runtime ended early.
    #[error("a fetch was lost")]
    Lost,
}

impl From<InternalError> for TaskError {
    fn from(error: InternalError) -> Self {
        Self::Internal(Arc::new(error))
    }
}

impl From<sqlx::Error> for TaskError {
    fn from(error: sqlx::Error) -> Self {
        InternalError::from(error).into()
    }
}

impl From<VaultError> for TaskError {
    fn from(error: VaultError) -> Self {
        InternalError::from(error).into()
    }
}
