//! What the settings are drawn from, in tests and in the gallery.

use app::{
    pages::{Page, settings::tokens::NewToken},
    types::{
        Access, Calendar, Connection, Consent, Device, Door, Hours, Letters, Mailbox, Noticed,
        Notices, Permission, Settings, SnoozeTimes, Thought, Token, TokenForm, WayIn,
    },
};

/// Of somebody who has chosen little.
pub(crate) fn settings(todoist: Connection) -> Settings {
    Settings {
        todoist,
        calendar: Calendar::Active("calendar.example.org".into()),
        consents: consents(),
        hours: Hours {
            quiet_from: "21:00".into(),
            quiet_until: "08:00".into(),
            days_off: [false, false, false, false, false, false, true],
            most_a_day: 3,
        },
        snooze_times: SnoozeTimes {
            later_hours: 3,
            evening: "18:00".into(),
            morning: "08:00".into(),
        },
        notices: notices(),
        keys: true,
        time_zone: "Europe/Lisbon".into(),
        time_zone_chosen: true,
        letters: Letters::To(Mailbox {
            address: "ana@example.org".into(),
            rhythm: "morning",
            is_confirmed: true,
            is_allowed: true,
        }),
        history_days: Some(365),
        access: access(),
        tokens: tokens(),
        token_form: token_form(),
    }
}

/// Two browsers, and a morning of thoughts.
fn notices() -> Notices {
    let device = |id: &str, name: &str, used: &str| Noticed {
        id: id.into(),
        name: name.into(),
        used: used.into(),
    };
    let thought = |at: &str, verdict| Thought { at: at.into(), verdict };
    Notices {
        public_key: Some("BHnq".into()),
        is_allowed: true,
        devices: vec![
            device("1", "Firefox on Android", "used today"),
            device("2", "Chrome on Linux", "used 3 days ago"),
        ],
        thoughts: vec![
            thought("Monday, 10:20", "spoke"),
            thought("Monday, 10:00", "drew_silence"),
            thought("Sunday, 21:00", "quiet_hours"),
        ],
    }
}

fn access() -> Access {
    Access {
        ways_in: vec![way_in("Google", "an…@ex…"), way_in("Todoist", "")],
        doors: vec![door("apple", "Apple")],
        devices: vec![device("Firefox on Linux", true), device("Safari on iPhone", false)],
        is_owner: true,
    }
}

pub(crate) fn door(key: &str, label: &str) -> Door {
    Door { key: key.into(), label: label.into() }
}

/// The first three are given; the last one was not asked for yet.
pub(crate) fn consents() -> Vec<Consent> {
    let names = ["read_tasks", "write_tasks", "keep_history", "send_titles", "notify"];
    let consent = |(place, name): (usize, &str)| Consent {
        name: name.into(),
        given: place < 3,
        since: if name == "notify" { String::new() } else { "21 November 2026".into() },
    };
    names.into_iter().enumerate().map(consent).collect()
}

fn way_in(name: &str, hint: &str) -> WayIn {
    WayIn { id: name.to_lowercase(), name: name.into(), hint: hint.into() }
}

fn device(name: &str, is_current: bool) -> Device {
    Device { id: "1".into(), name: name.into(), used: "used yesterday".into(), is_current }
}

fn tokens() -> Vec<Token> {
    let token = |name: &str, may: &[Permission], used: &str| Token {
        id: "1".into(),
        name: name.into(),
        may: may.into(),
        used: used.into(),
        ends: "ends in 30 days".into(),
    };
    vec![
        token("the kitchen display", &[Permission::ReadTip], "used today"),
        token(&"wide".repeat(16), &Permission::ALL, "never used"),
    ]
}

fn token_form() -> TokenForm {
    TokenForm { days: vec![30, 90, 365], usual: 90 }
}

pub(crate) fn new_token(name: &str, try_it: Option<&str>) -> Page {
    let text = "oo_y6Xh0Qm4cT3vJ9wBz1KdR8sLfN2gUaPeVi7oExMt5Wk";
    Page::NewToken(NewToken {
        name: name.into(),
        text: text.into(),
        try_it: try_it.map(str::to_owned),
    })
}
