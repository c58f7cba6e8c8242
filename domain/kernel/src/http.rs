//! The one HTTP client under all remote services. It cannot be kept waiting, fed without end, sent elsewhere,
//! or led into the network that oO itself stands in.
//!
//! Time and size are bounded; no compression is asked for, so that what is counted is what arrives. A redirect
//! is an answer like any other, unless [`Http::follow`] is asked to go there. Names are resolved by a resolver
//! of our own, which passes on public addresses alone: whatever a name resolved to before, what counts is where
//! the connection goes. Only [`Hosts`] that the operator has named may be private. No proxy is used: behind one,
//! nobody would know.

mod address;
mod follow;
mod hosts;
mod names;

use std::{
    error::Error,
    sync::{Arc, LazyLock},
    time::Duration,
};

use futures::TryStreamExt;
use reqwest::{
    Client, Request, RequestBuilder, Response, StatusCode, dns::Resolve, header::HeaderMap,
    redirect::Policy,
};
use url::Url;

pub use hosts::{Hosts, NoHosts};

use address::Rule;
use names::{Guarded, NotAllowed, System};

/// How long is waited for others.
#[derive(Clone, Copy, Debug)]
struct Patience {
    /// For a connection to open, its name resolved.
    connect: Duration,
    /// For an exchange, from the first byte sent to the last one read; redirects are part of it.
    total: Duration,
}

const PATIENCE: Patience =
    Patience { connect: Duration::from_secs(3), total: Duration::from_secs(10) };

/// The client. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Http {
    /// Each reaches only what its rule allows, also by a connection that was kept.
    public: Client,
    named: Arc<Named>,
    clear: Client,
    hosts: Arc<Hosts>,
    patience: Patience,
}

/// Made when it is first used, since to read the system's certificates takes a while, and few houses have a private
/// host that speaks TLS; none when that cannot be set up.
type Named = LazyLock<Option<Client>, Box<dyn FnOnce() -> Option<Client> + Send>>;

/// What came back, wholly read.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status line's code.
    pub status: StatusCode,
    /// The headers, as sent.
    pub headers: HeaderMap,
    /// The body, not longer than the cap.
    pub body: Vec<u8>,
}

/// Why there is no answer. The text names neither address nor content.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// It took longer than the limit.
    #[error("the service did not answer in time")]
    Timeout,
    /// The body is longer than the cap.
    #[error("the answer is larger than {cap} bytes")]
    TooLarge {
        /// The cap, in bytes.
        cap: usize,
    },
    /// It could not be reached, or the connection broke.
    #[error("the service could not be reached")]
    Unreachable,
    /// It leads to where oO does not go: to an address that is not public, or over plain http.
    #[error("the service is at an address that is not allowed")]
    Refused,
    /// One redirect followed another, more often than was allowed.
    #[error("the service sends from place to place")]
    Astray,
    /// The request could not be built, or TLS could not be set up.
    #[error("the request could not be made")]
    Invalid,
}

impl Http {
    /// A client with the house's limits. `hosts` may have private addresses, and be asked over plain http
    /// there; everything else has to be public, and is asked over https.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(hosts: Hosts) -> Result<Self, HttpError> {
        let system: Arc<dyn Resolve> = Arc::new(System);
        Self::over(&system, hosts, PATIENCE)
    }

    fn over(names: &Arc<dyn Resolve>, hosts: Hosts, patience: Patience) -> Result<Self, HttpError> {
        // Several crates bring a provider; without a choice rustls panics at the first use.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let resolver = Arc::clone(names);
        let of_named = move || client(&resolver, Rule::Named, patience).ok();
        Ok(Self {
            public: client(names, Rule::Public, patience)?,
            named: Arc::new(LazyLock::new(Box::new(of_named))),
            clear: client(names, Rule::Clear, patience)?,
            hosts: Arc::new(hosts),
            patience,
        })
    }

    /// The same client, for which `hosts` are those that may be private, in place of its own: for addresses that do not
    /// come from the operator.
    #[must_use]
    pub fn with_hosts(&self, hosts: Hosts) -> Self {
        Self { hosts: Arc::new(hosts), ..self.clone() }
    }

    /// The client, to begin a request with. It is sent by [`Http::send`].
    pub fn client(&self) -> &Client {
        &self.public
    }

    /// Sends `request` and reads at most `cap` bytes of the answer, whatever its status.
    ///
    /// # Errors
    /// See [`HttpError`]; a status of 3xx, 4xx or 5xx is an answer, not an error.
    pub async fn send(&self, request: RequestBuilder, cap: usize) -> Result<Answer, HttpError> {
        let request = request.build()?;
        let rule = self.hosts.rule(request.url())?;
        self.exchange(request, rule, cap).await
    }

    /// The same for a request that somebody else has built, with a patience of its own: `total` from the first byte
    /// sent to the last one read.
    ///
    /// # Errors
    /// See [`Http::send`].
    pub async fn send_built(
        &self,
        mut request: Request,
        total: Duration,
        cap: usize,
    ) -> Result<Answer, HttpError> {
        *request.timeout_mut() = Some(total);
        let rule = self.hosts.rule(request.url())?;
        self.exchange(request, rule, cap).await
    }

    #[expect(clippy::disallowed_methods, reason = "the one place where requests are sent")]
    async fn exchange(
        &self,
        request: Request,
        rule: Rule,
        cap: usize,
    ) -> Result<Answer, HttpError> {
        check_literal(request.url(), rule)?;
        let client = match rule {
            Rule::Public => &self.public,
            Rule::Named => (**self.named).as_ref().ok_or(HttpError::Invalid)?,
            Rule::Clear => &self.clear,
        };
        let response = client.execute(request).await?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = read(response, cap).await?;
        Ok(Answer { status, headers, body })
    }
}

fn client(names: &Arc<dyn Resolve>, rule: Rule, patience: Patience) -> Result<Client, HttpError> {
    #[expect(clippy::disallowed_methods, reason = "the one place where clients are made")]
    let mut builder = Client::builder();
    if rule == Rule::Clear {
        // It needs none, and to read those of the system takes a while.
        builder = builder.tls_certs_only([]);
    }
    let client = builder
        .connect_timeout(patience.connect)
        .timeout(patience.total)
        .redirect(Policy::none())
        .no_proxy()
        .dns_resolver(Guarded::new(Arc::clone(names), rule))
        .user_agent(concat!("oO/", env!("CARGO_PKG_VERSION")))
        .build();
    client.map_err(|_| HttpError::Invalid)
}

/// No resolver is asked for a host that is an address already. However it was spelled, `url` has read it.
fn check_literal(url: &Url, rule: Rule) -> Result<(), HttpError> {
    let allowed = match url.host() {
        Some(url::Host::Ipv4(ip)) => rule.admits(ip.into()),
        Some(url::Host::Ipv6(ip)) => rule.admits(ip.into()),
        Some(url::Host::Domain(_)) => true,
        None => false,
    };
    if allowed { Ok(()) } else { Err(HttpError::Refused) }
}

async fn read(response: Response, cap: usize) -> Result<Vec<u8>, HttpError> {
    let mut body = Vec::new();
    let mut stream = response.bytes_stream();
    while let Some(chunk) = stream.try_next().await? {
        if body.len() + chunk.len() > cap {
            return Err(HttpError::TooLarge { cap });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

impl From<reqwest::Error> for HttpError {
    fn from(error: reqwest::Error) -> Self {
        if is_refusal(&error) {
            Self::Refused
        } else if error.is_timeout() {
            Self::Timeout
        } else if error.is_builder() {
            Self::Invalid
        } else {
            Self::Unreachable
        }
    }
}

/// Whether our own resolver is behind it.
fn is_refusal(error: &reqwest::Error) -> bool {
    let mut cause = error.source();
    while let Some(error) = cause {
        if error.is::<NotAllowed>() {
            return true;
        }
        cause = error.source();
    }
    false
}

#[cfg(test)]
mod tests;
