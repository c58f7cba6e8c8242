//! An application, from start to stop.

use std::{error::Error, net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use any_spawner::Executor;
use auth::identity::demo_user;
use kernel::{Entropy, SharedClock, SystemClock};
use testkit::todoist::TodoistDouble;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::{
    config::{Config, Mode},
    database::Database,
    demo,
    http::{self, Patience},
    jobs, master_keys, routes,
    state::AppState,
};

/// How often sessions, sign-ins and counts that have expired are swept out.
const SWEEP_EVERY: Duration = Duration::from_mins(10);

/// How often is asked which prior serves.
const FOLLOW_EVERY: Duration = Duration::from_secs(30);

/// How often ideas are asked for, for those who are active.
const ADVISE_EVERY: Duration = Duration::from_mins(1);

/// Every so many sweeps, history goes that is older than its person wants it to be.
const HISTORY_EVERY: usize = 6;

/// How often it is thought of those whose time has come to be spoken to.
const THINK_EVERY: Duration = Duration::from_secs(20);

/// How often it is looked for what is to be sent.
const DELIVER_EVERY: Duration = Duration::from_secs(5);

/// A built application: it listens, and serves when it is run.
pub struct Application {
    listener: TcpListener,
    addr: SocketAddr,
    state: AppState,
    site_root: PathBuf,
    max_connections: usize,
    database: Database,
    double: Option<TodoistDouble>,
}

impl Application {
    /// Connects what there is to connect, brings the database up to date, and listens.
    ///
    /// # Errors
    /// What a person at the terminal has to know.
    pub async fn build(config: Config) -> Result<Self, Box<dyn Error>> {
        // First, so that a port that is taken is told before a database is made.
        let listener = listen(config.http.addr).await?;
        let addr = listener.local_addr()?;
        let base_url = match config.http.base_url.clone() {
            Some(url) => url,
            None => Url::parse(&format!("http://{addr}"))?,
        };
        // Leptos spawns on it, wherever a page is rendered. Tests build more than one application.
        let _ = Executor::init_tokio();
        let clock: SharedClock = Arc::new(SystemClock);
        let entropy = Entropy::from_os()?;
        let database = Database::open(&config.database).await?;
        if let Some(keys) = config.vault_keys.clone() {
            master_keys::check(keys, &database.pool, clock.clone(), entropy.clone()).await?;
        }
        let double = match config.mode {
            Mode::Demo => Some(demo::todoist(clock.clone()).await?),
            Mode::Serve => None,
        };

        let db = database.pool.clone();
        let site_root = config.http.site_root.clone();
        let max_connections = config.limits.connections;
        let mut state = AppState::new(config, base_url, db, clock, entropy, double.as_ref())?;
        let again = state.privacy.keep_gone().await?;
        if again > 0 {
            tracing::warn!(
                again,
                "the database knew people who have left for good: they are erased again"
            );
        }
        follow_promotion(&state).await;
        if let Some(double) = &double {
            // Tokens of a double end with its process, so the account is connected anew.
            let user = demo_user(&state.db, &*state.clock, &state.entropy).await?;
            demo::connect(&state, double.handle(), user).await?;
            state.demo = Some(double.handle().clone());
        }
        Ok(Self { listener, addr, state, site_root, max_connections, database, double })
    }

    /// The address that is listened on.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The URL to open.
    pub fn url(&self) -> &str {
        self.state.base_url.as_str()
    }

    /// The same with another patience.
    #[must_use]
    pub fn with_patience(mut self, patience: Patience) -> Self {
        self.state.patience = patience;
        self
    }

    /// Serves until `stop` is cancelled; then lets every request that has begun end, the jobs after them, and
    /// the database last.
    ///
    /// # Errors
    /// When the database cannot be stopped cleanly.
    pub async fn run(self, stop: CancellationToken) -> Result<(), Box<dyn Error>> {
        let Self { listener, state, max_connections, .. } = self;
        let router = routes::router(&state, &self.site_root);
        let stop_jobs = CancellationToken::new();
        let jobs = tokio::spawn(jobs::run(
            state.db.clone(),
            state.integrations.clone(),
            stop_jobs.clone(),
        ));
        let sweep = tokio::spawn(sweep(state.clone()));
        let follow = tokio::spawn(follow_promotions(state.clone()));
        let advise = tokio::spawn(advise(state.clone()));
        let think = tokio::spawn(think(state.clone()));
        let push = tokio::spawn(push(state.clone()));
        let mail = tokio::spawn(mail(state.clone()));

        http::serve(listener, router, max_connections, state.patience, stop).await;
        sweep.abort();
        follow.abort();
        advise.abort();
        think.abort();
        push.abort();
        mail.abort();
        stop_jobs.cancel();
        jobs.await?;
        if let Some(double) = self.double {
            double.stop().await;
        }
        self.database.close().await
    }
}

async fn listen(addr: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(addr).await.map_err(|error| {
        format!(
            "oO cannot listen on {addr}: {error}. \
             Choose another address with LEPTOS_SITE_ADDR or --addr."
        )
    })
}

/// Keeps to the prior that an operator has promoted last.
async fn follow_promotions(state: AppState) {
    loop {
        tokio::time::sleep(FOLLOW_EVERY).await;
        follow_promotion(&state).await;
    }
}

async fn follow_promotion(state: &AppState) {
    if let Err(error) = state.follow_promotion().await {
        tracing::warn!(%error, "it is unknown which prior was promoted");
    }
}

/// Has ideas made for those who are active, before they look again.
async fn advise(state: AppState) {
    loop {
        tokio::time::sleep(ADVISE_EVERY).await;
        if let Err(error) = state.recommender.advise_all().await {
            tracing::warn!(%error, "no ideas were asked for");
        }
    }
}

/// Thinks of speaking up to those whose time has come.
async fn think(state: AppState) {
    loop {
        tokio::time::sleep(THINK_EVERY).await;
        if let Err(error) = state.notifier.tick().await {
            tracing::warn!(%error, "it was not thought of speaking up");
        }
    }
}

/// Sends what is to be said, and again what did not get through.
async fn push(state: AppState) {
    loop {
        tokio::time::sleep(DELIVER_EVERY).await;
        if let Err(error) = state.notifier.deliver_pushes().await {
            tracing::warn!(%error, "notifications were not sent");
        }
    }
}

/// The same by letters. A mail server that is slow delays no push.
async fn mail(state: AppState) {
    loop {
        tokio::time::sleep(DELIVER_EVERY).await;
        if let Err(error) = state.notifier.deliver_letters().await {
            tracing::warn!(%error, "letters were not sent");
        }
    }
}

/// Removes what has expired, for as long as oO runs.
async fn sweep(state: AppState) {
    let mut tick = tokio::time::interval(SWEEP_EVERY);
    for sweeps in (0..HISTORY_EVERY).cycle() {
        tick.tick().await;
        if let Err(error) = state.sessions.purge_expired().await {
            tracing::warn!(%error, "expired sessions were not removed");
        }
        if let Err(error) = state.tokens.purge_expired().await {
            tracing::warn!(%error, "expired tokens were not removed");
        }
        if let Err(error) = state.flows.purge_expired().await {
            tracing::warn!(%error, "expired sign-ins were not removed");
        }
        if let Err(error) = state.attempts.purge_expired().await {
            tracing::warn!(%error, "counted attempts were not removed");
        }
        if let Err(error) = state.advisor.purge_expired().await {
            tracing::warn!(%error, "ideas that have expired were not removed");
        }
        if let Err(error) = state.notifier.forget_old().await {
            tracing::warn!(%error, "old thoughts and silent devices were not removed");
        }
        if let Err(error) = state.integrations.forget_gone().await {
            tracing::warn!(%error, "lists of people who are gone were not dropped");
        }
        if let Err(error) = lab::models::forget(&state.db).await {
            tracing::warn!(%error, "what was learned from people who are gone was not forgotten");
        }
        if sweeps == 0
            && let Err(error) = state.privacy.forget_old().await
        {
            tracing::warn!(%error, "old history was not removed");
        }
    }
}
