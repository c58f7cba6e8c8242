//! Puts the house together, and runs it from start to stop.

use std::{error::Error, net::SocketAddr, sync::Arc, time::Duration};

use advice::Library;
use app::shell::Assets;
use auth::{
    flow::Flows,
    oidc::{OidcConfig, Provider},
    session,
};
use graphile_worker::WorkerOptions;
use integrations::{Integrations, TodoistConfig, Vault};
use kernel::{Entropy, SharedClock, SharedEntropy, SystemClock, http::Http};
use leptos::config::LeptosOptions;
use oo_postgres::Postgres;
use recommender::{Policies, Recommender, Settings};
use secrecy::{ExposeSecret, SecretString};
use sqlx::PgPool;
use testkit::todoist::TodoistDouble;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::{
    config::{self, Config, Mode},
    demo, http, routes,
    state::AppState,
};

/// The database of an embedded Postgres.
const DATABASE: &str = "oo";

/// How often sessions and sign-ins that have expired are swept out.
const SWEEP: Duration = Duration::from_hours(1);

/// A built application: it listens, and serves when it is run.
pub struct Application {
    listener: TcpListener,
    addr: SocketAddr,
    state: AppState,
    session_store: session::Store,
    site_root: std::path::PathBuf,
    worker: graphile_worker::Worker,
    postgres: Option<Postgres>,
    double: Option<TodoistDouble>,
    stop: CancellationToken,
}

impl Application {
    /// Connects what there is to connect, brings the database up to date, and listens.
    ///
    /// # Errors
    /// What a person at the terminal has to know.
    pub async fn build(config: Config) -> Result<Self, Box<dyn Error>> {
        // First, so that a port that is taken is told before a database is made.
        let listener = TcpListener::bind(config.http.addr).await.map_err(|error| {
            let addr = config.http.addr;
            format!("oO cannot listen on {addr}: {error}. Choose another address with LEPTOS_SITE_ADDR or --addr.")
        })?;
        let addr = listener.local_addr()?;
        let base_url = match config.http.base_url.clone() {
            Some(url) => url,
            None => Url::parse(&format!("http://{addr}"))?,
        };
        let clock: SharedClock = Arc::new(SystemClock);
        let entropy = Entropy::from_os()?;
        let (postgres, db) = database(&config.database).await?;
        prepare(&db).await?;

        let http = Http::new()?;
        let double = match config.mode {
            Mode::Demo => Some(demo::todoist(clock.clone()).await?),
            Mode::Serve => None,
        };
        let integrations = integrations(&config, double.as_ref(), &db, &http, &clock, &entropy)?;
        let account = match &double {
            Some(double) => {
                Some(demo::account(&db, &integrations, double, &clock, &entropy).await?)
            }
            None => None,
        };
        let recommender = recommender(&config.recommender, &db, &integrations, &clock, &entropy)?;
        let flows = Flows::new(db.clone(), clock.clone(), entropy.clone());
        let provider =
            config.oidc.map(|oidc| provider(oidc, &base_url, &http, &flows, &clock)).transpose()?;

        let options = WorkerOptions::default()
            .pg_pool(db.clone())
            .concurrency(2)
            .poll_interval(Duration::from_secs(5))
            .listen_os_shutdown_signals(false);
        let worker = integrations::jobs::register(options, &integrations).init().await?;
        let lifetime = session::Lifetime::default();
        let session_store =
            session::Store::new(db.clone(), clock.clone(), entropy.clone(), lifetime);
        let can_connect = double.is_some() || config.todoist.is_some();
        let state = AppState {
            db,
            clock,
            entropy,
            integrations,
            can_connect,
            recommender,
            provider: provider.map(Arc::new),
            flows: Arc::new(flows),
            demo: account,
            assets: Assets::of(&leptos_options(&config.http)),
            base_url,
        };
        Ok(Self {
            listener,
            addr,
            state,
            session_store,
            site_root: config.http.site_root,
            worker,
            postgres,
            double,
            stop: CancellationToken::new(),
        })
    }

    /// The address that is listened on.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The URL to open.
    pub fn url(&self) -> &str {
        self.state.base_url.as_str()
    }

    /// Stops the application when it is cancelled.
    pub fn stopper(&self) -> CancellationToken {
        self.stop.clone()
    }

    /// Serves until it is told to stop (SIGTERM, SIGINT, or [`Application::stopper`]); then lets every
    /// request that has begun end, the jobs after them, and the database last.
    ///
    /// # Errors
    /// When the database cannot be stopped cleanly.
    pub async fn run(self) -> Result<(), Box<dyn Error>> {
        let router = routes::router(&self.state, self.session_store.clone(), &self.site_root);
        let worker = Arc::new(self.worker);
        let jobs = tokio::spawn({
            let worker = worker.clone();
            async move { worker.run().await }
        });
        let sweep = tokio::spawn(sweep(self.session_store, self.state.flows.clone()));
        let stop = self.stop.clone();
        tokio::spawn(async move {
            http::told_to_stop().await;
            stop.cancel();
        });

        http::serve(self.listener, router, self.stop).await;
        sweep.abort();
        worker.request_shutdown();
        if let Err(error) = jobs.await? {
            tracing::error!(%error, "the worker of jobs failed");
        }
        self.state.db.close().await;
        if let Some(double) = self.double {
            double.stop().await;
        }
        if let Some(postgres) = self.postgres {
            postgres.stop().await?;
        }
        Ok(())
    }
}

/// Brings the database up to date, and ends.
///
/// # Errors
/// When it cannot be reached or changed.
pub async fn migrate(config: &Config) -> Result<(), Box<dyn Error>> {
    let (postgres, db) = database(&config.database).await?;
    prepare(&db).await?;
    db.close().await;
    if let Some(postgres) = postgres {
        postgres.stop().await?;
    }
    Ok(())
}

/// The configured database, or an embedded one.
async fn database(config: &config::Database) -> Result<(Option<Postgres>, PgPool), Box<dyn Error>> {
    let (postgres, url) = if let Some(url) = &config.url {
        (None, url.clone())
    } else {
        let settings = oo_postgres::Settings::new(config.data_dir.join("postgres"));
        let postgres = Postgres::start(settings).await?;
        postgres.create_database_if_missing(DATABASE).await?;
        let url = SecretString::from(postgres.url(DATABASE));
        (Some(postgres), url)
    };
    let db = kernel::db::connect(url.expose_secret(), config.connections)
        .await
        .map_err(|error| format!("the database of DATABASE_URL does not answer: {error}"))?;
    Ok((postgres, db))
}

/// The tables: ours, and those of the jobs.
async fn prepare(db: &PgPool) -> Result<(), Box<dyn Error>> {
    kernel::db::MIGRATOR.run(db).await?;
    integrations::jobs::migrate_jobs(db).await?;
    Ok(())
}

fn integrations(
    config: &Config,
    double: Option<&TodoistDouble>,
    db: &PgPool,
    http: &Http,
    clock: &SharedClock,
    entropy: &SharedEntropy,
) -> Result<Integrations, Box<dyn Error>> {
    let client = match (double, config.todoist.clone()) {
        (Some(double), _) => Some(demo::client(double)?),
        (None, configured) => configured,
    };
    let todoist = match client {
        Some(client) => TodoistConfig {
            api_base: client.api_url,
            authorize_url: client.authorize_url,
            token_url: client.token_url,
            revoke_url: client.revoke_url,
            client_id: client.client_id,
            client_secret: client.client_secret,
        },
        None => TodoistConfig::official("", SecretString::from(""))?,
    };
    let keys = match &config.vault_keys {
        Some(keys) => keys.clone(),
        None if config.mode == Mode::Demo => demo::vault_key(&config.database.data_dir, entropy)?,
        // Nothing can be connected, so nothing is ever sealed with it.
        None => SecretString::from(Vault::generate_key(entropy)),
    };
    let vault = Vault::from_keys(&keys, entropy.clone())
        .map_err(|error| format!("OO_VAULT_KEYS: {error}"))?;
    let (db, http, clock, entropy) = (db.clone(), http.clone(), clock.clone(), entropy.clone());
    Ok(Integrations::new(db, vault, todoist, http, clock, entropy))
}

fn recommender(
    config: &config::Recommender,
    db: &PgPool,
    integrations: &Integrations,
    clock: &SharedClock,
    entropy: &SharedEntropy,
) -> Result<Recommender, Box<dyn Error>> {
    let policies = Policies::by_name(&config.policy, &config.shadows)?;
    let settings = Settings { undo_window: config.undo_window, tip_lifetime: config.tip_lifetime };
    Ok(Recommender::new(
        db.clone(),
        integrations.clone(),
        Library::shipped()?,
        policies,
        settings,
        clock.clone(),
        entropy.clone(),
    ))
}

fn provider(
    config: config::Oidc,
    base_url: &Url,
    http: &Http,
    flows: &Flows,
    clock: &SharedClock,
) -> Result<Provider, Box<dyn Error>> {
    let oidc = OidcConfig {
        issuer: config.issuer,
        client_id: config.client_id,
        client_secret: config.client_secret,
        label: config.label,
        scopes: Vec::new(),
        redirect_url: base_url.join("/auth/oidc/return")?,
    };
    Ok(Provider::new(oidc, http.clone(), flows.clone(), clock.clone()))
}

fn leptos_options(config: &config::Http) -> LeptosOptions {
    LeptosOptions::builder()
        .output_name("oo")
        .site_root(config.site_root.to_string_lossy().into_owned())
        .site_addr(config.addr)
        .hash_files(true)
        .build()
}

/// Removes what has expired, for as long as oO runs.
async fn sweep(sessions: session::Store, flows: Arc<Flows>) {
    let mut tick = tokio::time::interval(SWEEP);
    loop {
        tick.tick().await;
        if let Err(error) = sessions.purge_expired().await {
            tracing::warn!(%error, "expired sessions were not removed");
        }
        if let Err(error) = flows.purge_expired().await {
            tracing::warn!(%error, "expired sign-ins were not removed");
        }
    }
}
