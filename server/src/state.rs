//! What every route can reach, and the one place where it is put together.

mod compose;

use std::{error::Error, sync::Arc};

use advice::Advisor;
use app::{backend::House, shell::Assets};
use auth::{
    attempts::Attempts, flow::Flows, identity::Registration, oidc::Provider, session, token::Tokens,
};
use integrations::Integrations;
use kernel::{SharedClock, SharedEntropy, TimeZone, UserId, http::Http};
use lab::models::Serving;
use notifier::Notifier;
use privacy::{Ledger, Privacy};
use profile::Consent;
use recommender::Recommender;
use sqlx::PgPool;
use testkit::todoist::{Handle, TodoistDouble};
use tokio::sync::Semaphore;
use url::Url;

use crate::{
    config::{self, Config, SignIn},
    http::{Patience, client::Proxies, limit::Limits},
};

/// The file, in the folder for what oO keeps on this machine, that remembers who has left for good.
const LEDGER: &str = "erasures";

/// The composed house. Cloning is cheap.
#[derive(Clone)]
pub struct AppState {
    /// The database.
    pub db: PgPool,
    /// The clock.
    pub clock: SharedClock,
    /// The source of chance.
    pub entropy: SharedEntropy,
    /// What people have connected.
    pub integrations: Integrations,
    /// Whether Todoist can be connected: a client is configured.
    pub can_connect: bool,
    /// What a language model writes.
    pub advisor: Advisor,
    /// The choice of the tip.
    pub recommender: Recommender,
    /// When oO speaks up, and where.
    pub notifier: Notifier,
    /// Which policies choose it.
    choice: Arc<config::Recommender>,
    /// Export and erasure.
    pub privacy: Privacy,
    /// The providers to sign in with.
    pub providers: Arc<[Provider]>,
    /// Who may become a person here.
    pub registration: Arc<Registration>,
    /// Where people are signed in.
    pub sessions: session::Store,
    /// What scripts show in place of a session.
    pub tokens: Tokens,
    /// Visits to providers that have not come back yet.
    pub flows: Arc<Flows>,
    /// How often somebody tries to come in, on all replicas.
    pub attempts: Attempts,
    /// How often somebody may ask, here.
    pub limits: Arc<Limits>,
    /// A place for each request that may be worked on.
    pub in_flight: Arc<Semaphore>,
    /// How long is waited for others.
    pub patience: Patience,
    /// Who is believed about whom they speak for.
    pub proxies: Proxies,
    /// The Todoist of the account to look around in, in the demo.
    pub demo: Option<Handle>,
    /// What a page loads.
    pub assets: Assets,
    /// The URL that people open.
    pub base_url: Url,
}

impl AppState {
    /// Puts the modules together. No call goes out, and nothing is asked of the database.
    pub(crate) fn new(
        config: Config,
        base_url: Url,
        db: PgPool,
        clock: SharedClock,
        entropy: SharedEntropy,
        double: Option<&TodoistDouble>,
    ) -> Result<Self, Box<dyn Error>> {
        let todoist = compose::todoist(&config, double)?;
        let http = Http::new(compose::hosts(&config, double)?)?;
        let can_connect = todoist.is_some();
        let vault = Arc::new(compose::vault(&config, &clock, &entropy)?);
        let integrations = Integrations::new(
            db.clone(),
            vault.clone(),
            compose::or_nowhere(todoist)?,
            http.clone(),
            clock.clone(),
            entropy.clone(),
        )
        .with_calendar_hosts(&http, config.calendar_hosts.clone());
        let advisor =
            compose::advisor(&config.advice, &db, vault.clone(), &http, &clock, &entropy)?;
        let recommender =
            compose::recommender(&config, &db, &integrations, advisor.clone(), &clock, &entropy)?;
        let channels = compose::channels(config.push, config.mail, &base_url);
        let notifier = Notifier::new(
            db.clone(),
            vault.clone(),
            recommender.clone(),
            channels,
            clock.clone(),
            entropy.clone(),
        )?;
        let ledger = Ledger::at(config.database.data_dir.join(LEDGER));
        let privacy =
            Privacy::new(db.clone(), integrations.clone(), vault.clone(), clock.clone(), ledger);
        let flows = Flows::new(db.clone(), clock.clone(), entropy.clone());
        let attempts = Attempts::new(db.clone(), clock.clone());
        let limits = Limits::new(config.limits.per_second, clock.clone());
        let assets = compose::assets(&config.http);
        let SignIn { providers, registration } = config.sign_in;
        let providers = providers
            .into_iter()
            .map(|oidc| compose::provider(oidc, &base_url, &http, &flows, &clock))
            .collect::<Result<_, _>>()?;
        let lifetime = session::Lifetime::default();
        let sessions = session::Store::new(db.clone(), clock.clone(), entropy.clone(), lifetime);
        let tokens = Tokens::new(db.clone(), clock.clone(), entropy.clone());
        Ok(Self {
            db,
            clock,
            entropy,
            integrations,
            can_connect,
            advisor,
            recommender,
            notifier,
            choice: Arc::new(config.recommender),
            privacy,
            providers,
            registration: Arc::new(registration),
            sessions,
            tokens,
            flows: Arc::new(flows),
            attempts,
            limits: Arc::new(limits),
            in_flight: Arc::new(Semaphore::new(config.limits.requests)),
            patience: Patience::default(),
            proxies: config.limits.proxies,
            demo: None,
            assets,
            base_url,
        })
    }

    /// Lets the prior that was promoted decide, or the shipped one where none was; on all servers, since each asks.
    ///
    /// # Errors
    /// When the database fails; what decided goes on deciding.
    pub async fn follow_promotion(&self) -> Result<(), Box<dyn Error + Send + Sync>> {
        let Serving { version, table } = lab::models::serving(&self.db).await?;
        if table.fingerprint() != self.recommender.prior() {
            let policies = compose::policies(&self.choice, &table.prior()?)?;
            self.recommender.choose_by(policies);
            tracing::info!(version, "another prior decides");
        }
        Ok(())
    }

    /// Writes down what `user` allows, and lets it take effect everywhere.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn consent(
        &self,
        user: UserId,
        answers: &[(Consent, bool)],
    ) -> Result<(), ConsentError> {
        self.recommender.consent(user, answers).await?;
        if answers.contains(&(Consent::KeepHistory, false)) {
            lab::models::withdraw(&self.db, user).await?;
            self.notifier.forget(user).await?;
        }
        self.notifier.reconsider(user).await?;
        Ok(())
    }

    /// Lets `user` live by this zone's clock, or by their devices'.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn choose_time_zone(
        &self,
        user: UserId,
        zone: Option<&TimeZone>,
    ) -> Result<(), notifier::Error> {
        profile::choose_time_zone(&self.db, user, zone, self.clock.now()).await?;
        self.notifier.reconsider(user).await
    }

    /// What the page reaches of it.
    pub fn house(&self) -> House {
        House {
            db: self.db.clone(),
            can_connect: self.can_connect,
            recommender: self.recommender.clone(),
            clock: self.clock.clone(),
            entropy: self.entropy.clone(),
        }
    }
}

/// Why what a person allows is not in force everywhere.
#[derive(Debug, thiserror::Error)]
pub enum ConsentError {
    /// It was not written down.
    #[error(transparent)]
    Recommender(#[from] recommender::Error),
    /// Models still know of them.
    #[error(transparent)]
    Lab(#[from] lab::LabError),
    /// The notifier has not heard of it.
    #[error(transparent)]
    Notifier(#[from] notifier::Error),
}
