//! The hosts that an operator has named.

use std::str::FromStr;

use url::{Host, Url};

use super::{HttpError, address::Rule};

/// Hosts that may be private, since the operator has named them: a provider or a service in their own
/// network. Each is known by its name or address, and by its port.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hosts(Vec<Named>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Named {
    host: Host<String>,
    /// `None`: every port.
    port: Option<u16>,
}

/// Not a list of hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not hosts with commas between")]
pub struct NoHosts;

impl Hosts {
    /// Names the host and port of `url` too.
    pub fn name(&mut self, url: &Url) {
        if let Some(host) = url.host() {
            self.0.push(Named { host: host.to_owned(), port: url.port_or_known_default() });
        }
    }

    /// Whether the host and port of `url` are named.
    pub fn contain(&self, url: &Url) -> bool {
        let (Some(host), port) =
            (url.host().map(|host| host.to_owned()), url.port_or_known_default())
        else {
            return false;
        };
        self.0
            .iter()
            .any(|named| named.host == host && (named.port.is_none() || named.port == port))
    }

    /// Where a request to `url` may go.
    pub(super) fn rule(&self, url: &Url) -> Result<Rule, HttpError> {
        match (url.scheme(), self.contain(url)) {
            ("https", false) => Ok(Rule::Public),
            ("https", true) => Ok(Rule::Named),
            ("http", true) => Ok(Rule::Clear),
            _ => Err(HttpError::Refused),
        }
    }
}

impl<'u> FromIterator<&'u Url> for Hosts {
    fn from_iter<T: IntoIterator<Item = &'u Url>>(urls: T) -> Self {
        let mut hosts = Self::default();
        urls.into_iter().for_each(|url| hosts.name(url));
        hosts
    }
}

impl FromStr for Hosts {
    type Err = NoHosts;

    /// `host` or `host:port`, with commas between; an IPv6 address stands in brackets.
    fn from_str(text: &str) -> Result<Self, NoHosts> {
        text.split(',')
            .map(str::trim)
            .filter(|it| !it.is_empty())
            .map(Named::read)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

impl Named {
    fn read(text: &str) -> Result<Self, NoHosts> {
        // A URL does not tell its scheme's own port from none; of two schemes, one does.
        let [http, https] =
            ["http", "https"].map(|scheme| Url::parse(&format!("{scheme}://{text}")));
        let (Ok(http), Ok(https)) = (http, https) else { return Err(NoHosts) };
        let bare = !text.contains(['/', '\\', '?', '#', '@']);
        match http.host() {
            Some(host) if bare => {
                Ok(Self { host: host.to_owned(), port: http.port().or(https.port()) })
            }
            _ => Err(NoHosts),
        }
    }
}
