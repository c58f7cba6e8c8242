//! The part of Todoist's language for repetition that the double understands.

use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};

/// How a task repeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Every {
    /// `every day`, `every 3 days`.
    Days(i64),
    /// `every week`, `every 2 weeks`.
    Weeks(i64),
    /// `every month`, `every 3 months`.
    Months(i64),
    /// `every year`.
    Years(i64),
    /// `every monday`.
    On(Weekday),
    /// `every workday`: from Monday to Friday.
    Workday,
}

impl Every {
    /// Reads what follows `every`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let first = words.next()?;
        let (count, unit) = match first.parse::<i64>() {
            Ok(count) if count > 0 => (count, words.next()?),
            Ok(_) => return None,
            Err(_) if first == "other" => (2, words.next()?),
            Err(_) => (1, first),
        };
        if words.next().is_some() {
            return None;
        }
        match unit {
            "day" | "days" => Some(Self::Days(count)),
            "week" | "weeks" => Some(Self::Weeks(count)),
            "month" | "months" => Some(Self::Months(count)),
            "year" | "years" => Some(Self::Years(count)),
            "workday" | "weekday" => Some(Self::Workday),
            name => weekday(name).map(Self::On),
        }
    }

    /// The first date from `today` on.
    pub(super) fn first(self, today: Date) -> Date {
        match self {
            Self::On(_) | Self::Workday => self.step(today.yesterday().unwrap_or(today)),
            _ => today,
        }
    }

    /// The date that follows `due` once the task was closed on `today`: never today or before.
    pub(super) fn after(self, due: Date, today: Date) -> Date {
        let mut next = self.step(due);
        while next <= today {
            let further = self.step(next);
            if further <= next {
                break;
            }
            next = further;
        }
        next
    }

    fn step(self, from: Date) -> Date {
        let step = |span: jiff::Span| from.checked_add(span).unwrap_or(Date::MAX);
        let next_with = |fits: fn(Weekday, Weekday) -> bool, wanted| {
            (1..=7).map(|days| step(days.days())).find(|date| fits(date.weekday(), wanted))
        };
        match self {
            Self::Days(count) => step(count.days()),
            Self::Weeks(count) => step(count.weeks()),
            Self::Months(count) => step(count.months()),
            Self::Years(count) => step(count.years()),
            Self::On(wanted) => next_with(|day, wanted| day == wanted, wanted).unwrap_or(Date::MAX),
            Self::Workday => next_with(
                |day, _| !matches!(day, Weekday::Saturday | Weekday::Sunday),
                Weekday::Monday,
            )
            .unwrap_or(Date::MAX),
        }
    }
}

/// Reads a weekday's English name, whole or its first three letters.
pub(super) fn weekday(name: &str) -> Option<Weekday> {
    const NAMES: [(&str, Weekday); 7] = [
        ("monday", Weekday::Monday),
        ("tuesday", Weekday::Tuesday),
        ("wednesday", Weekday::Wednesday),
        ("thursday", Weekday::Thursday),
        ("friday", Weekday::Friday),
        ("saturday", Weekday::Saturday),
        ("sunday", Weekday::Sunday),
    ];
    let found = NAMES.into_iter().find(|(whole, _)| *whole == name || whole[..3] == *name);
    found.map(|(_, day)| day)
}
