//! Whether the master keys that are configured are those that the database needs.

use std::{error::Error, fmt::Write as _};

use kernel::{SharedClock, SharedEntropy};
use sqlx::PgPool;
use vault::{Held, MasterKeyState, MasterKeys, Vault, VaultError};

/// Fails when a data key is wrapped by a master key that is not here: better than to find that out person by
/// person, and to have them connect again.
pub(crate) async fn check(
    keys: MasterKeys,
    db: &PgPool,
    clock: SharedClock,
    entropy: SharedEntropy,
) -> Result<(), Box<dyn Error>> {
    let status = Vault::new(keys, clock, entropy).status(db).await.map_err(|error| told(&error))?;
    let mut mistakes = String::new();
    for Held { master_key_id: id, data_keys, state } in status {
        match state {
            MasterKeyState::First | MasterKeyState::Other => {}
            MasterKeyState::Missing => write!(
                mistakes,
                "\n  OO_VAULT_KEYS: {id} is not configured, and wraps data keys ({data_keys}): put it back, behind \
                 the first. If it is lost, `oo keys forget {id}` gives them up"
            )?,
            MasterKeyState::Wrong => write!(
                mistakes,
                "\n  OO_VAULT_KEYS: {id} is another key than the one that wraps data keys ({data_keys}): put that \
                 one back. A new key needs an id of its own"
            )?,
        }
    }
    if mistakes.is_empty() { Ok(()) } else { Err(format!("oO cannot start:{mistakes}").into()) }
}

/// What failed, for the person at the terminal.
pub(crate) fn told(error: &VaultError) -> String {
    let VaultError::Database(cause) = error else { return error.to_string() };
    let code = cause.as_database_error().and_then(sqlx::error::DatabaseError::code);
    match code.as_deref() {
        // undefined_table (PostgreSQL's documentation, appendix A).
        Some("42P01") => "the database is not up to date: run `oo migrate`".to_owned(),
        _ => format!("{error}: {cause}"),
    }
}
