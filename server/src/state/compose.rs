//! The modules, each from its part of the configuration.

use std::{error::Error, sync::Arc};

use advice::{Advisor, Library, Prompts, model::Model};
use app::shell::Assets;
use auth::{
    flow::Flows,
    oidc::{OidcConfig, Provider},
};
use bandit::Prior;
use integrations::{Integrations, TodoistConfig};
use kernel::{
    SharedClock, SharedEntropy,
    http::{Hosts, Http},
};
use leptos::config::LeptosOptions;
use notifier::{Channels, mail::MailConfig, push::PushConfig};
use recommender::{Policies, Recommender, Settings, Sources, UnknownPolicy, prior};
use secrecy::SecretString;
use sqlx::PgPool;
use testkit::todoist::{CLIENT_ID, CLIENT_SECRET, TodoistDouble};
use url::Url;
use vault::{MasterKeys, Vault};

use crate::{
    config::{self, Config, Mode},
    demo,
};

/// The Todoist to talk to, if there is one: in the demo, its double.
pub(super) fn todoist(
    config: &Config,
    double: Option<&TodoistDouble>,
) -> Result<Option<TodoistConfig>, Box<dyn Error>> {
    if let Some(double) = double {
        let origin = Url::parse(&double.base_url())?;
        let secret = SecretString::from(CLIENT_SECRET);
        return Ok(Some(TodoistConfig::at(&origin, CLIENT_ID.to_owned(), secret)?));
    }
    Ok(config.todoist.clone())
}

/// What may be asked though it is not public: what the operator has named, and the double.
pub(super) fn hosts(
    config: &Config,
    double: Option<&TodoistDouble>,
) -> Result<Hosts, Box<dyn Error>> {
    let mut hosts = config.hosts.clone();
    if let Some(double) = double {
        hosts.name(&Url::parse(&double.base_url())?);
    }
    Ok(hosts)
}

/// Where nobody can connect, nobody is connected, and nothing is ever asked.
pub(super) fn or_nowhere(todoist: Option<TodoistConfig>) -> Result<TodoistConfig, Box<dyn Error>> {
    match todoist {
        Some(todoist) => Ok(todoist),
        None => Ok(TodoistConfig::official(String::new(), SecretString::default())?),
    }
}

/// The vault for provider tokens.
pub(super) fn vault(
    config: &Config,
    clock: &SharedClock,
    entropy: &SharedEntropy,
) -> Result<Vault, Box<dyn Error>> {
    let keys = match &config.vault_keys {
        Some(keys) => keys.clone(),
        None if config.mode == Mode::Demo => {
            let key = demo::vault_key(&config.database.data_dir, entropy)?;
            MasterKeys::parse(&key).map_err(|error| format!("the demo's key: {error}"))?
        }
        // Nothing can be connected, so nothing is ever sealed under it.
        None => MasterKeys::random(entropy),
    };
    Ok(Vault::new(keys, clock.clone(), entropy.clone()))
}

/// What a language model writes; nothing, where there is none.
pub(super) fn advisor(
    config: &config::Advice,
    db: &PgPool,
    vault: Arc<Vault>,
    http: &Http,
    clock: &SharedClock,
    entropy: &SharedEntropy,
) -> Result<Advisor, Box<dyn Error>> {
    let model = config.model.as_ref().map(|model| Model::new(model, http, clock.clone()));
    let prompts = Prompts::shipped(&config.prompts)?;
    let (db, clock, entropy) = (db.clone(), clock.clone(), entropy.clone());
    Ok(Advisor::new(db, vault, model, prompts, config.budget, clock, entropy)?)
}

/// The choice of the tip.
pub(super) fn recommender(
    config: &Config,
    db: &PgPool,
    integrations: &Integrations,
    advisor: Advisor,
    clock: &SharedClock,
    entropy: &SharedEntropy,
) -> Result<Recommender, Box<dyn Error>> {
    let policies = policies(&config.recommender, &prior::shipped())?;
    let config::Recommender { undo_window, tip_lifetime, .. } = config.recommender;
    let settings = Settings { undo_window, tip_lifetime, deadline: config.advice.deadline };
    let library = Library::shipped()?;
    Ok(Recommender::new(
        db.clone(),
        Sources { integrations: integrations.clone(), library, advisor },
        policies,
        settings,
        clock.clone(),
        entropy.clone(),
    ))
}

/// By what oO speaks up.
pub(super) fn channels(
    push: Option<PushConfig>,
    mail: Option<config::Mail>,
    base_url: &Url,
) -> Channels {
    let base_url = base_url.clone();
    let mail = mail.map(|config::Mail { server, from }| MailConfig { server, from, base_url });
    Channels { push, mail }
}

/// The policies that are configured, beginning with `prior`.
pub(super) fn policies(
    config: &config::Recommender,
    prior: &Prior,
) -> Result<Policies, UnknownPolicy> {
    Policies::by_name(&config.policy, &config.shadows, &Arc::new(prior.clone()))
}

/// The sign-in. The provider is asked when the first person comes.
pub(super) fn provider(
    config: config::Oidc,
    base_url: &Url,
    http: &Http,
    flows: &Flows,
    clock: &SharedClock,
) -> Result<Provider, Box<dyn Error>> {
    let oidc = OidcConfig {
        redirect_url: base_url.join(&format!("/auth/{}/return", config.key))?,
        scopes: vec!["email".to_owned()],
        key: config.key,
        issuer: config.issuer,
        client_id: config.client_id,
        credential: config.credential,
        label: config.label,
    };
    Ok(Provider::new(oidc, http.clone(), flows.clone(), clock.clone()))
}

/// What a page loads.
pub(super) fn assets(config: &config::Http) -> Assets {
    let options = LeptosOptions::builder()
        .output_name("oo")
        .site_root(config.site_root.to_string_lossy().into_owned())
        .site_addr(config.addr)
        .hash_files(true)
        .build();
    Assets::of(&options)
}
