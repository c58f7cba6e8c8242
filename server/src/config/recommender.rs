//! The choice of the tip.

use chrono::TimeDelta;

use super::reader::Reader;

/// The policy that serves, unless another one is named.
const DEFAULT: &str = "personal";

/// The longest that a reaction can be taken back, in seconds: the page shows no more.
const MOST_UNDO: u32 = 10;

/// The longest that a tip stays open, in hours: a week.
const MOST_HOURS: u32 = 7 * 24;

/// The choice of the tip.
#[derive(Clone, Debug)]
pub struct Recommender {
    /// The policy that serves.
    pub policy: String,
    /// Those that choose in its shadow.
    pub shadows: Vec<String>,
    /// How long a reaction can be taken back.
    pub undo_window: TimeDelta,
    /// How long a tip stays open.
    pub tip_lifetime: TimeDelta,
}

impl Recommender {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let policy = reader.text("OO_POLICY").unwrap_or_else(|| DEFAULT.to_owned());
        check(reader, "OO_POLICY", &policy);
        let shadows = match reader.list("OO_SHADOW_POLICIES").as_slice() {
            [] => vec!["thompson".to_owned()],
            [none] if none == "none" => Vec::new(),
            names => names.to_vec(),
        };
        for name in &shadows {
            check(reader, "OO_SHADOW_POLICIES", name);
        }
        let undo = reader.number("OO_UNDO_SECONDS", 0..=MOST_UNDO, 10);
        let hours = reader.number("OO_TIP_HOURS", 1..=MOST_HOURS, 6);
        Self {
            policy,
            shadows,
            undo_window: TimeDelta::seconds(undo.into()),
            tip_lifetime: TimeDelta::hours(hours.into()),
        }
    }
}

fn check(reader: &mut Reader<'_>, variable: &str, name: &str) {
    if !bandit::POLICIES.contains(&name) {
        reader.mistake(variable, "it is not a policy such as personal, thompson or random");
    }
}
