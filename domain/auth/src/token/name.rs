//! What a person calls a token.

use std::str::FromStr;

/// The most characters of a name.
const MOST: usize = 64;

/// A name that can be kept and shown: one line of 1 to 64 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(String);

/// Not a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a name has 1 to {MOST} characters, on one line")]
pub struct NoName;

impl Name {
    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Name {
    type Err = NoName;

    /// Without the space around it.
    fn from_str(text: &str) -> Result<Self, NoName> {
        let name = text.trim();
        let fits = (1..=MOST).contains(&name.chars().count());
        if fits && !name.contains(char::is_control) {
            Ok(Self(name.to_owned()))
        } else {
            Err(NoName)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_that_fits() {
        for name in ["e-paper", "Küche 🪴", &"ö".repeat(64), "<b>", "a\u{a0}b"] {
            assert_eq!(name.parse::<Name>().unwrap().as_str(), name);
        }
        assert_eq!("  the kitchen\n".parse::<Name>().unwrap().as_str(), "the kitchen");
        for none in ["", " \u{2003}\t", &"ö".repeat(65), "a\nb", "a\0b", "a\u{7f}"] {
            assert_eq!(none.parse::<Name>(), Err(NoName), "{none:?}");
        }
    }
}
