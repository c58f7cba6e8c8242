//! What a letter looks like: as plain words, and in HTML as the page looks.

use std::time::SystemTime;

use html_escape::{encode_double_quoted_attribute as attribute, encode_text as text};
use kernel::Timestamp;
use lettre::{
    Address, Message,
    error::Error,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
};

use crate::text::line;

/// The longest subject and line, in characters.
const MOST_SUBJECT: usize = 120;
const MOST_LINE: usize = 240;

/// A letter. What it says may be anybody's: it is made fit for a line, and for HTML.
pub(super) struct Letter {
    subject: String,
    /// A quiet line above the sentence; may be empty.
    above: String,
    /// The sentence.
    says: String,
    /// A quiet line below it; may be empty.
    below: String,
    /// What each way out is called, and where it leads.
    pub(super) ways: Vec<(&'static str, String)>,
    /// Where letters are ended.
    pub(super) stop: Option<String>,
}

/// How a letter is sent.
pub(super) struct Envelope<'a> {
    pub(super) from: &'a Mailbox,
    pub(super) to: &'a Address,
    pub(super) at: Timestamp,
    /// The same, however often it is sent: who has it already knows it again (RFC 5322, section 3.6.4).
    pub(super) message_id: String,
}

impl Letter {
    pub(super) fn new(subject: &str, says: &str, below: &str) -> Self {
        Self {
            subject: line(subject, MOST_SUBJECT),
            above: String::new(),
            says: line(says, MOST_LINE),
            below: line(below, MOST_LINE),
            ways: Vec::new(),
            stop: None,
        }
    }

    /// The same under a quiet line.
    pub(super) fn under(self, above: &str) -> Self {
        Self { above: line(above, MOST_LINE), ..self }
    }

    /// As it is sent. A mail program can end letters by one touch (RFC 2369, RFC 8058), and no machine answers them
    /// (RFC 3834).
    pub(super) fn message(&self, envelope: Envelope<'_>) -> Result<Message, Error> {
        let Envelope { from, to, at, message_id } = envelope;
        let mut message = Message::builder()
            .from(from.clone())
            .to(Mailbox::new(None, to.clone()))
            .subject(&self.subject)
            .date(SystemTime::from(at))
            .message_id(Some(message_id))
            .raw_header(raw("Auto-Submitted", "auto-generated"));
        if let Some(stop) = &self.stop {
            message = message
                .raw_header(raw("List-Unsubscribe", &format!("<{stop}>")))
                .raw_header(raw("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"));
        }
        message.multipart(MultiPart::alternative_plain_html(self.plain(), self.html()))
    }

    fn plain(&self) -> String {
        let lines = [&self.above, &self.says, &self.below];
        let said = lines.into_iter().filter(|line| !line.is_empty()).cloned();
        let ways = self.ways.iter().map(|(label, url)| format!("{label}: {url}"));
        let stop = self.stop.iter().map(|url| format!("No more letters: {url}"));
        said.chain(ways).chain(stop).collect::<Vec<_>>().join("\n\n") + "\n"
    }

    fn html(&self) -> String {
        let quiet = |line: &str| match line {
            "" => String::new(),
            line => format!(r#"<p style="margin:0 0 16px;color:#8a8a8a">{}</p>"#, text(line)),
        };
        let ways = self.ways.iter().map(|(label, url)| {
            format!(
                r#"<a href="{}" style="display:inline-block;margin:0 24px 16px 0;color:#ededed">{label}</a>"#,
                attribute(url)
            )
        });
        let stop = self.stop.iter().map(|url| {
            format!(
                r#"<p style="margin:48px 0 0;font-size:14px"><a href="{}" style="color:#8a8a8a">No more letters</a></p>"#,
                attribute(url)
            )
        });
        format!(
            r##"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="dark">
<title>{subject}</title>
</head>
<body bgcolor="#000000" style="margin:0;background:#000;color:#ededed;font:17px/1.5 system-ui,sans-serif">
<div style="max-width:34em;margin:0 auto;padding:64px 24px">
{above}
<h1 style="margin:0 0 16px;font-size:26px;line-height:1.3;font-weight:400">{says}</h1>
{below}
<p style="margin:32px 0 0">{ways}</p>
{stop}
</div>
</body>
</html>
"##,
            subject = text(&self.subject),
            above = quiet(&self.above),
            says = text(&self.says),
            below = quiet(&self.below),
            ways = ways.collect::<String>(),
            stop = stop.collect::<String>(),
        )
    }
}

/// A header of which all is ours: it needs no encoding, and may not be folded.
fn raw(name: &'static str, value: &str) -> HeaderValue {
    let name = HeaderName::new_from_ascii_str(name);
    HeaderValue::dangerous_new_pre_encoded(name, value.to_owned(), value.to_owned())
}

#[cfg(test)]
mod tests;
