//! When a task is to be done, and how its date moves on when it repeats.

use jiff::civil::{Date, DateTime, Time};
use kernel::{TimeZone, Timestamp};
use serde::{Deserialize, Serialize};

use super::recurrence::{Every, weekday};

/// When a task is to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// `YYYY-MM-DD`, floating `YYYY-MM-DDTHH:MM:SS`, or UTC with a `Z` at the end.
    pub date: String,
    /// The zone of a date in UTC.
    #[serde(default)]
    pub timezone: Option<String>,
    /// In the words in which the person wrote it.
    #[serde(default)]
    pub string: String,
    /// The language of these words.
    #[serde(default = "english")]
    pub lang: String,
    /// Whether closing the task moves its date on.
    #[serde(default)]
    pub is_recurring: bool,
}

impl Due {
    /// On a date, at no certain time.
    pub fn on(date: impl Into<String>) -> Self {
        let date = date.into();
        let (string, lang) = (date.clone(), english());
        Self { date, timezone: None, string, lang, is_recurring: false }
    }

    /// Repeats as `words` say, the next time on `date`.
    pub fn repeating(date: impl Into<String>, words: impl Into<String>) -> Self {
        Self { string: words.into(), is_recurring: true, ..Self::on(date) }
    }

    /// Reads `words` as a person writes them at `now`, on their wall clock. `None` when they take the
    /// date away.
    ///
    /// # Errors
    /// When the double does not understand them.
    pub(super) fn parse(words: &str, now: DateTime) -> Result<Option<Self>, NotUnderstood> {
        let text = words.trim().to_lowercase();
        if matches!(text.as_str(), "no date" | "no due date") {
            return Ok(None);
        }
        let (text, time) = match text.split_once(" at ") {
            Some((text, time)) => (text, Some(parse_time(time)?)),
            None => (text.as_str(), None),
        };
        let (text, start) = match text.split_once(" starting ") {
            Some((text, start)) => (text, Some(start.trim().parse().map_err(|_| NotUnderstood)?)),
            None => (text, None),
        };

        let every = text.strip_prefix("every!").or_else(|| text.strip_prefix("every"));
        let date = match every {
            Some(rest) => {
                let every = Every::parse(rest).ok_or(NotUnderstood)?;
                start.unwrap_or_else(|| every.first(now.date()))
            }
            None => parse_day(text, now.date())?,
        };
        let date = time.map_or_else(|| date.to_string(), |time| date.to_datetime(time).to_string());
        let is_recurring = every.is_some();
        Ok(Some(Self { string: words.into(), is_recurring, ..Self::on(date) }))
    }

    /// The date on the wall of a person in `zone`.
    pub(super) fn day(&self, zone: &TimeZone) -> Option<Date> {
        self.wall(zone).map(|(date, _)| date)
    }

    /// Moves the date on after the task was closed at `now`; false when it does not repeat, or in words
    /// that the double does not understand.
    pub(super) fn advance(&mut self, now: Timestamp, zone: &TimeZone) -> bool {
        let words = self.string.to_lowercase();
        let rule = words.split(" at ").next().and_then(|text| text.split(" starting ").next());
        let rule = rule.and_then(|text| {
            let rest = text.strip_prefix("every!").or_else(|| text.strip_prefix("every"))?;
            Some((Every::parse(rest)?, text.starts_with("every!")))
        });
        let (Some((every, from_today)), Some((day, time))) = (rule, self.wall(zone)) else {
            return false;
        };

        let today = zone.local(now).date();
        let next = every.after(if from_today { today } else { day }, today);
        self.date = match time {
            None => next.to_string(),
            Some(time) if self.date.ends_with('Z') => {
                let zone = self.zone(zone);
                let Some(moment) = zone.moment(next.to_datetime(time)) else { return false };
                moment.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
            }
            Some(time) => next.to_datetime(time).to_string(),
        };
        true
    }

    fn zone(&self, fallback: &TimeZone) -> TimeZone {
        let own = self.timezone.as_deref().and_then(|name| name.parse().ok());
        own.unwrap_or_else(|| fallback.clone())
    }

    fn wall(&self, zone: &TimeZone) -> Option<(Date, Option<Time>)> {
        if self.date.ends_with('Z') {
            let local = self.zone(zone).local(self.date.parse().ok()?);
            return Some((local.date(), Some(local.time())));
        }
        if let Ok(moment) = self.date.parse::<DateTime>()
            && self.date.contains('T')
        {
            return Some((moment.date(), Some(moment.time())));
        }
        self.date.parse().ok().map(|date| (date, None))
    }
}

/// Words that the double cannot read as a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotUnderstood;

fn parse_day(text: &str, today: Date) -> Result<Date, NotUnderstood> {
    let plus =
        |days: i64| today.checked_add(jiff::Span::new().days(days)).map_err(|_| NotUnderstood);
    match text {
        "today" => Ok(today),
        "tomorrow" => plus(1),
        "next week" => {
            weekday("monday").map(|day| Every::On(day).after(today, today)).ok_or(NotUnderstood)
        }
        _ => {
            if let Some(day) = weekday(text) {
                return Ok(Every::On(day).after(today, today));
            }
            let days = text.strip_prefix("in ").and_then(|rest| rest.strip_suffix(" days"));
            match days.and_then(|days| days.parse().ok()) {
                Some(days) => plus(days),
                None => text.parse().map_err(|_| NotUnderstood),
            }
        }
    }
}

fn parse_time(text: &str) -> Result<Time, NotUnderstood> {
    let (hour, minute) = text.trim().split_once(':').ok_or(NotUnderstood)?;
    let hour = hour.parse().map_err(|_| NotUnderstood)?;
    let minute = minute.parse().map_err(|_| NotUnderstood)?;
    Time::new(hour, minute, 0, 0).map_err(|_| NotUnderstood)
}

fn english() -> String {
    "en".into()
}
