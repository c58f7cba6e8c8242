//! Configuration: from the environment and `.env`, typed, one struct a concern. `.env.example` explains
//! every variable, and a test keeps the two together.

mod advice;
mod database;
mod http;
mod lab;
mod limits;
mod log;
mod mail;
mod push;
mod reader;
mod recommender;
mod secret;
mod sign_in;
mod todoist;
mod variables;
mod vault;

use std::{fmt, net::SocketAddr};

use ::vault::MasterKeys;
use integrations::TodoistConfig;
use kernel::http::Hosts;
use notifier::push::PushConfig;

pub use advice::Advice;
pub use database::Database;
pub use http::Http;
pub use lab::Lab;
pub use limits::Limits;
pub use log::{Log, LogFormat};
pub use mail::Mail;
pub use reader::Mistake;
pub use recommender::Recommender;
pub use sign_in::{Oidc, SignIn};

use reader::Reader;
use variables::Variables;

/// All that an operator can choose.
#[derive(Clone, Debug)]
pub struct Config {
    /// What is served.
    pub mode: Mode,
    /// Addresses and files.
    pub http: Http,
    /// How much is let in.
    pub limits: Limits,
    /// The database.
    pub database: Database,
    /// The ways in, and who is let in.
    pub sign_in: SignIn,
    /// Todoist, when its client is configured.
    pub todoist: Option<TodoistConfig>,
    /// The master keys of the vault; in the demo they are made when missing.
    pub vault_keys: Option<MasterKeys>,
    /// What oO may ask though it is not public: the operator has named it.
    pub hosts: Hosts,
    /// The hosts that a person's calendar may be at though they are not public.
    pub calendar_hosts: Hosts,
    /// The language model.
    pub advice: Advice,
    /// Notes to browsers, when there is a key for them.
    pub push: Option<PushConfig>,
    /// Letters, when there is a server for them.
    pub mail: Option<Mail>,
    /// The choice of the tip.
    pub recommender: Recommender,
    /// Where what is learned of people in general goes.
    pub lab: Lab,
    /// Logs.
    pub log: Log,
}

/// What is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The product.
    Serve,
    /// A demo, on this machine alone.
    Demo,
}

/// Everything that is wrong with the configuration, at once.
#[derive(Debug, PartialEq, Eq)]
pub struct ConfigError(pub Vec<Mistake>);

impl Config {
    /// Reads the process's environment, and the file `.env`. `addr` goes before `LEPTOS_SITE_ADDR`.
    ///
    /// # Errors
    /// All mistakes at once.
    pub fn from_environment(mode: Mode, addr: Option<SocketAddr>) -> Result<Self, ConfigError> {
        let variables = Variables::load();
        let look_up = |name: &str| variables.get(name);
        Self::read_with(Reader::new(&look_up, variables.mistakes()), mode, addr)
    }

    /// Reads variables from wherever `look_up` finds them. An empty one counts as unset.
    ///
    /// # Errors
    /// All mistakes at once.
    pub fn read(
        mode: Mode,
        addr: Option<SocketAddr>,
        look_up: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        Self::read_with(Reader::new(look_up, Vec::new()), mode, addr)
    }

    fn read_with(
        mut reader: Reader<'_>,
        mode: Mode,
        addr: Option<SocketAddr>,
    ) -> Result<Self, ConfigError> {
        let database = Database::read(&mut reader);
        let config = Self {
            mode,
            http: Http::read(&mut reader, mode, addr),
            limits: Limits::read(&mut reader),
            lab: Lab::read(&mut reader, &database.data_dir),
            database,
            sign_in: SignIn::read(&mut reader),
            todoist: todoist::read(&mut reader),
            vault_keys: vault::read(&mut reader, mode),
            advice: Advice::read(&mut reader),
            push: push::read(&mut reader),
            mail: Mail::read(&mut reader),
            hosts: reader.hosts(),
            calendar_hosts: reader.named_hosts("OO_CALENDAR_HOSTS"),
            recommender: Recommender::read(&mut reader),
            log: Log::read(&mut reader),
        };
        reader.finish().map(|()| config)
    }
}

impl std::error::Error for ConfigError {}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let things = match self.0.len() {
            1 => "one thing".to_owned(),
            count => format!("{count} things"),
        };
        writeln!(f, "oO cannot start: {things} to mend in its configuration.")?;
        for mistake in &self.0 {
            writeln!(f, "  {mistake}")?;
        }
        write!(f, "The file .env.example explains every variable.")
    }
}
