//! Reads variables, and collects what is wrong instead of stopping at the first.

use std::{fmt, ops::RangeInclusive, path::PathBuf, str::FromStr};

use kernel::http::Hosts;
use url::{Host, Url};

use super::ConfigError;

/// What is wrong with one variable. It never repeats a value, which may be a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The variable.
    pub variable: String,
    /// What is expected of it.
    pub what: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.variable, self.what)
    }
}

/// Looks variables up, by name.
pub(super) struct Reader<'a> {
    look_up: &'a dyn Fn(&str) -> Option<String>,
    mistakes: Vec<Mistake>,
    private: Hosts,
    hosts: Hosts,
}

impl<'a> Reader<'a> {
    /// Over any source of variables, and the mistakes that were found in the source itself.
    pub(super) fn new(look_up: &'a dyn Fn(&str) -> Option<String>, mistakes: Vec<Mistake>) -> Self {
        let mut reader =
            Self { look_up, mistakes, private: Hosts::default(), hosts: Hosts::default() };
        reader.private = reader.named_hosts("OO_PRIVATE_HOSTS");
        reader.hosts = reader.private.clone();
        reader
    }

    /// A variable that is set, and not empty.
    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        (self.look_up)(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    /// What stands between commas.
    pub(super) fn list(&mut self, name: &str) -> Vec<String> {
        let text = self.text(name).unwrap_or_default();
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        parts.map(str::to_owned).collect()
    }

    /// A folder.
    pub(super) fn path(&mut self, name: &str) -> Option<PathBuf> {
        self.text(name).map(PathBuf::from)
    }

    /// Anything that can be parsed; `expected` describes it.
    pub(super) fn parse<T: FromStr>(&mut self, name: &str, expected: &str) -> Option<T> {
        let parsed = self.text(name)?.parse().ok();
        if parsed.is_none() {
            self.mistake(name, &format!("it is not {expected}"));
        }
        parsed
    }

    /// Hosts with commas between.
    pub(super) fn named_hosts(&mut self, name: &str) -> Hosts {
        let expected = "hosts with commas between, such as auth.lan, 10.0.0.7:8080";
        self.parse(name, expected).unwrap_or_default()
    }

    /// A whole number within `range`.
    pub(super) fn number(&mut self, name: &str, range: RangeInclusive<u32>, default: u32) -> u32 {
        let Some(text) = self.text(name) else { return default };
        text.parse().ok().filter(|number| range.contains(number)).unwrap_or_else(|| {
            let (least, most) = (range.start(), range.end());
            let what = format!("it is not a number from {least} to {most}, such as {default}");
            self.mistake(name, &what);
            default
        })
    }

    /// An http or https URL, without a user in it.
    pub(super) fn url(&mut self, name: &str, example: &str) -> Option<Url> {
        let url = self.text(name)?.parse::<Url>().ok();
        let url = url.filter(|url| {
            let bare = url.username().is_empty() && url.password().is_none();
            matches!(url.scheme(), "http" | "https") && bare && url.has_host()
        });
        if url.is_none() {
            self.mistake(name, &format!("it is not a URL such as {example}"));
        }
        url
    }

    /// Of a service that secrets are sent to. One that is set may be private: the operator has named it.
    pub(super) fn service(&mut self, name: &str, default: &str) -> Option<Url> {
        if self.text(name).is_none() {
            return Url::parse(default).ok();
        }
        let url = self.url(name, default)?;
        if is_safe(&url) || self.private.contain(&url) {
            self.hosts.name(&url);
            return Some(url);
        }
        let what = "it has to begin with https://, since secrets are sent there, \
                    unless its host is in OO_PRIVATE_HOSTS";
        self.mistake(name, what);
        None
    }

    /// Whether all of `names` and the `secret` are set. That only some are is a mistake.
    pub(super) fn all_or_none(&mut self, names: &[&str], secret: &str) -> bool {
        let mut missing = Vec::new();
        for name in names {
            if self.text(name).is_none() {
                missing.push(*name);
            }
        }
        if !self.has_secret(secret) {
            missing.push(secret);
        }
        if missing.len() <= names.len() {
            for name in &missing {
                let names = names.join(", ");
                let what = format!("it is not set; these belong together: {names}, {secret}");
                self.mistake(name, &what);
            }
        }
        missing.is_empty()
    }

    /// The hosts that were named, by `OO_PRIVATE_HOSTS` or as services: after all of them were read.
    pub(super) fn hosts(&self) -> Hosts {
        self.hosts.clone()
    }

    /// Notes a mistake.
    pub(super) fn mistake(&mut self, variable: &str, what: &str) {
        self.mistakes.push(Mistake { variable: variable.to_owned(), what: what.to_owned() });
    }

    /// All mistakes, if there are any.
    pub(super) fn finish(self) -> Result<(), ConfigError> {
        if self.mistakes.is_empty() { Ok(()) } else { Err(ConfigError(self.mistakes)) }
    }
}

/// Whether nobody on the way can read along.
pub(super) fn is_safe(url: &Url) -> bool {
    url.scheme() == "https" || is_loopback(url)
}

/// Whether a URL names this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}
