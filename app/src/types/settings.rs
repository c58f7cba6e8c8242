//! What the settings, and the pages beside them, are drawn from.

use super::{Door, Hours, Letters, Notices, SnoozeTimes};

/// What the settings page shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Whether Todoist is connected, and with which right.
    pub todoist: Connection,
    /// Whether a calendar is connected.
    pub calendar: Calendar,
    /// What oO may do, all of it.
    pub consents: Vec<Consent>,
    /// When oO may speak up by itself.
    pub hours: Hours,
    /// When a snoozed tip comes back.
    pub snooze_times: SnoozeTimes,
    /// Where oO speaks up, and when it thought of it.
    pub notices: Notices,
    /// Where it writes letters.
    pub letters: Letters,
    /// Whether single keys act on this device (WCAG 2.1.4).
    pub keys: bool,
    /// The person's IANA time zone.
    pub time_zone: String,
    /// Whether it was chosen by hand. Else it follows the person's devices.
    pub time_zone_chosen: bool,
    /// For how many days history is kept: one of [`HISTORY_DAYS`].
    pub history_days: Option<i16>,
    /// What leads to the person's account.
    pub access: Access,
    /// What scripts speak for them with, the newest first.
    pub tokens: Vec<Token>,
    /// What a new one can be.
    pub token_form: TokenForm,
}

/// A token of the person's, without the token itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The handle that goes back with the form.
    pub id: String,
    /// What they call it.
    pub name: String,
    /// What it may do.
    pub may: Vec<Permission>,
    /// Such as "used yesterday".
    pub used: String,
    /// Such as "ends in 30 days".
    pub ends: String,
}

/// What a new token can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenForm {
    /// For how many days it may live.
    pub days: Vec<u16>,
    /// For how many it does, unless another number is chosen.
    pub usual: u16,
}

/// What a token may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// See the tip that is open.
    ReadTip,
    /// Ask for a tip, and answer it.
    AnswerTips,
    /// See whose token it is.
    ReadMe,
}

impl Permission {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::ReadTip, Self::AnswerTips, Self::ReadMe];

    /// The scope that stands for it, in forms and for scripts.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ReadTip => "tip:read",
            Self::AnswerTips => "tip:write",
            Self::ReadMe => "me:read",
        }
    }
}

/// Something that oO does only if the person allows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// The name that goes back with the form.
    pub name: String,
    /// Whether it is allowed.
    pub given: bool,
    /// Since when, such as "21 November 2026"; empty where it was not asked yet.
    pub since: String,
}

/// For how many days history can be kept; none: no end.
pub const HISTORY_DAYS: [Option<i16>; 4] = [Some(30), Some(90), Some(365), None];

/// What leads to a person's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// Their ways in, the oldest first.
    pub ways_in: Vec<WayIn>,
    /// Further ways in that they could add.
    pub doors: Vec<Door>,
    /// Where they are signed in.
    pub devices: Vec<Device>,
    /// Whether they run this oO.
    pub is_owner: bool,
}

/// A way in that a person has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WayIn {
    /// The handle that goes back with the form.
    pub id: String,
    /// Who vouches, such as "Google".
    pub name: String,
    /// What the person may recognise it by, such as "an…@ex…"; may be empty.
    pub hint: String,
}

/// A device on which a person is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// The handle that goes back with the form.
    pub id: String,
    /// Such as "Firefox on Linux".
    pub name: String,
    /// Such as "used yesterday".
    pub used: String,
    /// Whether it is this one.
    pub is_current: bool,
}

/// The state of the Todoist connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connection {
    /// Not connected, and not to be: this oO is no client of Todoist's.
    Impossible,
    /// Not connected.
    None,
    /// Connected, and may read.
    Read,
    /// Connected, and may write.
    ReadWrite,
    /// Connected once, and refused now.
    Broken,
}

/// The state of the calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Calendar {
    /// Not connected, and not to be: this oO keeps no secrets.
    Impossible,
    /// Not connected.
    None,
    /// Connected, at this host.
    Active(String),
    /// Connected once, at this host, and not there any more; its host may be lost, too.
    Broken(String),
}

/// Why a calendar could not be connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalendarTrouble {
    /// It is not an address.
    NotAnAddress,
    /// It is one that oO does not go to.
    NotAllowed,
    /// Nobody answers there.
    Unreachable,
    /// There is none at it.
    NotThere,
    /// There is something else at it.
    NotACalendar,
    /// There is too much at it.
    TooLarge,
}

/// A quiet line on the settings page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    /// The change is in force.
    Saved,
    /// There is no such time zone.
    UnknownZone,
    /// Those are no hours to speak up in.
    BadHours,
    /// A snooze cannot end then.
    BadSnooze,
    /// It could not be saved.
    Failed,
    /// There is one more way in.
    Linked,
    /// That way in is somebody else's.
    Taken,
    /// A way in is the last one, and stays.
    LastWayIn,
    /// A device is signed out.
    SignedOut,
    /// A token is revoked.
    Revoked,
    /// A token needs a name, and something that it may do.
    NoToken,
    /// There are as many tokens as there may be.
    TooManyTokens,
    /// A browser was not signed up: what it is reached by is not at a push service that oO knows.
    NoSubscription,
    /// There are as many browsers with notifications as there may be.
    TooManyDevices,
    /// A word to try a browser out is on its way.
    PushSent,
    /// A browser takes no notifications any more.
    PushGone,
    /// Its push service takes nothing at the moment.
    PushLater,
    /// That is no address to write to.
    NoAddress,
    /// A letter is on its way.
    LetterSent,
    /// There is nobody of that address.
    LetterGone,
    /// The mail server takes nothing at the moment.
    LetterLater,
    /// A calendar could not be connected.
    NoCalendar(CalendarTrouble),
}

impl Saved {
    /// The word that stands for it in `/settings?notice=…`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Saved => "saved",
            Self::UnknownZone => "unknown-zone",
            Self::BadHours => "bad-hours",
            Self::BadSnooze => "bad-snooze",
            Self::Failed => "failed",
            Self::Linked => "linked",
            Self::Taken => "taken",
            Self::LastWayIn => "last-way-in",
            Self::SignedOut => "signed-out",
            Self::Revoked => "revoked",
            Self::NoToken => "no-token",
            Self::TooManyTokens => "too-many-tokens",
            Self::NoSubscription => "no-subscription",
            Self::TooManyDevices => "too-many-devices",
            Self::PushSent => "push-sent",
            Self::PushGone => "push-gone",
            Self::PushLater => "push-later",
            Self::NoAddress => "no-address",
            Self::LetterSent => "letter-sent",
            Self::LetterGone => "letter-gone",
            Self::LetterLater => "letter-later",
            Self::NoCalendar(CalendarTrouble::NotAnAddress) => "calendar-no-address",
            Self::NoCalendar(CalendarTrouble::NotAllowed) => "calendar-not-allowed",
            Self::NoCalendar(CalendarTrouble::Unreachable) => "calendar-unreachable",
            Self::NoCalendar(CalendarTrouble::NotThere) => "calendar-not-there",
            Self::NoCalendar(CalendarTrouble::NotACalendar) => "calendar-something-else",
            Self::NoCalendar(CalendarTrouble::TooLarge) => "calendar-too-large",
        }
    }

    /// What a word in an address stands for.
    pub fn from_code(code: &str) -> Option<Self> {
        const ALL: [Saved; 27] = [
            Saved::Saved,
            Saved::UnknownZone,
            Saved::BadHours,
            Saved::BadSnooze,
            Saved::Failed,
            Saved::Linked,
            Saved::Taken,
            Saved::LastWayIn,
            Saved::SignedOut,
            Saved::Revoked,
            Saved::NoToken,
            Saved::TooManyTokens,
            Saved::NoSubscription,
            Saved::TooManyDevices,
            Saved::PushSent,
            Saved::PushGone,
            Saved::PushLater,
            Saved::NoAddress,
            Saved::LetterSent,
            Saved::LetterGone,
            Saved::LetterLater,
            Saved::NoCalendar(CalendarTrouble::NotAnAddress),
            Saved::NoCalendar(CalendarTrouble::NotAllowed),
            Saved::NoCalendar(CalendarTrouble::Unreachable),
            Saved::NoCalendar(CalendarTrouble::NotThere),
            Saved::NoCalendar(CalendarTrouble::NotACalendar),
            Saved::NoCalendar(CalendarTrouble::TooLarge),
        ];
        ALL.into_iter().find(|saved| saved.code() == code)
    }
}
