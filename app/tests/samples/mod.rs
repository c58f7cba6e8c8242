//! What the settings are drawn from, in tests and in the gallery.

use app::types::{Access, Consent, Device, Door, WayIn};

pub(crate) fn access() -> Access {
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

/// The first three are given.
pub(crate) fn consents() -> Vec<Consent> {
    let names = ["read_tasks", "write_tasks", "keep_history", "send_titles", "notify"];
    let consent = |(place, name): (usize, &str)| Consent {
        name: name.into(),
        given: place < 3,
        since: "21 November 2026".into(),
    };
    names.into_iter().enumerate().map(consent).collect()
}

fn way_in(name: &str, hint: &str) -> WayIn {
    WayIn { id: name.to_lowercase(), name: name.into(), hint: hint.into() }
}

fn device(name: &str, is_current: bool) -> Device {
    Device { id: "1".into(), name: name.into(), used: "used yesterday".into(), is_current }
}
