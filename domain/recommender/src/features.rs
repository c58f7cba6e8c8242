//! What is known of a candidate at the moment of a decision: numbers and categories, never words.
//!
//! There is one definition, and it has a [`VERSION`]: a feature whose meaning changes is a new version.

use advice::Advice;
use integrations::Task;
use jiff::civil::{Date, DateTime};
use kernel::{PartOfDay, TimeZone, Timestamp, days_between};
use serde::{Deserialize, Serialize};

/// The version of this definition; it is stored with every tip.
pub const VERSION: i16 = 1;

/// A task added longer ago than this, and never given a date, is stale.
const STALE_DAYS: f64 = 30.0;

/// A task this short fits anywhere.
const QUICK_MINUTES: u32 = 15;

/// A date this near is soon.
const SOON_DAYS: i32 = 3;

/// Todoist's highest priority, shown to people as "p1".
const URGENT: u8 = 4;

/// The moment of a decision, as the person lives it.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// In UTC.
    pub at: Timestamp,
    /// On the person's wall clock.
    pub local: DateTime,
    /// Where they are.
    pub zone: TimeZone,
}

impl Moment {
    /// The moment `at` in `zone`.
    pub fn new(at: Timestamp, zone: TimeZone) -> Self {
        Self { at, local: zone.local(at), zone }
    }

    /// The part of the day.
    pub fn part(&self) -> PartOfDay {
        PartOfDay::of(self.local)
    }

    /// Today.
    pub fn today(&self) -> Date {
        self.local.date()
    }
}

/// The features of one candidate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Features {
    /// `todoist` or `library`.
    pub source: String,
    /// The kind within the source: `overdue`, `due_today`, `breathe`, …
    pub kind: String,
    /// The part of the day.
    pub part: PartOfDay,
    /// The day of the week, 1 (Monday) to 7.
    pub weekday: i8,
    /// Days until the date (negative: overdue by that many); none without a date.
    pub due_in_days: Option<i32>,
    /// Hours until the moment, for a date that has a time; negative: it has passed.
    pub due_in_hours: Option<f64>,
    /// 1 (normal) to 4 (urgent), as in Todoist; none for advice.
    pub priority: Option<u8>,
    /// Days since the task was added.
    pub age_days: Option<f64>,
    /// Minutes that it takes.
    pub minutes: Option<u32>,
    /// Whether it comes back by itself.
    pub recurring: bool,
    /// The number of characters to read.
    pub length: u16,
}

impl Features {
    /// The features of `task` at `moment`.
    pub fn of_task(task: &Task, moment: &Moment) -> Self {
        let due = task.due.as_ref();
        let date = due.map(|due| due.date(&moment.zone)).into_iter().chain(task.deadline).min();
        let mut features = Self {
            source: "todoist".to_owned(),
            kind: String::new(),
            part: moment.part(),
            weekday: moment.local.weekday().to_monday_one_offset(),
            due_in_days: date.map(|date| days_between(moment.today(), date)),
            due_in_hours: due
                .filter(|due| due.time(&moment.zone).is_some())
                .and_then(|due| due.moment(&moment.zone))
                .map(|at| hours((at - moment.at).num_seconds())),
            priority: Some(task.priority),
            age_days: task.added_at.map(|at| hours((moment.at - at).num_seconds()).max(0.0) / 24.0),
            minutes: task.duration_minutes,
            recurring: due.is_some_and(|due| due.recurring),
            length: length(&task.content),
        };
        features.kind = features.task_kind().to_owned();
        features
    }

    /// The features of `advice` at `moment`.
    pub fn of_advice(advice: &Advice, moment: &Moment) -> Self {
        Self {
            source: "library".to_owned(),
            kind: advice.kind.as_str().to_owned(),
            part: moment.part(),
            weekday: moment.local.weekday().to_monday_one_offset(),
            due_in_days: None,
            due_in_hours: None,
            priority: None,
            age_days: None,
            minutes: Some(u32::from(advice.minutes)),
            recurring: false,
            length: length(&advice.text),
        }
    }

    /// The arm that a policy learns about: source × kind × part of the day.
    pub fn arm(&self) -> String {
        format!("{}/{}/{}", self.source, self.kind, self.part)
    }

    /// How good an instance of its arm this is: what is nearer, more urgent or shorter comes first.
    pub fn merit(&self) -> f64 {
        let urgency = f64::from(self.priority.unwrap_or(1)) - 1.0;
        // An hour before its time a task weighs as much as a priority step and a half.
        let nearness = match (self.due_in_hours, self.due_in_days) {
            (Some(hours), _) => 1.5 * (-hours.abs() / 6.0).exp(),
            (None, Some(days)) => 0.8 * (-f64::from(days.abs()) / 3.0).exp(),
            (None, None) => 0.0,
        };
        let shortness = self.minutes.map_or(0.0, |minutes| (-f64::from(minutes) / 45.0).exp());
        urgency + nearness + 0.5 * shortness
    }

    fn task_kind(&self) -> &'static str {
        let passed = self.due_in_hours.is_some_and(|hours| hours < 0.0);
        match self.due_in_days {
            Some(days) if days < 0 || (days == 0 && passed) => "overdue",
            Some(0) => "due_today",
            Some(days) if days <= SOON_DAYS => "due_soon",
            _ if self.priority == Some(URGENT) => "urgent",
            _ if self.minutes.is_some_and(|minutes| minutes <= QUICK_MINUTES) => "quick",
            _ if self.recurring => "recurring",
            None if self.age_days.is_some_and(|days| days > STALE_DAYS) => "stale",
            _ => "someday",
        }
    }
}

/// Seconds as hours. Thirty years of seconds are far below what an `f64` holds exactly.
#[expect(clippy::cast_precision_loss, reason = "exact below 2^53")]
fn hours(seconds: i64) -> f64 {
    seconds as f64 / 3_600.0
}

fn length(text: &str) -> u16 {
    u16::try_from(text.chars().count()).unwrap_or(u16::MAX)
}
