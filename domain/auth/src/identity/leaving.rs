//! People who leave for good, and who runs this house after them.

use kernel::{UserId, db::Tx};
use sqlx::PgPool;

use super::store;
use crate::AuthError;

/// The next `most` people after `after`, in the order of their ids.
///
/// # Errors
/// When the database fails.
pub async fn people(
    db: &PgPool,
    after: Option<UserId>,
    most: i64,
) -> Result<Vec<UserId>, AuthError> {
    store::page(db, after, most).await
}

/// Lets nobody come for the first time, or get one more way in, until the transaction ends. It comes before [`hold`].
///
/// # Errors
/// When the database fails.
pub async fn hold_door(tx: &mut Tx<'_>) -> Result<(), AuthError> {
    store::lock_registration(tx).await
}

/// Holds `user` still until the transaction ends: whoever begins to write something of theirs waits, and whoever has
/// begun is waited for. False when there is no such person.
///
/// # Errors
/// When the database fails.
pub async fn hold(tx: &mut Tx<'_>, user: UserId) -> Result<bool, AuthError> {
    store::lock_user(tx, user).await
}

/// After somebody has left, in the same transaction: if they ran this house, the one who has been here longest does
/// now; if nobody is left, whoever comes next will.
///
/// # Errors
/// When the database fails.
pub async fn succeed(tx: &mut Tx<'_>) -> Result<(), AuthError> {
    store::put_owner_if_missing(tx).await
}
