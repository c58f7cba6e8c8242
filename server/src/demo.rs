//! The demo: a Todoist double inside the process, which the real connector talks to over HTTP.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    net::Ipv4Addr,
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use integrations::{Access, InternalError, Tokens};
use kernel::{Entropy, SharedClock, UserId};
use profile::Consent;
use secrecy::{ExposeSecret, SecretString};
use testkit::todoist::{Handle, TodoistDouble};
use vault::MasterKeys;

use crate::AppState;

/// The file that the demo keeps its master key in.
const KEY_FILE: &str = "vault.key";

/// Starts the double, with the tasks to look around in.
pub(crate) async fn todoist(clock: SharedClock) -> io::Result<TodoistDouble> {
    let double = TodoistDouble::start((Ipv4Addr::LOCALHOST, 0).into(), clock).await?;
    let account = double.handle().account();
    double.handle().set_demo_tasks(&account);
    Ok(double)
}

/// The master key of the vault: made once, readable by its owner alone.
pub(crate) fn vault_key(data: &Path, entropy: &Entropy) -> io::Result<SecretString> {
    let path = data.join(KEY_FILE);
    match fs::read_to_string(&path) {
        Ok(key) => return Ok(SecretString::from(key.trim())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    fs::create_dir_all(data)?;
    let key = MasterKeys::generate(entropy);
    // In one step, so that a start that is cut off leaves no half of a key.
    let new = path.with_extension("new");
    let mut options = OpenOptions::new();
    options
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&new)?
        .write_all(key.expose_secret().as_bytes())?;
    fs::rename(new, path)?;
    Ok(key)
}

/// What the demo's person allows: all that there is to see.
const ALLOWED: [Consent; 3] = [Consent::ReadTasks, Consent::WriteTasks, Consent::KeepHistory];

/// Connects the account to look around in, with all rights, and allows what there is to see.
pub(crate) async fn connect(
    state: &AppState,
    todoist: &Handle,
    user: UserId,
) -> Result<(), InternalError> {
    let granted = todoist.grant(&todoist.account());
    let tokens = Tokens {
        access: SecretString::from(granted.access_token),
        refresh: granted.refresh_token.map(SecretString::from),
        expires_at: Some(state.clock.now() + chrono::TimeDelta::seconds(granted.expires_in)),
        scope: Access::ReadWrite,
    };
    state.integrations.connect_with_tokens(user, tokens).await?;
    if !profile::profile(&state.db, user).await?.consents.are_decided() {
        let answers = Consent::ALL.map(|consent| (consent, ALLOWED.contains(&consent)));
        profile::decide(&state.db, user, &answers, state.clock.now()).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_made_once() {
        let data = std::env::temp_dir().join(format!("oo-demo-key-{}", std::process::id()));
        let entropy = Entropy::seeded(7);
        let made = vault_key(&data, &entropy).unwrap();
        let read = vault_key(&data, &entropy).unwrap();
        assert_eq!(made.expose_secret(), read.expose_secret());
        assert!(MasterKeys::parse(&read).is_ok());
        fs::remove_dir_all(data).unwrap();
    }
}
