//! `oo keys`: the master keys of the vault, from the first one to the next, and the key that notes are signed with.

use std::{error::Error, fmt::Write as _, sync::Arc};

use clap::{Subcommand, ValueEnum};
use kernel::{Entropy, SystemClock};
use notifier::push::Key;
use secrecy::ExposeSecret;
use sqlx::PgPool;
use vault::{Held, MasterKeyState, MasterKeys, Rotated, Vault};

use super::tell;
use crate::{config::Config, database::Database, master_keys::told};

#[derive(Clone, Debug, Subcommand)]
pub(super) enum Keys {
    /// Prints a new key. Nothing has to be configured, and nothing is changed.
    Generate {
        /// What it is for.
        #[arg(value_enum, default_value_t)]
        of: Purpose,
    },
    /// Shows how many data keys each master key wraps.
    Status,
    /// Wraps all data keys anew by the first master key, while oO goes on serving. When it ends early, the
    /// next one goes on with the rest.
    Rotate,
    /// Deletes the data keys of a master key that is lost: whose they are connects again.
    Forget {
        /// The id of the lost key, which is not configured any more.
        id: String,
    },
}

/// What a key is for.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(super) enum Purpose {
    /// A master key, for `OO_VAULT_KEYS`.
    #[default]
    Vault,
    /// The key that notes to browsers are signed with, for `OO_PUSH_KEY`.
    Push,
}

/// What to do with a new key; told beside it, so that the key alone can be sent to a file.
const HOW_TO: &str = "\
This is a master key. Put the line into OO_VAULT_KEYS, or into the file that OO_VAULT_KEYS_FILE names, and keep
a copy where the backups of the database are not: without it, nothing that oO has sealed opens.

To change to it from an older one:
  1. OO_VAULT_KEYS=older,newer and start oO anew, on all servers (with one server, go on with 2);
  2. OO_VAULT_KEYS=newer,older and start oO anew, on all servers;
  3. oo keys rotate, at any time, while oO serves;
  4. OO_VAULT_KEYS=newer, once `oo keys status` says that nothing needs the older one.";

/// The same for the key that notes are signed with.
const HOW_TO_PUSH: &str = "\
This is the key that oO signs notes to browsers with. Put the line into OO_PUSH_KEY, or into the file that
OO_PUSH_KEY_FILE names, and into OO_PUSH_CONTACT whom push services can turn to, such as mailto:ana@example.org.
Browsers bind their subscriptions to it: with another key, everybody has to allow notes anew.";

/// Prints a new key, and beside it what to do with it.
pub(super) fn generate(of: Purpose) -> Result<(), Box<dyn Error>> {
    let entropy = Entropy::from_os()?;
    match of {
        Purpose::Vault => {
            tell(MasterKeys::generate(&entropy).expose_secret());
            eprintln!("{HOW_TO}");
        }
        Purpose::Push => {
            tell(Key::generate(&entropy).secret().expose_secret());
            eprintln!("{HOW_TO_PUSH}");
        }
    }
    Ok(())
}

/// Does what needs keys and a database.
pub(super) async fn run(keys: Keys, config: Config) -> Result<(), Box<dyn Error>> {
    let master_keys =
        config.vault_keys.ok_or("OO_VAULT_KEYS is not set: there is no master key")?;
    let vault = Vault::new(master_keys, Arc::new(SystemClock), Entropy::from_os()?);
    Database::during(&config.database, async |db| match keys {
        Keys::Generate { of } => generate(of),
        Keys::Status => status(&vault, db).await,
        Keys::Rotate => rotate(&vault, db).await,
        Keys::Forget { id } => forget(&vault, db, &id).await,
    })
    .await
}

async fn status(vault: &Vault, db: &PgPool) -> Result<(), Box<dyn Error>> {
    let status = vault.status(db).await.map_err(|error| told(&error))?;
    let width =
        status.iter().map(|held| held.master_key_id.len()).max().unwrap_or_default().max(10);
    let mut table = format!("{:width$}  {:>9}", "master key", "data keys");
    for held in &status {
        let Held { master_key_id, data_keys, .. } = held;
        write!(table, "\n{master_key_id:width$}  {data_keys:>9}  {}", meaning(held))?;
    }
    tell(&table);
    Ok(())
}

fn meaning(held: &Held) -> &'static str {
    match held.state {
        MasterKeyState::First => "wraps new ones",
        MasterKeyState::Other if held.data_keys == 0 => "nothing needs it any more",
        MasterKeyState::Other => "`oo keys rotate` wraps them anew by the first",
        MasterKeyState::Missing => "not configured: what they sealed does not open",
        MasterKeyState::Wrong => {
            "another key is configured under this id: what they sealed does not open"
        }
    }
}

async fn rotate(vault: &Vault, db: &PgPool) -> Result<(), Box<dyn Error>> {
    let before = vault.status(db).await.map_err(|error| told(&error))?;
    let first = vault.first_id();
    if before.iter().any(|held| held.master_key_id == first && held.state == MasterKeyState::Wrong)
    {
        let what =
            "is another key than the one that wraps data keys: a new key needs an id of its own";
        return Err(format!("Nothing was done: {first} {what}.").into());
    }
    let others = before.iter().filter(|held| held.state == MasterKeyState::Other);
    let all: u64 = others.map(|held| held.data_keys).sum();
    let mut shown = 0;
    let rotated = vault.rotate(db, |so_far| progress(so_far, all, &mut shown)).await;
    let rotated = rotated.map_err(|error| told(&error))?;

    let after = vault.status(db).await.map_err(|error| told(&error))?;
    tell(&format!("Wrapped anew, by {first}: {} of {all} data keys.", rotated.rewrapped));
    let is_left = |held: &&Held| held.state != MasterKeyState::First && held.data_keys > 0;
    let left: Vec<_> = after.iter().filter(is_left).collect();
    if left.is_empty() {
        tell(&format!("OO_VAULT_KEYS needs no other key than {first} any more."));
        return Ok(());
    }
    let mut text = "Some data keys are not wrapped by it:".to_owned();
    for Held { master_key_id, data_keys, state } in left {
        let why = match state {
            MasterKeyState::Missing => "and it is not configured",
            MasterKeyState::Wrong => "but another key is configured under this id",
            _ if rotated.damaged > 0 => "but do not open: they were changed in the database",
            _ => "since a server has made them meanwhile: are all of them started anew?",
        };
        write!(text, "\n  {data_keys} by {master_key_id}, {why}")?;
    }
    Err(text.into())
}

/// One line for each hundredth.
fn progress(so_far: Rotated, all: u64, shown: &mut u64) {
    let done = so_far.rewrapped + so_far.damaged;
    let hundredths = (done * 100).checked_div(all).unwrap_or(100).min(100);
    if hundredths > *shown {
        *shown = hundredths;
        eprintln!("{hundredths:3} %  {done} of {all} data keys");
    }
}

async fn forget(vault: &Vault, db: &PgPool, id: &str) -> Result<(), Box<dyn Error>> {
    let forgotten = vault.forget(db, id).await.map_err(|error| told(&error))?;
    let Some(forgotten) = forgotten else {
        return Err(format!(
            "{id} is configured, and nothing was deleted. Take it out of OO_VAULT_KEYS first, if it is lost."
        )
        .into());
    };
    tell(&format!("Deleted, of {id}: {forgotten} data keys."));
    Ok(())
}
