//! The push services that may be asked. A subscription is written by whoever likes to: without such a list, it would
//! lead oO to any host.

use std::str::FromStr;

use kernel::http::Hosts;
use url::{Host, Url};

/// The services of the browsers: Chromium's, Firefox's, Safari's and Edge's, with all hosts below them.
const BROWSERS: [&str; 4] = [
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "push.apple.com",
    "notify.windows.com",
];

/// Those of the browsers, and what the operator has added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Services {
    /// Public ones, with all hosts below them.
    suffixes: Vec<String>,
    /// With their port. They may be private, and without TLS there: for tests, the demo, and a service in one's
    /// own network.
    named: Hosts,
}

/// Not a list of services.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not services with commas between, such as push.example.org, 10.0.0.7:8080")]
pub struct NoServices;

impl Services {
    /// The hosts that may be private: for the client that asks them.
    pub fn named(&self) -> &Hosts {
        &self.named
    }

    /// Whether a note may be sent to `url`.
    pub(super) fn admit(&self, url: &Url) -> bool {
        if matches!(url.scheme(), "http" | "https") && self.named.contain(url) {
            return true;
        }
        let Some(Host::Domain(host)) = url.host() else { return false };
        let is_usual = url.scheme() == "https" && url.port().is_none();
        is_usual && self.suffixes().any(|suffix| is_below(host, suffix))
    }

    fn suffixes(&self) -> impl Iterator<Item = &str> {
        BROWSERS.into_iter().chain(self.suffixes.iter().map(String::as_str))
    }
}

/// Whether `host` is `suffix`, or a name below it.
fn is_below(host: &str, suffix: &str) -> bool {
    host.strip_suffix(suffix).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

impl FromStr for Services {
    type Err = NoServices;

    /// With commas between: a domain's name stands for the public hosts at it and below it, over https; a host with
    /// its port, or an address, for that one alone, which may be private.
    fn from_str(text: &str) -> Result<Self, NoServices> {
        let mut services = Self::default();
        let mut named = Vec::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            match Host::parse(part) {
                Ok(Host::Domain(name)) if is_domain(&name) => services.suffixes.push(name),
                _ => named.push(part),
            }
        }
        let has_port = |part: &&str| part.contains(':') || part.parse::<std::net::IpAddr>().is_ok();
        if !named.iter().all(has_port) {
            return Err(NoServices);
        }
        services.named = named.join(",").parse().map_err(|_| NoServices)?;
        Ok(services)
    }
}

/// A name with a dot in it: whole top-level domains are nobody's service.
fn is_domain(name: &str) -> bool {
    name.contains('.') && name.split('.').all(|label| !label.is_empty())
}
