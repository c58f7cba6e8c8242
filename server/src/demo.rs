//! The demo: a Todoist double inside the process, which the real connector talks to over HTTP.

use std::{error::Error, net::Ipv4Addr, os::unix::fs::OpenOptionsExt, path::Path};

use integrations::{Access, Integrations, Tokens, Vault};
use kernel::{Entropy, SharedClock, SharedEntropy, UserId};
use secrecy::SecretString;
use sqlx::PgPool;
use testkit::todoist::{CLIENT_ID, CLIENT_SECRET, TodoistDouble};
use url::Url;

use crate::config;

/// The file that the demo keeps its key in.
const KEY_FILE: &str = "vault.key";

/// Starts the double, with the tasks to look around in.
pub(crate) async fn todoist(clock: SharedClock) -> Result<TodoistDouble, Box<dyn Error>> {
    let double = TodoistDouble::start((Ipv4Addr::LOCALHOST, 0).into(), clock).await?;
    let account = double.handle().account();
    double.handle().set_demo_tasks(&account);
    Ok(double)
}

/// How to speak to the double.
pub(crate) fn client(double: &TodoistDouble) -> Result<config::Todoist, Box<dyn Error>> {
    let origin = Url::parse(&double.base_url())?;
    Ok(config::Todoist {
        api_url: origin.join("/api/v1")?,
        authorize_url: origin.join("/oauth/authorize")?,
        token_url: origin.join("/oauth/access_token")?,
        revoke_url: origin.join("/api/v1/revoke")?,
        client_id: CLIENT_ID.to_owned(),
        client_secret: SecretString::from(CLIENT_SECRET),
    })
}

/// The key of the vault: made once, readable by its owner alone.
pub(crate) fn vault_key(data: &Path, entropy: &Entropy) -> Result<SecretString, Box<dyn Error>> {
    let path = data.join(KEY_FILE);
    if let Ok(key) = std::fs::read_to_string(&path) {
        return Ok(SecretString::from(key.trim()));
    }
    std::fs::create_dir_all(data)?;
    let key = Vault::generate_key(entropy);
    let mut file =
        std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
    std::io::Write::write_all(&mut file, key.as_bytes())?;
    Ok(SecretString::from(key))
}

/// The account to look around in. Tokens of a double end with its process, so it is connected anew.
pub(crate) async fn account(
    db: &PgPool,
    integrations: &Integrations,
    double: &TodoistDouble,
    clock: &SharedClock,
    entropy: &SharedEntropy,
) -> Result<UserId, Box<dyn Error>> {
    let user = auth::identity::demo_user(db, &**clock, entropy).await?;
    let granted = double.handle().grant(&double.handle().account());
    let tokens = Tokens {
        access: SecretString::from(granted.access_token),
        refresh: granted.refresh_token.map(SecretString::from),
        expires_at: Some(clock.now() + chrono::TimeDelta::seconds(granted.expires_in)),
        scope: Access::ReadWrite,
    };
    integrations.connect_with_tokens(user, tokens).await?;
    Ok(user)
}
