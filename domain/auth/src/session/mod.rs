//! Sessions: who has signed in, kept in Postgres, known to the browser by the cookie `__Host-oo`.
//!
//! Only a sign-in makes a session, always under a new id, so that an id planted in a browser is never
//! signed in. A record holds the person, the moment of the sign-in and what it was made on, nothing else, and
//! does not change.
//! A page that only reads writes nothing and sets no cookie.

mod cookie;
mod device;
mod store;

use kernel::{Timestamp, UserId};
use serde::{Deserialize, Serialize};
use tower_sessions::Session;

pub use cookie::{COOKIE, SessionLayer, layer};
pub use device::{Device, name as device_name};
pub use store::{Lifetime, Store};

use crate::AuthError;

/// The one key of a record.
const KEY: &str = "signed_in";

/// What a record holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct SignedIn {
    user: UserId,
    at: Timestamp,
    /// See [`device::name`].
    device: String,
}

/// Signs `user` in under a new session id. The old session of this browser, if any, ends at once.
/// `user_agent` is what the browser calls itself.
pub async fn sign_in(
    session: &Session,
    user: UserId,
    at: Timestamp,
    user_agent: &str,
) -> Result<(), AuthError> {
    sign_out(session).await?;
    let device = device::name(user_agent);
    session.insert(KEY, SignedIn { user, at, device }).await?;
    Ok(())
}

/// Ends the session, on every replica at once. Without one, nothing happens.
pub async fn sign_out(session: &Session) -> Result<(), AuthError> {
    if session.id().is_some() {
        session.flush().await?;
    } else {
        session.clear().await;
    }
    Ok(())
}

/// Who has signed in, if anyone. Asks the database once a request at most.
pub async fn current_user(session: &Session) -> Result<Option<UserId>, AuthError> {
    let signed_in: Option<SignedIn> = session.get(KEY).await?;
    Ok(signed_in.map(|it| it.user))
}
