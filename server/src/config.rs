//! Configuration: from the environment and `.env`, typed, one struct a concern. `.env.example` explains
//! every variable, and a test keeps the two together.

mod reader;

use std::{fmt, net::SocketAddr, path::PathBuf};

use auth::oidc::IssuerUrl;
use chrono::TimeDelta;
use secrecy::SecretString;
use url::{Host, Url};

pub use reader::{Mistake, Reader};

/// All that an operator can choose.
#[derive(Clone, Debug)]
pub struct Config {
    /// What is served.
    pub mode: Mode,
    /// Addresses and files.
    pub http: Http,
    /// The database.
    pub database: Database,
    /// The sign-in, when a provider is configured.
    pub oidc: Option<Oidc>,
    /// Todoist, when its client is configured.
    pub todoist: Option<Todoist>,
    /// The keys of the vault; in the demo they are made when missing.
    pub vault_keys: Option<SecretString>,
    /// The choice of the tip.
    pub recommender: Recommender,
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

/// Where oO listens, what it is called from outside, and where its files are.
#[derive(Clone, Debug)]
pub struct Http {
    /// The address to listen on.
    pub addr: SocketAddr,
    /// The URL that people open; `None`: the address that is listened on.
    pub base_url: Option<Url>,
    /// The folder of the built page.
    pub site_root: PathBuf,
}

/// The database.
#[derive(Clone, Debug)]
pub struct Database {
    /// Its URL; `None`: an embedded Postgres in `data_dir`.
    pub url: Option<SecretString>,
    /// The folder for what oO keeps on this machine.
    pub data_dir: PathBuf,
    /// The most connections that are opened.
    pub connections: u32,
}

/// An OpenID Connect provider.
#[derive(Clone, Debug)]
pub struct Oidc {
    /// The issuer, letter by letter as the provider names itself.
    pub issuer: IssuerUrl,
    /// oO's client id there.
    pub client_id: String,
    /// oO's client secret there.
    pub client_secret: SecretString,
    /// What the button says: "Continue with …".
    pub label: String,
}

/// oO as a client of Todoist.
#[derive(Clone, Debug)]
pub struct Todoist {
    /// The API's base.
    pub api_url: Url,
    /// The page on which people allow the access.
    pub authorize_url: Url,
    /// Where codes become tokens.
    pub token_url: Url,
    /// Where tokens end.
    pub revoke_url: Url,
    /// The client id.
    pub client_id: String,
    /// The client secret.
    pub client_secret: SecretString,
}

/// The choice of the tip.
#[derive(Clone, Debug)]
pub struct Recommender {
    /// The policy that serves.
    pub policy: String,
    /// Those that choose in its shadow.
    pub shadows: Vec<String>,
    /// How long a reaction can be taken back.
    pub undo_window: TimeDelta,
    /// How long a tip stays open.
    pub tip_lifetime: TimeDelta,
}

/// Logs.
#[derive(Clone, Debug)]
pub struct Log {
    /// A filter of `tracing`, such as `info` or `server=debug`.
    pub filter: String,
    /// For eyes or for machines.
    pub format: LogFormat,
}

/// The form of a line of log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For eyes.
    Text,
    /// One JSON object a line.
    Json,
}

/// Everything that is wrong with the configuration, at once.
#[derive(Debug, PartialEq, Eq)]
pub struct ConfigError(pub Vec<Mistake>);

impl std::error::Error for ConfigError {}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "oO cannot start: {} to mend in its configuration.", count(self.0.len()))?;
        for mistake in &self.0 {
            writeln!(f, "  {mistake}")?;
        }
        write!(f, "The file .env.example explains every variable.")
    }
}

fn count(mistakes: usize) -> String {
    if mistakes == 1 { "one thing".to_owned() } else { format!("{mistakes} things") }
}

impl Config {
    /// Reads the process's environment. `addr` goes before `LEPTOS_SITE_ADDR`.
    ///
    /// # Errors
    /// All mistakes at once.
    pub fn from_environment(mode: Mode, addr: Option<SocketAddr>) -> Result<Self, ConfigError> {
        Self::read(mode, addr, &|name| std::env::var(name).ok())
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
        let mut reader = Reader::new(look_up);
        let config = Self {
            mode,
            http: read_http(&mut reader, addr),
            database: read_database(&mut reader),
            oidc: read_oidc(&mut reader),
            todoist: read_todoist(&mut reader),
            vault_keys: reader.secret("OO_VAULT_KEYS"),
            recommender: read_recommender(&mut reader),
            log: read_log(&mut reader),
        };
        config.check(&mut reader);
        reader.finish().map(|()| config)
    }

    /// What only shows when variables are seen together.
    fn check(&self, reader: &mut Reader<'_>) {
        let base = self.http.base_url.as_ref();
        match self.mode {
            Mode::Demo => {
                if !self.http.addr.ip().is_loopback() {
                    reader.mistake(
                        "LEPTOS_SITE_ADDR",
                        "the demo listens on this machine alone, such as on 127.0.0.1:3000",
                    );
                }
                if base.is_some_and(|url| !is_loopback(url)) {
                    reader.mistake(
                        "OO_BASE_URL",
                        "the demo has no public address; unset it, or start `oo serve`",
                    );
                }
            }
            Mode::Serve => {
                if base.is_some_and(|url| url.scheme() != "https" && !is_loopback(url)) {
                    reader.mistake(
                        "OO_BASE_URL",
                        "it has to begin with https://, since cookies are sent over TLS only",
                    );
                }
                if base.is_none() && !self.http.addr.ip().is_loopback() {
                    reader.mistake("OO_BASE_URL", "it is needed when oO listens beyond this machine, such as https://oo.example.org");
                }
                if self.todoist.is_some() && self.vault_keys.is_none() {
                    reader.mistake("OO_VAULT_KEYS", "it is needed for Todoist: its tokens are kept sealed. Such as id:<32 bytes in base64>");
                }
            }
        }
    }
}

fn read_http(reader: &mut Reader<'_>, addr: Option<SocketAddr>) -> Http {
    let default = SocketAddr::from(([127, 0, 0, 1], 3000));
    let from_variable = reader.parse("LEPTOS_SITE_ADDR", "an address such as 127.0.0.1:3000");
    let base_url = reader.url("OO_BASE_URL").filter(|url| {
        let is_origin = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        if !is_origin {
            reader.mistake("OO_BASE_URL", "oO lives at the root of its host: no path, no query");
        }
        is_origin
    });
    Http {
        addr: addr.or(from_variable).unwrap_or(default),
        base_url,
        site_root: reader.path("LEPTOS_SITE_ROOT").unwrap_or_else(site_beside_binary),
    }
}

fn read_database(reader: &mut Reader<'_>) -> Database {
    Database {
        url: reader.secret("DATABASE_URL"),
        data_dir: reader.path("OO_DATA_DIR").unwrap_or_else(|| ".data".into()),
        connections: reader
            .parse("OO_DATABASE_CONNECTIONS", "a number such as 16")
            .filter(|count| *count >= 2)
            .unwrap_or(16),
    }
}

fn read_oidc(reader: &mut Reader<'_>) -> Option<Oidc> {
    let names = ["OO_OIDC_ISSUER", "OO_OIDC_CLIENT_ID", "OO_OIDC_CLIENT_SECRET"];
    if !reader.all_or_none(&names) {
        return None;
    }
    let issuer = reader.text("OO_OIDC_ISSUER")?;
    let Ok(issuer) = IssuerUrl::new(issuer) else {
        reader.mistake("OO_OIDC_ISSUER", "it is not a URL, such as https://accounts.google.com");
        return None;
    };
    Some(Oidc {
        issuer,
        client_id: reader.text("OO_OIDC_CLIENT_ID")?,
        client_secret: reader.secret("OO_OIDC_CLIENT_SECRET")?,
        label: reader.text("OO_OIDC_LABEL").unwrap_or_else(|| "your account".to_owned()),
    })
}

fn read_todoist(reader: &mut Reader<'_>) -> Option<Todoist> {
    let url = |reader: &mut Reader<'_>, name, default: &str| {
        reader.url(name).or_else(|| Url::parse(default).ok())
    };
    let api_url = url(reader, "TODOIST_API_URL", "https://api.todoist.com/api/v1")?;
    let authorize = "https://app.todoist.com/oauth/authorize";
    let authorize_url = url(reader, "TODOIST_AUTHORIZE_URL", authorize)?;
    let token = "https://api.todoist.com/oauth/access_token";
    let token_url = url(reader, "TODOIST_TOKEN_URL", token)?;
    let revoke_url = url(reader, "TODOIST_REVOKE_URL", "https://api.todoist.com/api/v1/revoke")?;
    if !reader.all_or_none(&["TODOIST_CLIENT_ID", "TODOIST_CLIENT_SECRET"]) {
        return None;
    }
    let client_id = reader.text("TODOIST_CLIENT_ID")?;
    let client_secret = reader.secret("TODOIST_CLIENT_SECRET")?;
    Some(Todoist { api_url, authorize_url, token_url, revoke_url, client_id, client_secret })
}

fn read_recommender(reader: &mut Reader<'_>) -> Recommender {
    let policy = reader.text("OO_POLICY").unwrap_or_else(|| "thompson".to_owned());
    let shadows: Vec<String> = reader
        .text("OO_SHADOW_POLICIES")
        .unwrap_or_else(|| "epsilon_greedy".to_owned())
        .split(',')
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty() && name != "none")
        .collect();
    for (variable, name) in std::iter::once(("OO_POLICY", &policy))
        .chain(shadows.iter().map(|n| ("OO_SHADOW_POLICIES", n)))
    {
        if let Err(unknown) = recommender::Policies::by_name(name, &[]) {
            reader.mistake(variable, &unknown.to_string());
        }
    }
    let undo: Option<u32> = reader.parse("OO_UNDO_SECONDS", "a number of seconds such as 10");
    let hours: Option<u32> = reader.parse("OO_TIP_HOURS", "a number of hours such as 6");
    Recommender {
        policy,
        shadows,
        undo_window: TimeDelta::seconds(undo.unwrap_or(10).into()),
        tip_lifetime: TimeDelta::hours(hours.filter(|hours| *hours > 0).unwrap_or(6).into()),
    }
}

fn read_log(reader: &mut Reader<'_>) -> Log {
    let format = match reader.text("OO_LOG_FORMAT").as_deref() {
        None | Some("text") => LogFormat::Text,
        Some("json") => LogFormat::Json,
        Some(_) => {
            reader.mistake("OO_LOG_FORMAT", "it is `text` or `json`");
            LogFormat::Text
        }
    };
    Log { filter: reader.text("OO_LOG").unwrap_or_else(|| "info".to_owned()), format }
}

/// `site`, beside the binary, as scripts/build.sh leaves it.
fn site_beside_binary() -> PathBuf {
    let beside =
        std::env::current_exe().ok().and_then(|binary| Some(binary.parent()?.join("site")));
    beside.filter(|site| site.is_dir()).unwrap_or_else(|| "target/site".into())
}

/// Whether a URL names this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}
