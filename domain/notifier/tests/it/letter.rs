//! A letter, as whoever reads it sees it.

use mail_parser::MessageParser;
use testkit::mail;

/// What matters of it.
#[derive(Debug)]
pub(crate) struct Letter {
    pub(crate) to: Vec<String>,
    pub(crate) subject: String,
    /// In plain words.
    pub(crate) plain: String,
    pub(crate) html: String,
    raw: String,
}

impl Letter {
    pub(crate) fn read(letter: &mail::Letter) -> Self {
        let read = MessageParser::default().parse(&letter.raw).unwrap();
        Self {
            to: letter.to.clone(),
            subject: read.subject().unwrap().to_owned(),
            plain: read.body_text(0).unwrap().replace("\r\n", "\n"),
            html: read.body_html(0).unwrap().into_owned(),
            raw: letter.raw.clone(),
        }
    }

    /// A header as it was sent, unfolded.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let head = self.raw.split("\r\n\r\n").next()?.replace("\r\n ", " ");
        let line = head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        line.map(str::to_owned)
    }

    /// What of a link tells what it asks for.
    pub(crate) fn link(&self, label: &str) -> String {
        let line = self.plain.lines().find_map(|line| line.strip_prefix(label)?.strip_prefix(": "));
        let url = line.unwrap_or_else(|| panic!("no link {label} in: {}", self.plain));
        url.strip_prefix("https://oo.example.org/mail/").unwrap().to_owned()
    }
}
