//! One line of what was learned of a person.

use std::fmt;

use bandit::Weight;
use kernel::PartOfDay;
use serde::{Deserialize, Serialize};

use crate::features::group;

/// What is not so many standard deviations from nothing is not told.
const SURE: f64 = 1.5;

/// What matters less is not told.
const LITTLE: f64 = 0.04;

/// What suits a person in a part of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Learned {
    /// In which part of the day.
    pub part: PartOfDay,
    /// What suits.
    pub what: What,
}

/// What may suit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Tasks that take little time.
    Short,
    /// Tasks that take long.
    Long,
    /// Advice rather than tasks.
    Advice,
    /// Tasks rather than advice.
    Tasks,
    /// Tasks of a high priority.
    Important,
    /// Tasks of no priority.
    Unimportant,
}

impl fmt::Display for Learned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = match self.part {
            PartOfDay::Night => "nights",
            PartOfDay::Morning => "mornings",
            PartOfDay::Midday => "noons",
            PartOfDay::Afternoon => "afternoons",
            PartOfDay::Evening => "evenings",
        };
        let what = match self.what {
            What::Short => "short tasks",
            What::Long => "longer tasks",
            What::Advice => "a break",
            What::Tasks => "your tasks",
            What::Important => "what is important",
            What::Unimportant => "what is easy",
        };
        write!(f, "{part}, {what}")
    }
}

/// What stands out most in `weights`.
pub(crate) fn learned(weights: &[Weight]) -> Option<Learned> {
    let told = weights.iter().filter_map(|weight| {
        let (group, place) = group(weight.index)?;
        let (more, less) = match group.name {
            "duration × hour" => (What::Long, What::Short),
            "advice × hour" => (What::Advice, What::Tasks),
            "priority × hour" => (What::Important, What::Unimportant),
            _ => return None,
        };
        let what = if weight.mean > 0.0 { more } else { less };
        let sure = weight.mean.abs() / weight.deviation;
        let stands_out = sure >= SURE && weight.mean.abs() >= LITTLE;
        stands_out.then_some((Learned { part: part(place), what }, sure))
    });
    told.max_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(learned, _)| learned)
}

/// The part of the day around the beginning of a pair of hours.
fn part(place: u16) -> PartOfDay {
    match 2 * place {
        5..=10 => PartOfDay::Morning,
        11..=13 => PartOfDay::Midday,
        14..=17 => PartOfDay::Afternoon,
        18..=21 => PartOfDay::Evening,
        _ => PartOfDay::Night,
    }
}
