//! Whether what a model wrote may stand on the page. It is a stranger's text: what is not plainly fit is refused.

use std::{
    collections::HashSet,
    fmt,
    hash::{DefaultHasher, Hash, Hasher},
};

use kernel::text::{is_invisible, is_joiner, is_stacking, is_variant};
use regex::Regex;
use whatlang::{Detector, Lang};

use crate::{
    Harm, IdeaKind, Safety, SafetyError, Situation,
    answer::{Draft, drafts},
    model::ModelError,
    near::Sketch,
    prompt::Prompt,
};

/// The longest text, in characters.
pub(crate) const MOST_CHARS: usize = 200;

/// The longest that a tip of a model may take, in minutes.
const MOST_MINUTES: u16 = 30;

/// What leads away from the page, or reads as if it did: links, addresses of any kind, numbers to call.
const LINK: &str = r"(?i)\b[a-z][a-z0-9+.-]*:/|\b(?:mailto|javascript|data|tel|file):|\bwww\.|@[\w-]+|\b[\w-]+[.。．｡]\p{L}{2,}\b|\b\d{1,3}(?:\.\d{1,3}){3}\b|\d(?:[\s()/.\p{Pd}]{0,3}\d){6}";

/// Signs that mean something to Markdown, HTML or a template.
const MARKUP: [char; 15] =
    ['<', '>', '[', ']', '{', '}', '`', '*', '_', '|', '\\', '#', '~', '^', '\u{fffd}'];

/// What is said of the question instead of answering it.
const ECHO: &str = r"(?i)\b(?:ignore|disregard|forget)\b.{0,40}\b(?:previous|prior|above|earlier|instructions?|prompts?|rules?)\b|\bsystem (?:prompt|message)\b|\bas an? (?:ai|assistant|language model)\b|\b(?:language model|json|task_?ref|user message|candidates?)\b|\bi(?:['’]m| am) (?:sorry|unable)\b|\bi can(?:not|['’]t)\b|\boO\b";

/// Marks on one letter, at most: what languages need.
const MOST_STACKED: u8 = 2;

/// So many words in a row of the prompt are an echo of it.
const ECHO_WORDS: usize = 6;

/// Languages that English is told from, where English is expected.
const OTHERS: [Lang; 9] = [
    Lang::Deu,
    Lang::Fra,
    Lang::Spa,
    Lang::Ita,
    Lang::Por,
    Lang::Nld,
    Lang::Pol,
    Lang::Swe,
    Lang::Eng,
];

/// Words that no other language has, one of which is in most sentences: where one is, nothing needs to be counted.
const ENGLISH: [&str; 16] = [
    "the",
    "your",
    "you",
    "with",
    "what",
    "then",
    "that",
    "this",
    "from",
    "it",
    "for",
    "one",
    "down",
    "would",
    "before",
    "something",
];

/// Why a candidate is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// It is not of the schema.
    Malformed,
    /// No kind that was asked for.
    UnknownKind,
    /// It names a task that was not sent, or none where there has to be one.
    UnknownTask,
    /// There is nothing to read.
    Empty,
    /// It is longer than a tip is, or takes longer.
    TooLong,
    /// It has control characters, changes direction, or hides something.
    Invisible,
    /// It has markup.
    Markup,
    /// It has a link, or an address.
    Link,
    /// It repeats its instructions, or speaks of itself.
    Echo,
    /// It is in another language than the person's.
    Language,
    /// It is unsafe.
    Unsafe(Harm),
    /// It says nearly what was shown before, or another one says.
    Near,
}

impl Refusal {
    /// Its name where refusals are counted.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Malformed => "refused_malformed",
            Self::UnknownKind => "refused_kind",
            Self::UnknownTask => "refused_task",
            Self::Empty => "refused_empty",
            Self::TooLong => "refused_too_long",
            Self::Invisible => "refused_invisible",
            Self::Markup => "refused_markup",
            Self::Link => "refused_link",
            Self::Echo => "refused_echo",
            Self::Language => "refused_language",
            Self::Unsafe(Harm::Medical) => "refused_medical",
            Self::Unsafe(Harm::Legal) => "refused_legal",
            Self::Unsafe(Harm::Financial) => "refused_financial",
            Self::Unsafe(Harm::Harmful) => "refused_harmful",
            Self::Near => "refused_near",
        }
    }
}

/// A candidate that is fit to stand on the page.
#[derive(Clone, PartialEq)]
pub struct Fit {
    /// Its kind.
    pub kind: IdeaKind,
    /// What is read: one line of at most 200 characters, without markup, links and what cannot be seen.
    pub text: String,
    /// The id of the task that it is about.
    pub task: Option<String>,
    /// How long it takes, in minutes.
    pub minutes: Option<u16>,
    pub(crate) sketch: Sketch,
}

impl fmt::Debug for Fit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fit").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// What every text is held against.
pub(crate) struct Rules {
    link: Regex,
    echo: Regex,
    safety: Safety,
}

/// The rules cannot be read; a test reads them.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// An expression is none.
    #[error("an expression cannot be read")]
    Expression(#[from] regex::Error),
    /// The lists of what is unsafe.
    #[error(transparent)]
    Safety(#[from] SafetyError),
}

impl Rules {
    pub(crate) fn new() -> Result<Self, RulesError> {
        let (link, echo) = (Regex::new(LINK)?, Regex::new(ECHO)?);
        Ok(Self { link, echo, safety: Safety::shipped()? })
    }

    pub(crate) fn safety(&self) -> &Safety {
        &self.safety
    }

    /// The candidates of an answer that are fit, and why the others are not.
    ///
    /// # Errors
    /// When it is no answer at all.
    pub(crate) fn check(
        &self,
        content: &str,
        prompt: &Prompt,
        situation: &Situation,
    ) -> Result<(Vec<Fit>, Vec<Refusal>), ModelError> {
        let asked = Asked {
            rules: self,
            situation,
            language: Spoken::new(situation.language()),
            prompt: windows(&prompt.system).collect(),
        };
        let (mut fit, mut refused) = (Vec::new(), Vec::new());
        for draft in drafts(content)? {
            match draft.ok_or(Refusal::Malformed).and_then(|draft| asked.fit(&draft)) {
                Ok(one) => fit.push(one),
                Err(why) => refused.push(why),
            }
        }
        Ok((fit, refused))
    }
}

/// What the candidates of one answer are held against.
struct Asked<'a> {
    rules: &'a Rules,
    situation: &'a Situation,
    language: Spoken,
    /// [`windows`] of the prompt.
    prompt: HashSet<u64>,
}

impl Asked<'_> {
    fn fit(&self, draft: &Draft) -> Result<Fit, Refusal> {
        let kind = IdeaKind::named(&draft.kind).ok_or(Refusal::UnknownKind)?;
        let task = match draft.task_ref.as_deref() {
            Some(told) => Some(self.situation.task(told).ok_or(Refusal::UnknownTask)?.to_owned()),
            None if kind == IdeaKind::Step => return Err(Refusal::UnknownTask),
            None => None,
        };
        if draft.minutes.is_some_and(|minutes| minutes > MOST_MINUTES) {
            return Err(Refusal::TooLong);
        }
        let text = draft.text.trim();
        self.text(text)?;
        let minutes = draft.minutes.filter(|minutes| *minutes > 0);
        Ok(Fit { kind, text: text.to_owned(), task, minutes, sketch: Sketch::of(text) })
    }

    fn text(&self, text: &str) -> Result<(), Refusal> {
        let hides = |char: char| {
            char.is_control() || is_invisible(char) || is_joiner(char) || is_variant(char)
        };
        let is_stacked = || {
            let marks = text.chars().map(is_stacking);
            marks.fold((0, false), |(run, found), mark| {
                let run = if mark { run + 1 } else { 0 };
                (run, found || run > MOST_STACKED)
            })
        };
        if text.chars().nth(MOST_CHARS).is_some() {
            Err(Refusal::TooLong)
        } else if text.contains(hides) || is_stacked().1 {
            Err(Refusal::Invisible)
        } else if !text.contains(char::is_alphabetic) {
            Err(Refusal::Empty)
        } else if text.contains(MARKUP) || is_entity(text) {
            Err(Refusal::Markup)
        } else if self.rules.link.is_match(text) {
            Err(Refusal::Link)
        } else if self.rules.echo.is_match(text)
            || windows(text).any(|window| self.prompt.contains(&window))
        {
            Err(Refusal::Echo)
        } else if !self.language.admits(text) {
            Err(Refusal::Language)
        } else {
            self.rules.safety.harm(text).map_or(Ok(()), |harm| Err(Refusal::Unsafe(harm)))
        }
    }
}

/// Whether a character is spelled out, as in HTML.
fn is_entity(text: &str) -> bool {
    let name = |rest: &str| rest.split(';').next().map(str::len);
    text.split('&').skip(1).any(|rest| {
        let is_name = rest.starts_with(|char: char| char.is_ascii_alphanumeric());
        is_name && rest.contains(';') && name(rest).is_some_and(|length| length < 10)
    })
}

/// Each run of [`ECHO_WORDS`] words, as a number.
fn windows(text: &str) -> impl Iterator<Item = u64> {
    let hash = |hashed: &dyn Fn(&mut DefaultHasher)| {
        let mut hasher = DefaultHasher::new();
        hashed(&mut hasher);
        hasher.finish()
    };
    let words = text.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<u64> = words
        .map(|word| {
            let letters = || word.chars().flat_map(char::to_lowercase);
            hash(&|hasher| letters().for_each(|letter| letter.hash(hasher)))
        })
        .collect();
    let windows: Vec<u64> =
        words.windows(ECHO_WORDS).map(|window| hash(&|hasher| window.hash(hasher))).collect();
    windows.into_iter()
}

/// The language of a person. Whoever speaks another one may still get a word of English: titles are mixed.
struct Spoken {
    language: Lang,
    detector: Detector,
}

impl Spoken {
    fn new(language: Lang) -> Self {
        let among = if language == Lang::Eng { OTHERS.to_vec() } else { vec![language, Lang::Eng] };
        Self { language, detector: Detector::with_allowlist(among) }
    }

    /// Whether `text` may be in it: a few words do not tell, another script does.
    fn admits(&self, text: &str) -> bool {
        if self.language == Lang::Eng && is_plainly_english(text) {
            return true;
        }
        let found = self.detector.detect(text);
        found.is_some_and(|found| found.lang() == self.language || !found.is_reliable())
    }
}

fn is_plainly_english(text: &str) -> bool {
    let known = |word: &str| ENGLISH.iter().any(|known| known.eq_ignore_ascii_case(word));
    text.is_ascii() && text.split(|char: char| !char.is_ascii_alphabetic()).any(known)
}

#[cfg(test)]
mod tests;
