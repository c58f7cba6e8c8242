//! What every route can reach.

use std::sync::Arc;

use app::{backend::House, shell::Assets};
use auth::{flow::Flows, oidc::Provider};
use integrations::Integrations;
use kernel::{SharedClock, SharedEntropy, UserId};
use recommender::Recommender;
use sqlx::PgPool;
use url::Url;

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
    /// The choice of the tip.
    pub recommender: Recommender,
    /// The sign-in, when a provider is configured.
    pub provider: Option<Arc<Provider>>,
    /// Visits to providers that have not come back yet.
    pub flows: Arc<Flows>,
    /// The account to look around in, in the demo.
    pub demo: Option<UserId>,
    /// What a page loads.
    pub assets: Assets,
    /// The URL that people open.
    pub base_url: Url,
}

impl AppState {
    /// What the page reaches of it.
    pub fn house(&self) -> House {
        House {
            db: self.db.clone(),
            recommender: self.recommender.clone(),
            clock: self.clock.clone(),
            entropy: self.entropy.clone(),
        }
    }
}
