//! Secrets: from a variable, or from a file that another one names.

use std::{
    fs::File,
    io::{self, Read},
};

use secrecy::{ExposeSecret, SecretString};

use super::reader::Reader;

/// More than any secret, in bytes: what is longer is another file.
const MOST_BYTES: u64 = 64 * 1024;

/// A secret between two machines has at least so many letters.
const LEAST_CLIENT_SECRET: usize = 8;

/// What stands in examples, long enough to pass for a secret.
const PLACEHOLDERS: [&str; 8] = [
    "changeme",
    "change-me",
    "change_me",
    "password",
    "client-secret",
    "client_secret",
    "clientsecret",
    "your-secret",
];

impl Reader<'_> {
    /// A variable that must not be shown, or the text of the file that `NAME_FILE` names, but for the end of
    /// its last line. Both at once are a mistake.
    pub(super) fn secret(&mut self, name: &str) -> Option<SecretString> {
        let name_of_file = format!("{name}_FILE");
        let text = self.text(name).map(SecretString::from);
        let Some(path) = self.text(&name_of_file) else { return text };
        if text.is_some() {
            let what = format!("it is set, and so is {name_of_file}: one of them has to go");
            self.mistake(name, &what);
            return text;
        }
        match read(&path) {
            Ok(text) if text.trim().is_empty() => {
                self.mistake(&name_of_file, "the file that it names is empty");
                None
            }
            Ok(text) => Some(SecretString::from(text.trim_end_matches(['\r', '\n']))),
            // The path is not repeated: it may be the secret itself, in the wrong variable.
            Err(error) => {
                let what = format!("the file that it names cannot be read: {error}");
                self.mistake(&name_of_file, &what);
                None
            }
        }
    }

    /// What a provider has given to oO as its client. What nobody drew at random is a mistake.
    pub(super) fn client_secret(&mut self, name: &str) -> Option<SecretString> {
        let secret = self.secret(name)?;
        if is_weak(secret.expose_secret()) {
            let what = format!(
                "it is weak: shorter than {LEAST_CLIENT_SECRET} letters, or a word from an example; \
                 the provider tells the one that it has given to oO"
            );
            self.mistake(name, &what);
        }
        Some(secret)
    }

    /// Whether a secret is set, in either way; not whether it can be used.
    pub(super) fn has_secret(&mut self, name: &str) -> bool {
        self.text(name).is_some() || self.text(&format!("{name}_FILE")).is_some()
    }
}

fn read(path: &str) -> io::Result<String> {
    let mut text = String::new();
    let length = File::open(path)?.take(MOST_BYTES + 1).read_to_string(&mut text)?;
    if length as u64 > MOST_BYTES {
        return Err(io::Error::from(io::ErrorKind::FileTooLarge));
    }
    Ok(text)
}

fn is_weak(secret: &str) -> bool {
    let mut letters = secret.chars();
    let first = letters.next();
    secret.chars().count() < LEAST_CLIENT_SECRET
        || letters.all(|letter| Some(letter) == first)
        || PLACEHOLDERS.iter().any(|placeholder| placeholder.eq_ignore_ascii_case(secret))
}
