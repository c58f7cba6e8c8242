//! Reads variables, and collects what is wrong instead of stopping at the first.

use std::{fmt, path::PathBuf, str::FromStr};

use secrecy::SecretString;
use url::Url;

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
pub struct Reader<'a> {
    look_up: &'a dyn Fn(&str) -> Option<String>,
    mistakes: Vec<Mistake>,
}

impl<'a> Reader<'a> {
    /// Over any source of variables.
    pub fn new(look_up: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self { look_up, mistakes: Vec::new() }
    }

    /// A variable that is set, and not empty.
    pub fn text(&mut self, name: &str) -> Option<String> {
        (self.look_up)(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    /// A variable that must not be shown.
    pub fn secret(&mut self, name: &str) -> Option<SecretString> {
        self.text(name).map(SecretString::from)
    }

    /// A folder.
    pub fn path(&mut self, name: &str) -> Option<PathBuf> {
        self.text(name).map(PathBuf::from)
    }

    /// Anything that can be parsed; `expected` describes it.
    pub fn parse<T: FromStr>(&mut self, name: &str, expected: &str) -> Option<T> {
        let parsed = self.text(name)?.parse().ok();
        if parsed.is_none() {
            self.mistake(name, &format!("it is not {expected}"));
        }
        parsed
    }

    /// An http or https URL, without a user in it.
    pub fn url(&mut self, name: &str) -> Option<Url> {
        let url = self.text(name)?.parse::<Url>().ok();
        let url = url.filter(|url| {
            matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.has_host()
        });
        if url.is_none() {
            self.mistake(name, "it is not a URL such as https://oo.example.org");
        }
        url
    }

    /// Whether all of `names` are set. That only some are is a mistake.
    pub fn all_or_none(&mut self, names: &[&str]) -> bool {
        let mut missing = Vec::new();
        for name in names {
            if self.text(name).is_none() {
                missing.push(name);
            }
        }
        if missing.len() < names.len() {
            for name in &missing {
                self.mistake(name, &format!("it belongs together with {}", names.join(", ")));
            }
        }
        missing.is_empty()
    }

    /// Notes a mistake.
    pub fn mistake(&mut self, variable: &str, what: &str) {
        self.mistakes.push(Mistake { variable: variable.to_owned(), what: what.to_owned() });
    }

    /// All mistakes, if there are any.
    ///
    /// # Errors
    /// When there are.
    pub fn finish(self) -> Result<(), ConfigError> {
        if self.mistakes.is_empty() { Ok(()) } else { Err(ConfigError(self.mistakes)) }
    }
}
