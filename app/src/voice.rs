//! The words of the tip page, in one place: every scene becomes a [`Card`].

mod letters;
mod number;

pub use letters::{asked, came, yes};
pub use number::{a_day, capital, in_hours};

use crate::types::{DoorTrouble, JustDone, Mishap, Notice, Reaction, Scene, Tip, TipKind, Trouble};

/// A title card: all that stands in the middle of the page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Card {
    /// What kind of card it is: the style sheet's hook.
    pub kind: &'static str,
    /// How much room the heading needs: the style sheet's hook.
    pub length: &'static str,
    /// The quiet word above the sentence; may be empty.
    pub label: &'static str,
    /// The sentence.
    pub heading: String,
    /// The quiet line below it; may be empty.
    pub context: String,
    /// "Why this?"; may be empty.
    pub reasons: Vec<String>,
    /// The ways out, the best one first; may be empty.
    pub ways: Vec<Way>,
}

/// A way out of a scene: a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    /// Where it leads.
    pub href: &'static str,
    /// What it says.
    pub label: &'static str,
}

const LOOK_AGAIN: Way = Way { href: "/", label: "Look again" };
const RECONNECT: Way = Way { href: "/connect/todoist", label: "Connect again" };
const TRY_AGAIN: &[Way] = &[Way { href: "/", label: "Try again" }];
const BACK: &[Way] = &[Way { href: "/", label: "Back to oO" }];

/// A heading, the quiet line below it, and the ways out.
type Said = (&'static str, &'static str, &'static [Way]);

/// The card of a scene.
pub fn card(scene: &Scene) -> Card {
    let (heading, context, ways): Said = match scene {
        Scene::Tip(tip) => return tip_card(tip),
        Scene::Mishap(what) => mishap(*what),
        Scene::Unasked => (
            "First, what may oO do?",
            "It does nothing until you say so.",
            &[Way { href: "/consents", label: "Decide" }],
        ),
        Scene::NotAllowed => (
            "oO may not read your tasks.",
            "Without them it has nothing to say. You decide in the settings.",
            &[Way { href: "/settings", label: "Settings" }],
        ),
        Scene::NotConnected => (
            "First, somewhere to look.",
            "Connect Todoist, and oO shows you one of your tasks at a time. Their words stay there: \
             oO stores none of them.",
            &[
                Way { href: "/connect/todoist?access=write", label: "Connect Todoist" },
                Way { href: "/connect/todoist?access=read", label: "Connect, read only" },
            ],
        ),
        Scene::NoConnector => (
            "First, somewhere to look.",
            "Todoist is not set up here yet. Whoever runs this oO finds out how in the file .env.example.",
            &[LOOK_AGAIN],
        ),
        Scene::Loading => ("One moment.", "oO is looking through your tasks.", &[LOOK_AGAIN]),
        Scene::Nothing => (
            "Nothing right now.",
            "Nothing needs you at this moment. oO looks again when you come back.",
            &[LOOK_AGAIN],
        ),
        Scene::Trouble(Trouble::Reconnect) => (
            "Todoist no longer lets oO in.",
            "Its permission has expired or was taken back. Nothing is lost.",
            &[RECONNECT],
        ),
        Scene::Trouble(Trouble::Throttled) => (
            "Todoist asks for a pause.",
            "oO asked too often for a moment. It passes by itself within minutes.",
            &[LOOK_AGAIN],
        ),
        Scene::Trouble(Trouble::Unavailable) => (
            "Todoist is out of reach.",
            "It does not answer at the moment. Your tasks are safe there.",
            &[LOOK_AGAIN],
        ),
        Scene::Trouble(Trouble::Garbled) => (
            "Todoist gave an answer that oO cannot read.",
            "It mostly passes by itself. If it stays, it is for oO to mend.",
            &[LOOK_AGAIN],
        ),
    };

    Card {
        kind: if matches!(scene, Scene::Loading) { "loading" } else { "scene" },
        length: length(heading),
        heading: heading.into(),
        context: context.into(),
        ways: ways.into(),
        ..Card::default()
    }
}

fn tip_card(tip: &Tip) -> Card {
    let (kind, label) = match tip.kind {
        TipKind::Todo => ("todo", ""),
        TipKind::Advice => ("advice", "a thought"),
    };

    Card {
        kind,
        length: length(&tip.text),
        label,
        heading: tip.text.clone(),
        context: tip.context.clone(),
        reasons: tip.reasons.clone(),
        ways: Vec::new(),
    }
}

/// A sentence of few words may be set large; the scripts of East Asia take two columns a character.
fn length(text: &str) -> &'static str {
    let columns: usize = text.chars().map(|c| if c >= '\u{2e80}' { 2 } else { 1 }).sum();
    match columns {
        0..=44 => "short",
        45..=110 => "medium",
        _ => "long",
    }
}

/// What a consent is called, and what it is about, by its name. `docs/privacy.md` says the same.
pub fn consent(name: &str) -> (&'static str, &'static str) {
    match name {
        "read_tasks" => (
            "Read your tasks",
            "oO asks Todoist for your open tasks when you look at it, keeps the most urgent in memory for three \
             days at most, and stores none of their words.",
        ),
        "write_tasks" => (
            "Close tasks",
            "What you call done is closed in Todoist too, some seconds later. Nothing else is changed there.",
        ),
        "keep_history" => (
            "Learn from your answers",
            "oO keeps what it proposed and how you answered, in numbers and without words, and learns from it. \
             When you turn this off, all that it has learned is forgotten.",
        ),
        "send_titles" => (
            "Show titles to the language model",
            "The model that this house uses may see titles of your tasks, with addresses, numbers and links taken \
             out, when they are due, and how you answered the last tips. What it writes for you is kept for a day, \
             and for a day after a tip oO may read your tasks again for it. Where none is set up, nothing is sent.",
        ),
        "notify" => (
            "Speak up",
            "oO may send a tip to your devices when you are not looking, and to a mailbox that you name. Where there is neither, nothing is \
             sent.",
        ),
        _ => ("", ""),
    }
}

/// What came of thinking of speaking up, by its name.
pub fn verdict(name: &str) -> &'static str {
    match name {
        "spoke" => "I spoke up.",
        "drew_silence" => "I let the moment pass.",
        "quiet_hours" => "I stayed quiet: your quiet hours.",
        "day_off" => "I stayed quiet: a day off.",
        "enough_today" => "I stayed quiet: that was enough for a day.",
        "just_answered" => "I stayed quiet: you had just answered.",
        "in_meeting" => "I stayed quiet: you were in a meeting.",
        "is_here" => "I stayed quiet: you had oO open.",
        "told_already" => "I stayed quiet: you knew of this tip.",
        "nothing" => "I stayed quiet: there was nothing to say.",
        "awaits_morning" => "I stayed quiet: you want to hear of it in the morning.",
        _ => "",
    }
}

/// What the person did just now.
pub fn just_done(done: &JustDone) -> String {
    match done.reaction {
        Reaction::Done => "Done.".into(),
        Reaction::Dismiss => "Dismissed.".into(),
        Reaction::Snooze if done.until.is_empty() => "Snoozed.".into(),
        Reaction::Snooze => format!("Back {}.", done.until),
    }
}

/// A quiet line about something that did not go as meant, and where to go from there.
pub fn notice(notice: Notice) -> (&'static str, Option<Way>) {
    match notice {
        Notice::AnsweredElsewhere => ("That one was answered on another page already.", None),
        Notice::TipGone => ("That one is no longer there.", None),
        Notice::KeyReused => ("Your first answer was kept.", None),
        Notice::UndoTooLate => ("It is too late to take that back.", None),
        Notice::Failed => ("That did not get through. Nothing is lost; try it again.", None),
        Notice::Stale(Trouble::Reconnect) => {
            ("Todoist no longer lets oO in; this may be old.", Some(RECONNECT))
        }
        Notice::Stale(Trouble::Throttled) => ("Todoist asks for a pause; this may be old.", None),
        Notice::Stale(Trouble::Unavailable) => ("Todoist is out of reach; this may be old.", None),
        Notice::Stale(Trouble::Garbled) => {
            ("Todoist gave an answer that oO cannot read; this may be old.", None)
        }
    }
}

/// What went wrong, what that means, and the way out.
pub fn mishap(mishap: Mishap) -> Said {
    match mishap {
        Mishap::NotFound => ("There is nothing here.", "The address may be old.", BACK),
        Mishap::Refused => (
            "That came from somewhere else.",
            "oO acts only on what its own pages send. Nothing was changed.",
            BACK,
        ),
        Mishap::Internal => (
            "Something broke in here.",
            "It is for oO to mend, not for you. Nothing of yours is lost.",
            TRY_AGAIN,
        ),
        Mishap::Unavailable => {
            ("oO is not quite awake.", "It should be back within a minute.", TRY_AGAIN)
        }
        Mishap::TooOften => (
            "That was a lot at once.",
            "oO listens again after a pause. Nothing of yours is lost.",
            TRY_AGAIN,
        ),
        Mishap::SignIn(trouble) => ("You are not signed in.", door(trouble), BACK),
        Mishap::Connect(trouble) => ("Todoist is not connected.", door(trouble), BACK),
    }
}

fn door(trouble: DoorTrouble) -> &'static str {
    match trouble {
        DoorTrouble::Cancelled => "You changed your mind over there, and that is fine.",
        DoorTrouble::Expired => {
            "It took a while, or began in another browser. Once more from here will do."
        }
        DoorTrouble::Provider => "The answer from over there was not the one agreed upon.",
        DoorTrouble::Unreachable => "The other side does not answer at the moment.",
        DoorTrouble::Closed => {
            "This oO is for people who are here already. Whoever runs it can let you in."
        }
    }
}
