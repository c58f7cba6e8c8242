//! What oO does not say, and when it keeps silent.
//!
//! Two questions are asked of a short text: whether a person's own words have signs of crisis, and whether a
//! generated text could harm. Both are answered by lists of phrases, a file a language (`safety/*.toml`);
//! docs/safety.md tells what comes of the answers, and what a list cannot do.

mod dictionary;
mod lexicon;
mod phrase;
mod words;

use serde::Deserialize;

use dictionary::Dictionary;
use lexicon::{Lexicon, Lists, Text};
use words::{Reading, Words};

/// The lists, a file a language.
const FILES: [&str; 8] = [
    include_str!("../safety/en.toml"),
    include_str!("../safety/de.toml"),
    include_str!("../safety/fr.toml"),
    include_str!("../safety/es.toml"),
    include_str!("../safety/it.toml"),
    include_str!("../safety/pt.toml"),
    include_str!("../safety/nl.toml"),
    include_str!("../safety/pl.toml"),
];

/// A sign of crisis: suicide, self-harm, abuse and danger, an eating disorder; the stronger one is first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sign {
    /// Somebody speaks of themselves: "kill myself", "he hit me again".
    Own,
    /// The subject is there: "essay on suicide prevention".
    Topic,
}

/// How a generated text could harm; what weighs most is first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Harm {
    /// It leads to something dangerous, against the law or cruel.
    Harmful,
    /// It states medical advice as fact.
    Medical,
    /// It states legal advice as fact.
    Legal,
    /// It states financial advice as fact.
    Financial,
}

/// The lists that ship with oO, made ready once: a question takes microseconds.
#[derive(Debug)]
pub struct Safety {
    dictionary: Dictionary,
    signs: Lexicon<Sign>,
    harms: Lexicon<Harm>,
}

/// A file is not a list of phrases.
#[derive(Debug, thiserror::Error)]
pub enum SafetyError {
    /// It is no TOML of the known form.
    #[error("the lists of safety cannot be read")]
    File(#[from] toml::de::Error),
    /// A phrase is not written as phrases are.
    #[error("the lists of safety have a phrase that cannot be read: {0}")]
    Phrase(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Language {
    #[serde(default)]
    words: phrase::Sets,
    signs: Signs,
    #[serde(default)]
    harms: Harms,
}

/// A phrase a line; `not` are those that only look like one.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Signs {
    own: String,
    topic: String,
    not: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Harms {
    harmful: String,
    medical: String,
    legal: String,
    financial: String,
    not: String,
}

impl Safety {
    /// The lists that ship with oO.
    ///
    /// # Errors
    /// When a file is damaged; a test reads them.
    pub fn shipped() -> Result<Self, SafetyError> {
        let mut dictionary = Dictionary::new();
        let (mut signs, mut harms) = (Lists::default(), Lists::default());
        for file in FILES {
            let Language { words, signs: s, harms: h } = toml::from_str(file)?;
            for (sign, list) in
                [(Some(Sign::Own), s.own), (Some(Sign::Topic), s.topic), (None, s.not)]
            {
                signs.add(sign, &list, &words, &mut dictionary)?;
            }
            for (harm, list) in [
                (Some(Harm::Harmful), h.harmful),
                (Some(Harm::Medical), h.medical),
                (Some(Harm::Legal), h.legal),
                (Some(Harm::Financial), h.financial),
                (None, h.not),
            ] {
                harms.add(harm, &list, &words, &mut dictionary)?;
            }
        }
        let signs = Lexicon::new(signs, &dictionary)?;
        let harms = Lexicon::new(harms, &dictionary)?;
        Ok(Self { dictionary, signs, harms })
    }

    /// The strongest sign of crisis in a person's own words, such as the title of a task.
    pub fn sign(&self, text: &str) -> Option<Sign> {
        self.signs.find(&self.text(text, Reading::Person))
    }

    /// How a generated text could harm. What has a sign of crisis is harmful too: it is not for oO to say.
    pub fn harm(&self, text: &str) -> Option<Harm> {
        let text = self.text(text, Reading::Model);
        self.harms.find(&text).or_else(|| self.signs.find(&text).map(|_| Harm::Harmful))
    }

    fn text(&self, text: &str, reading: Reading) -> Text {
        Text::new(&Words::read(text, reading), &self.dictionary)
    }
}
