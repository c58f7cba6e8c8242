//! The part of Todoist's filter language that the double understands: `today`, `overdue`, `no date`,
//! `recurring`, `7 days`, `p1` to `p4`, `@label`, `#Project`, `search: words`, with `&`, `|`, `!` and
//! parentheses.

use jiff::{ToSpan, civil::Date};

use super::{account::Account, task::Task};

/// A filter, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Filter {
    /// Both.
    And(Box<Filter>, Box<Filter>),
    /// At least one.
    Or(Box<Filter>, Box<Filter>),
    /// The opposite.
    Not(Box<Filter>),
    /// Due within so many days from today on.
    Days(i64),
    /// Due before today.
    Overdue,
    /// Without a date.
    NoDate,
    /// Repeating.
    Recurring,
    /// This priority, as the API writes it: `p1` is 4.
    Priority(u8),
    /// With this label.
    Label(String),
    /// In the project of this name.
    Project(String),
    /// With these words in the title.
    Search(String),
    /// All of them.
    All,
}

impl Filter {
    /// Reads a query; `None` when the double does not understand it.
    pub(super) fn parse(query: &str) -> Option<Self> {
        let mut rest = query;
        let filter = either(&mut rest)?;
        rest.trim().is_empty().then_some(filter)
    }

    /// Whether `task` of `account` passes, today being `today`.
    pub(super) fn passes(&self, account: &Account, task: &Task, today: Date) -> bool {
        let day = || task.due.as_ref().and_then(|due| due.day(&account.zone));
        match self {
            Self::And(a, b) => a.passes(account, task, today) && b.passes(account, task, today),
            Self::Or(a, b) => a.passes(account, task, today) || b.passes(account, task, today),
            Self::Not(a) => !a.passes(account, task, today),
            Self::Days(days) => {
                let end = today.checked_add(days.days()).unwrap_or(Date::MAX);
                day().is_some_and(|day| day >= today && day < end)
            }
            Self::Overdue => day().is_some_and(|day| day < today),
            Self::NoDate => task.due.is_none(),
            Self::Recurring => task.due.as_ref().is_some_and(|due| due.is_recurring),
            Self::Priority(priority) => task.priority == *priority,
            Self::Label(name) => task.labels.iter().any(|label| label.eq_ignore_ascii_case(name)),
            Self::Project(name) => account
                .projects
                .iter()
                .any(|own| own.id == task.project_id && own.name.eq_ignore_ascii_case(name)),
            Self::Search(words) => task.content.to_lowercase().contains(words),
            Self::All => true,
        }
    }
}

fn either(rest: &mut &str) -> Option<Filter> {
    let mut filter = both(rest)?;
    while eat(rest, '|') {
        filter = Filter::Or(filter.into(), both(rest)?.into());
    }
    Some(filter)
}

fn both(rest: &mut &str) -> Option<Filter> {
    let mut filter = one(rest)?;
    while eat(rest, '&') {
        filter = Filter::And(filter.into(), one(rest)?.into());
    }
    Some(filter)
}

fn one(rest: &mut &str) -> Option<Filter> {
    if eat(rest, '!') {
        return Some(Filter::Not(one(rest)?.into()));
    }
    if eat(rest, '(') {
        let filter = either(rest)?;
        return eat(rest, ')').then_some(filter);
    }
    let end = rest.find(['&', '|', '(', ')']).unwrap_or(rest.len());
    let (word, after) = rest.split_at(end);
    *rest = after;
    term(word.trim())
}

fn term(word: &str) -> Option<Filter> {
    if let Some(name) = word.strip_prefix('@') {
        return Some(Filter::Label(name.into()));
    }
    if let Some(name) = word.strip_prefix('#') {
        return Some(Filter::Project(name.into()));
    }
    let word = word.to_lowercase();
    if let Some(words) = word.strip_prefix("search:") {
        return Some(Filter::Search(words.trim().into()));
    }
    if let Some(priority) = word.strip_prefix('p').and_then(|digit| digit.parse::<u8>().ok()) {
        return (1..=4).contains(&priority).then(|| Filter::Priority(5 - priority));
    }
    match word.as_str() {
        "today" => Some(Filter::Days(1)),
        "overdue" | "od" => Some(Filter::Overdue),
        "no date" => Some(Filter::NoDate),
        "recurring" => Some(Filter::Recurring),
        "all" | "view all" => Some(Filter::All),
        _ => word.strip_suffix(" days").and_then(|days| days.parse().ok()).map(Filter::Days),
    }
}

fn eat(rest: &mut &str, sign: char) -> bool {
    let Some(after) = rest.trim_start().strip_prefix(sign) else { return false };
    *rest = after;
    true
}
