//! The page in plain data: what the server draws, and the few words that go back and forth.

mod hours;
mod letters;
mod notices;
mod settings;

use serde::{Deserialize, Serialize};

pub use hours::{DAYS, Hours, SnoozeTimes};
pub use letters::{Came, Letters, Mailbox, RHYTHMS, Wish};
pub use notices::{Noticed, Notices, Thought};
pub use settings::{
    Access, Calendar, CalendarTrouble, Connection, Consent, Device, HISTORY_DAYS, Permission,
    Saved, Settings, Token, TokenForm, WayIn,
};

/// What the tip page shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// The scene in the middle.
    pub scene: Scene,
    /// What the person did just now, while it can still be taken back.
    pub just_done: Option<JustDone>,
    /// A quiet line about something that did not go as meant.
    pub notice: Option<Notice>,
}

/// The scene in the middle of the tip page.
#[derive(Clone, Debug, PartialEq)]
pub enum Scene {
    /// Signed in, and not yet asked what oO may do.
    Unasked,
    /// Signed in, and oO may not read the tasks.
    NotAllowed,
    /// Signed in, and no connector is connected.
    NotConnected,
    /// Signed in, and this oO has no connector that could be.
    NoConnector,
    /// The tasks are being fetched, and it takes longer than a page may.
    Loading,
    /// One tip.
    Tip(Tip),
    /// Nothing to say at the moment.
    Nothing,
    /// The tasks cannot be read, and there is no tip to show meanwhile.
    Trouble(Trouble),
    /// The page had begun when something went wrong: it tells what the error page would.
    Mishap(Mishap),
}

/// One tip, ready to be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Tip {
    /// The tip's identifier.
    pub id: String,
    /// The idempotency key of this rendering: it goes back with the reaction.
    pub key: String,
    /// Task or advice.
    pub kind: TipKind,
    /// The sentence.
    pub text: String,
    /// The quiet line below it, such as "due yesterday · 10 min"; may be empty.
    pub context: String,
    /// "Why this?", in plain words.
    pub reasons: Vec<String>,
    /// Whether the next evening is today's.
    pub evening_is_today: bool,
    /// "Later" is so many hours away.
    pub later_hours: u8,
}

/// Where a tip comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TipKind {
    /// A task of the person's own.
    Todo,
    /// A piece of advice.
    Advice,
}

/// A reaction, as the page names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reaction {
    /// It is done.
    Done,
    /// Not now.
    Snooze,
    /// Not this.
    Dismiss,
}

/// How long a tip sleeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Snooze {
    /// The default: a few hours, still today where today is long enough.
    #[default]
    Later,
    /// This evening.
    Evening,
    /// Tomorrow morning.
    Tomorrow,
    /// The morning of next Monday.
    NextWeek,
}

/// A reaction that can still be taken back.
#[derive(Clone, Debug, PartialEq)]
pub struct JustDone {
    /// The tip that was answered.
    pub tip_id: String,
    /// How it was answered.
    pub reaction: Reaction,
    /// For how many milliseconds more it can be taken back.
    pub undo_millis: u32,
    /// When a snoozed tip comes back, in words ("tomorrow morning"); empty otherwise.
    pub until: String,
}

/// Something that did not go as meant, told in one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Another page of this person answered the tip first.
    AnsweredElsewhere,
    /// The tip is gone: expired, or its task was finished, changed or deleted.
    TipGone,
    /// This rendering was answered already, and differently.
    KeyReused,
    /// Too late to take it back.
    UndoTooLate,
    /// The tasks could not be refreshed; what is shown may be old.
    Stale(Trouble),
    /// The request did not get through; nothing is lost, and pressing again is safe.
    Failed,
}

impl Notice {
    /// The notices that a page without scripts is sent back with, in `/?notice=…`.
    const CODES: [(&str, Self); 5] = [
        ("answered-elsewhere", Self::AnsweredElsewhere),
        ("tip-gone", Self::TipGone),
        ("key-reused", Self::KeyReused),
        ("undo-too-late", Self::UndoTooLate),
        ("failed", Self::Failed),
    ];

    /// The word that stands for this notice in an address; none for those that the next page tells
    /// by itself.
    pub fn code(self) -> Option<&'static str> {
        Self::CODES.into_iter().find(|(_, notice)| *notice == self).map(|(code, _)| code)
    }

    /// The notice that a word in an address stands for.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::CODES.into_iter().find(|(known, _)| *known == code).map(|(_, notice)| notice)
    }
}

/// Why the tasks cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Todoist no longer accepts our access: the person has to connect again.
    Reconnect,
    /// Todoist asked us to wait.
    Throttled,
    /// Todoist cannot be reached or answers with errors.
    Unavailable,
    /// Todoist answered with something that is not its protocol.
    Garbled,
}

/// What the sign-in page offers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignInOptions {
    /// The demo account's button "Look around".
    pub demo: bool,
    /// The ways in.
    pub doors: Vec<Door>,
}

/// A way in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Door {
    /// Its name in addresses.
    pub key: String,
    /// What the button says: "Continue with …".
    pub label: String,
}

/// Why a server function has no answer. It is all that leaves the server: the cause stays in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Failure {
    /// Nobody is signed in.
    SignedOut,
    /// The request is not one that this page sends.
    Malformed,
    /// It is about something that is not there, or not this person's.
    Unknown,
    /// It is our fault.
    Internal,
}

/// What the error page tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mishap {
    /// There is no such page.
    NotFound,
    /// The request came from another site, or without what the page sends along.
    Refused,
    /// It is our fault.
    Internal,
    /// The database or oO itself is not ready.
    Unavailable,
    /// It was asked for too often.
    TooOften,
    /// Signing in did not end well.
    SignIn(DoorTrouble),
    /// Connecting Todoist did not end well.
    Connect(DoorTrouble),
}

/// Why a visit to a provider did not end well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DoorTrouble {
    /// The person said no over there.
    Cancelled,
    /// It took too long, or began in another browser.
    Expired,
    /// The provider refused, or answered with something else than agreed.
    Provider,
    /// The provider cannot be reached.
    Unreachable,
    /// Nobody new is let in.
    Closed,
}
