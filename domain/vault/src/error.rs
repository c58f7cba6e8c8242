//! What can go wrong, as far as a caller can decide on it.

/// Why a secret cannot be sealed or opened. No variant holds one.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// Not the layout of a sealed secret, or that of an earlier version.
    #[error("this is not a sealed secret")]
    Malformed,
    /// The person has no data key: nothing was ever sealed for them, or it was destroyed.
    #[error("there is no data key")]
    NoDataKey,
    /// The person's data key is wrapped by a master key that is not here.
    #[error("the master key of a data key is not configured")]
    UnknownMasterKey,
    /// Changed, moved to another row or column, or of another key.
    #[error("a sealed secret or a data key does not open")]
    Damaged,
    /// The database failed.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
}
