//! "Why this?": what carried the choice, in plain words.

use kernel::PartOfDay;
use serde::{Deserialize, Serialize};

use crate::features::Features;

#[cfg(test)]
mod tests;

/// Below this propensity, a choice is called what it is: a try.
const A_TRY: f64 = 0.02;

/// A record is spoken of from this many answers on.
const ENOUGH: u32 = 3;

/// What the person did with the last tips of an arm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Record {
    /// How many of them were done.
    pub(crate) done: u32,
    /// How many of them were answered.
    pub(crate) of: u32,
}

/// One reason. It holds numbers and kinds, no words of a task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Its date has passed by so many days; zero: its time of today has passed.
    Overdue(i32),
    /// Its date is so many days away.
    DueIn(i32),
    /// The person gave it the highest priority.
    Urgent,
    /// It takes so many minutes.
    Minutes(u32),
    /// It has waited for so many days, without a date.
    Waiting(i32),
    /// It comes back by itself.
    Recurring,
    /// It fits this part of the day.
    Fits(PartOfDay),
    /// Of the last answered tips of this kind in this part of the day, so many were done.
    Record {
        /// Those that were done.
        done: u32,
        /// All of them.
        of: u32,
        /// The part of the day.
        part: PartOfDay,
    },
    /// The policy had no strong opinion: so small was the chance of this choice.
    Try,
}

impl Reason {
    /// The reason as a sentence.
    pub fn sentence(&self) -> String {
        match self {
            Self::Overdue(0) => "Its time was earlier today.".to_owned(),
            Self::Overdue(1) => "It was due yesterday.".to_owned(),
            Self::Overdue(days) => format!("It was due {days} days ago."),
            Self::DueIn(0) => "It is due today.".to_owned(),
            Self::DueIn(1) => "It is due tomorrow.".to_owned(),
            Self::DueIn(days) => format!("It is due in {days} days."),
            Self::Urgent => "You gave it the highest priority.".to_owned(),
            Self::Minutes(1) => "It takes a minute.".to_owned(),
            Self::Minutes(minutes) => format!("It takes {minutes} minutes."),
            Self::Waiting(days) => format!("It has been waiting for {days} days."),
            Self::Recurring => "It is one of the things that come back.".to_owned(),
            Self::Fits(part) => format!("It fits {}.", the(*part)),
            Self::Record { done, of, part } => {
                format!("{}: you did {done} of the last {of} like it.", capital(&the(*part)))
            }
            Self::Try => "It is a try, to learn what suits you.".to_owned(),
        }
    }
}

/// What carried the choice of a candidate with `features`, the strongest reason first. `belief` is the reward
/// that the policy expects of its arm.
pub(crate) fn reasons(
    features: &Features,
    propensity: f64,
    belief: f64,
    record: Record,
) -> Vec<Reason> {
    let mut reasons = Vec::new();
    match features.due_in_days {
        Some(days) if features.kind == "overdue" => reasons.push(Reason::Overdue(-days)),
        Some(days) if days <= 7 => reasons.push(Reason::DueIn(days)),
        _ => {}
    }
    if features.priority == Some(4) {
        reasons.push(Reason::Urgent);
    }
    if let Some(minutes) = features.minutes.filter(|minutes| *minutes <= 30) {
        reasons.push(Reason::Minutes(minutes));
    }
    if features.recurring {
        reasons.push(Reason::Recurring);
    }
    if features.kind == "stale"
        && let Some(days) = features.age_days
    {
        #[expect(clippy::cast_possible_truncation, reason = "days since 1970 fit")]
        reasons.push(Reason::Waiting(days as i32));
    }
    if features.source == "library" {
        reasons.push(Reason::Fits(features.part));
    }

    let Record { done, of } = record;
    if of >= ENOUGH && 2 * done >= of && belief >= 0.5 {
        reasons.push(Reason::Record { done, of, part: features.part });
    }
    if reasons.is_empty() || propensity < A_TRY {
        reasons.push(Reason::Try);
    }
    reasons
}

fn the(part: PartOfDay) -> String {
    match part {
        PartOfDay::Night => "the night".to_owned(),
        PartOfDay::Midday => "the middle of the day".to_owned(),
        part => format!("the {part}"),
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
