//! Where variables come from: the environment, and behind it the file `.env` of the folder that oO is
//! started in. The file is only looked up, since to change a process's environment is safe for one thread
//! alone.

use std::{collections::HashMap, fs::File, io};

use super::Mistake;

/// The file's name.
const FILE: &str = ".env";

/// What the file holds.
#[derive(Debug, Default)]
pub(super) struct Variables {
    file: HashMap<String, String>,
    mistakes: Vec<Mistake>,
}

impl Variables {
    /// Reads the file. That there is none is no mistake; that it cannot be read is one.
    pub(super) fn load() -> Self {
        match File::open(FILE) {
            Ok(file) => Self::of(file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Self::default(),
            Err(error) => Self { mistakes: vec![unreadable(&error)], ..Self::default() },
        }
    }

    /// The first mention of a name is the one that counts.
    fn of(text: impl io::Read) -> Self {
        let mut read = Self::default();
        let mut last = None;
        for line in dotenvy::from_read_iter(text) {
            match line {
                Ok((name, value)) => {
                    last = Some(name.clone());
                    read.file.entry(name).or_insert(value);
                }
                Err(dotenvy::Error::LineParse(..)) => read.mistakes.push(broken(last.as_deref())),
                Err(error) => {
                    read.mistakes.push(unreadable(&error));
                    break;
                }
            }
        }
        read
    }

    /// The environment's value, else the file's.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        match std::env::var_os(name) {
            Some(value) => Some(value.to_string_lossy().into_owned()),
            None => self.file.get(name).cloned(),
        }
    }

    /// What is wrong with the file.
    pub(super) fn mistakes(&self) -> Vec<Mistake> {
        self.mistakes.clone()
    }
}

fn unreadable(error: &dyn std::error::Error) -> Mistake {
    Mistake { variable: FILE.to_owned(), what: format!("it cannot be read: {error}") }
}

/// Tells a line by the one before it, since it may hold a secret itself.
fn broken(last: Option<&str>) -> Mistake {
    let place = match last {
        Some(name) => format!("a line after {name}"),
        None => "a line at the top".to_owned(),
    };
    let what = format!("{place} is not of the form NAME=value or NAME='a value'");
    Mistake { variable: FILE.to_owned(), what }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_cannot_be_read_are_told_by_name_alone() {
        let text = "OO_LOG=debug\nOO_OIDC_CLIENT_SECRET=hunter 2\nswordfish\nOO_POLICY=random\n";
        let read = Variables::of(text.as_bytes());

        assert_eq!(read.file.get("OO_LOG").map(String::as_str), Some("debug"));
        assert_eq!(read.file.get("OO_POLICY").map(String::as_str), Some("random"));
        let told: String = read.mistakes.iter().map(ToString::to_string).collect();
        assert!(told.contains("a line after OO_LOG"), "{told}");
        assert!(!told.contains("hunter") && !told.contains("swordfish"), "{told}");
    }
}
