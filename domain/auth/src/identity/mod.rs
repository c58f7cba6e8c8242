//! People, and the identities that they sign in with.
//!
//! A person is found by (issuer, subject), which OIDC Core 1.0, section 5.7, names as the only
//! claims to rely on: an e-mail address can change hands. One person may have several identities; the
//! last one stays.

mod leaving;
mod registration;
mod store;
mod verified;

use kernel::{Clock, Entropy, Timestamp, UserId, db};
use sqlx::PgPool;
use uuid::Uuid;

pub use leaving::{hold, hold_door, people, succeed};
pub use registration::Registration;
pub use verified::VerifiedIdentity;

use crate::AuthError;

/// One of a person's ways in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linked {
    /// Its handle.
    pub id: Uuid,
    /// Who vouches.
    pub issuer: String,
    /// What the person may recognise it by; may be empty.
    pub hint: String,
    /// Since when.
    pub linked_at: Timestamp,
}

/// What came of linking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Linking {
    /// It is a way in for this person now, or was one already.
    Linked,
    /// It is somebody else's.
    Taken,
}

/// What came of unlinking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unlinking {
    /// It is no way in any more.
    Unlinked,
    /// It is none of theirs.
    Unknown,
    /// It is the only one, and stays.
    Last,
}

/// The person with this identity, made when there is none yet and `registration` admits them. The first
/// person becomes the owner. Of several first sign-ins at once, one makes the person and all get the same.
///
/// # Errors
/// [`AuthError::NotAdmitted`], or our own fault.
pub async fn sign_in_with(
    db: &PgPool,
    clock: &dyn Clock,
    entropy: &Entropy,
    registration: &Registration,
    identity: &VerifiedIdentity,
) -> Result<UserId, AuthError> {
    if let Some(user) = store::find(db, identity).await? {
        return Ok(user);
    }

    let mut tx = db::begin(db).await?;
    store::lock_registration(&mut tx).await?;
    if let Some(user) = store::find(&mut *tx, identity).await? {
        return Ok(user);
    }
    let is_first = store::is_first(&mut tx).await?;
    if !registration.admits(is_first, identity) {
        return Err(AuthError::NotAdmitted);
    }
    let now = clock.now();
    let user = UserId(entropy.id(now));
    store::insert_user(&mut tx, user, is_first, now).await?;
    store::insert_identity(&mut tx, user, entropy.id(now), identity, now).await?;
    tx.commit().await?;
    Ok(user)
}

/// Makes `identity` one more way in for `user`.
///
/// # Errors
/// When the database fails.
pub async fn link(
    db: &PgPool,
    clock: &dyn Clock,
    entropy: &Entropy,
    user: UserId,
    identity: &VerifiedIdentity,
) -> Result<Linking, AuthError> {
    let mut tx = db::begin(db).await?;
    store::lock_registration(&mut tx).await?;
    let linking = match store::find(&mut *tx, identity).await? {
        Some(owner) if owner == user => Linking::Linked,
        Some(_) => Linking::Taken,
        None => {
            let now = clock.now();
            store::insert_identity(&mut tx, user, entropy.id(now), identity, now).await?;
            Linking::Linked
        }
    };
    tx.commit().await?;
    Ok(linking)
}

/// All ways in for `user`, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn linked(db: &PgPool, user: UserId) -> Result<Vec<Linked>, AuthError> {
    store::linked(db, user).await
}

/// Takes a way in from `user`, unless it is the only one.
///
/// # Errors
/// When the database fails.
pub async fn unlink(db: &PgPool, user: UserId, id: Uuid) -> Result<Unlinking, AuthError> {
    let mut tx = db::begin(db).await?;
    let ids = store::lock_identities(&mut tx, user).await?;
    if !ids.contains(&id) {
        return Ok(Unlinking::Unknown);
    }
    if ids.len() == 1 {
        return Ok(Unlinking::Last);
    }
    store::delete(&mut tx, user, id).await?;
    tx.commit().await?;
    Ok(Unlinking::Unlinked)
}

/// Whether `user` runs this house.
///
/// # Errors
/// When the database fails.
pub async fn is_owner(db: &PgPool, user: UserId) -> Result<bool, AuthError> {
    store::is_owner(db, user).await
}

/// The one person of the demo.
///
/// # Errors
/// When the database fails.
pub async fn demo_user(
    db: &PgPool,
    clock: &dyn Clock,
    entropy: &Entropy,
) -> Result<UserId, AuthError> {
    let demo = VerifiedIdentity::new("demo", "demo")?;
    let open = Registration { is_open: true, ..Registration::default() };
    sign_in_with(db, clock, entropy, &open, &demo).await
}
