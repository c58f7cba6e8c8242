//! "Why this?": what carried the choice, in plain words.

use std::collections::BTreeMap;

use kernel::PartOfDay;
use serde::{Deserialize, Serialize};

use crate::{
    features::{Features, LastAnswer, Theme},
    learned::Learned,
};

#[cfg(test)]
mod tests;

/// Below this propensity, a choice is called what it is: a try.
const A_TRY: f64 = 0.02;

/// What takes at most so many minutes is short.
const SHORT: u32 = 30;

/// A record is spoken of from this many answers on.
const ENOUGH: u32 = 3;

/// What adds less than this to the expected reward carries nothing.
const LITTLE: f64 = 0.01;

/// No more reasons than these are told.
const MOST: usize = 3;

/// The themes in which a policy that does not tell its grounds is explained.
const FACTS: [Theme; 6] =
    [Theme::Date, Theme::Priority, Theme::Duration, Theme::Recurring, Theme::Age, Theme::Kind];

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
    /// The person gave it a priority.
    Important,
    /// It takes so many minutes.
    Minutes(u32),
    /// It takes so many minutes, and this is a time for that.
    Long(u32),
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
    /// Its label is one that suits this part of the day.
    Label(PartOfDay),
    /// Its project is one that suits this part of the day.
    Project(PartOfDay),
    /// It was done the last time.
    DoneBefore,
    /// It was not shown yet.
    New,
    /// It was not shown for a while.
    NotLately,
    /// What was learned of the person so far.
    Learned(Learned),
    /// It is done before the next meeting, and longer things would not be.
    BeforeMeeting,
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
            Self::Important => "You gave it a priority.".to_owned(),
            Self::Minutes(1) => "It takes a minute.".to_owned(),
            Self::Minutes(minutes) => format!("It takes {minutes} minutes."),
            Self::Long(minutes) => format!("It takes {minutes} minutes: a time for that."),
            Self::Waiting(days) => format!("It has been waiting for {days} days."),
            Self::Recurring => "It is one of the things that come back.".to_owned(),
            Self::Fits(part) => format!("It fits {}.", the(*part)),
            Self::Record { done, of, part } => {
                format!("{}: you did {done} of the last {of} like it.", capital(&the(*part)))
            }
            Self::Label(part) => format!("Its label suits you in {}.", the(*part)),
            Self::Project(part) => format!("Its project suits you in {}.", the(*part)),
            Self::DoneBefore => "You did it the last time.".to_owned(),
            Self::New => "It is new to you.".to_owned(),
            Self::NotLately => "You have not seen it for a while.".to_owned(),
            Self::Learned(learned) => format!("Learned so far: {learned}."),
            Self::BeforeMeeting => "It fits before your next meeting.".to_owned(),
            Self::Try => "It is a try, to learn what suits you.".to_owned(),
        }
    }
}

/// What carried the choice of a candidate with `features`, the strongest reason first. `grounds` say by how much it was
/// expected to earn more than the others, theme by theme.
pub(crate) fn reasons(
    features: &Features,
    propensity: f64,
    grounds: &BTreeMap<Theme, f64>,
    record: Record,
) -> Vec<Reason> {
    let mut carrying: Vec<(Theme, f64)> =
        grounds.iter().map(|(theme, by)| (*theme, *by)).filter(|(_, by)| *by > LITTLE).collect();
    carrying.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    let themes: Vec<Theme> = if grounds.is_empty() {
        let takes_long = features.minutes.is_some_and(|minutes| minutes > SHORT);
        FACTS.into_iter().filter(|theme| *theme != Theme::Duration || !takes_long).collect()
    } else {
        carrying.into_iter().map(|(theme, _)| theme).collect()
    };

    let reason = |theme: &Theme| reason(*theme, features, record);
    let mut reasons: Vec<Reason> = themes.iter().filter_map(reason).take(MOST).collect();
    if reasons.is_empty() || propensity < A_TRY {
        reasons.push(Reason::Try);
    }
    reasons
}

/// What speaks for a candidate in a theme; `None` when it is nothing that could be said.
fn reason(theme: Theme, features: &Features, record: Record) -> Option<Reason> {
    let Record { done, of } = record;
    let shown = features.shown;
    match theme {
        Theme::Date => match features.due_in_days {
            Some(days) if features.kind == "overdue" => Some(Reason::Overdue(-days)),
            Some(days) if days <= 7 => Some(Reason::DueIn(days)),
            _ => None,
        },
        Theme::Priority => match features.priority {
            Some(4) => Some(Reason::Urgent),
            Some(2..) => Some(Reason::Important),
            _ => None,
        },
        Theme::Duration => features.minutes.map(|minutes| match minutes {
            ..=SHORT => Reason::Minutes(minutes),
            _ => Reason::Long(minutes),
        }),
        Theme::Recurring => features.recurring.then_some(Reason::Recurring),
        #[expect(clippy::cast_possible_truncation, reason = "days since 1970 fit")]
        Theme::Age => {
            let days = features.age_days.filter(|days| *days >= 7.0);
            days.map(|days| Reason::Waiting(days as i32))
        }
        Theme::Kind if of >= ENOUGH && 2 * done >= of => {
            Some(Reason::Record { done, of, part: features.part })
        }
        Theme::Kind => (features.source != "todoist").then_some(Reason::Fits(features.part)),
        Theme::Label => (!features.labels.is_empty()).then_some(Reason::Label(features.part)),
        Theme::Project => features.project.map(|_| Reason::Project(features.part)),
        Theme::Seen if shown.last == Some(LastAnswer::Done) => Some(Reason::DoneBefore),
        Theme::Seen if shown.times == 0 => Some(Reason::New),
        Theme::Seen => Some(Reason::NotLately),
        Theme::Person => None,
    }
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
