//! What a note says. Its JSON is read by oO's service worker, and by browsers that need none: it is a declarative
//! push message too (Push API, "declarative push message"; Safari 18.4).

use std::{fmt, str::FromStr};

use kernel::UserId;
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use crate::text::line;

/// The longest title and body, in characters. Systems show about half of that.
const MOST_TITLE: usize = 120;
const MOST_BODY: usize = 240;

/// The longest path, in bytes.
const MOST_PATH: usize = 256;

/// A note is made as long as the next multiple of this, in bytes: its length tells little to the service.
const STEP: usize = 512;

/// What a note says, and where it leads.
#[derive(Clone, PartialEq, Eq)]
pub struct Note {
    title: String,
    body: String,
    navigate: Navigate,
    about: Option<About>,
}

/// What a note is about: by it, an answer comes back from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct About {
    /// The tip. A later note about it takes the place of an earlier one.
    pub tip_id: Uuid,
    /// The idempotency key of an answer that is given on the note.
    pub key: Uuid,
    /// Whose tip it is: whoever is signed in by then may be somebody else.
    pub person: UserId,
}

/// A path on oO itself: where a touch leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Navigate(String);

/// Not a path on oO.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a path such as /settings")]
pub struct NoPath;

impl Note {
    /// Says `title` and `body`, which may be anybody's: what cannot be seen is left out of them, and what is too long
    /// is cut, between two characters as people see them.
    pub fn new(title: &str, body: &str, navigate: Navigate, about: About) -> Self {
        Self { about: Some(about), ..Self::plain(title, body, navigate) }
    }

    /// The same about nothing: there is nothing to answer.
    pub fn plain(title: &str, body: &str, navigate: Navigate) -> Self {
        let (title, body) = (line(title, MOST_TITLE), line(body, MOST_BODY));
        Self { title, body, navigate, about: None }
    }

    /// The title, as it is shown.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The body, as it is shown.
    pub fn body(&self) -> &str {
        &self.body
    }

    /// JSON, with blanks at its end up to the next multiple of 512 bytes; 2,560 at the most.
    pub(super) fn to_plaintext(&self) -> String {
        let Self { title, body, navigate, about } = self;
        let mut note = json!({
            "web_push": 8030,
            "notification": { "title": title, "body": body, "navigate": navigate },
        });
        if let Some(about) = about {
            note["notification"]["tag"] = json!(about.tip_id);
            note["notification"]["actions"] = json!([
                { "action": "done", "title": "Done" },
                { "action": "snooze", "title": "Later" },
            ]);
            note["oo"] = json!(about);
        }
        let mut text = note.to_string();
        let padding = text.len().next_multiple_of(STEP) - text.len();
        text.extend(std::iter::repeat_n(' ', padding));
        text
    }
}

impl Navigate {
    /// The first page.
    pub fn home() -> Self {
        Self("/".to_owned())
    }
}

impl FromStr for Navigate {
    type Err = NoPath;

    /// A path, with a query if need be; what a browser would take for another site's address is refused.
    fn from_str(text: &str) -> Result<Self, NoPath> {
        let is_path = text.starts_with('/') && !text.starts_with("//");
        let is_plain =
            text.bytes().all(|byte| byte.is_ascii_graphic() && !br#""\<>"#.contains(&byte));
        if is_path && is_plain && text.len() <= MOST_PATH {
            Ok(Self(text.to_owned()))
        } else {
            Err(NoPath)
        }
    }
}

impl fmt::Debug for Note {
    /// Without a word of it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Note")
            .field("tip_id", &self.about.map(|about| about.tip_id))
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
