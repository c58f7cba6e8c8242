//! The numbers that a policy sees.

use std::sync::LazyLock;

use bandit::{Feature, bucket};

use super::{Features, LastAnswer};

/// A block of coordinates that mean the same kind of thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its name.
    pub name: &'static str,
    /// How many coordinates it has.
    pub size: u16,
    /// What it is about.
    pub theme: Theme,
}

/// What a coordinate is about, in a word that a person would use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Theme {
    /// The person, and what all candidates have in common.
    Person,
    /// What kind of thing it is, and where it comes from.
    Kind,
    /// Its labels.
    Label,
    /// Its project.
    Project,
    /// Its priority.
    Priority,
    /// When it is due.
    Date,
    /// How long it has been waiting.
    Age,
    /// How long it takes.
    Duration,
    /// That it comes back.
    Recurring,
    /// When it was shown before, and how it was answered.
    Seen,
}

/// Parts of the day.
const PARTS: u16 = 5;

/// Two hours each.
const BINS: u16 = 12;

macro_rules! groups {
    ($($id:ident: $name:literal, $size:expr, $theme:ident;)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        enum Id { $($id,)* }

        /// All groups, in the order of their coordinates. Numbers have no unit here: they lie between zero and about one, or
        /// around zero.
        pub const GROUPS: &[Group] =
            &[$(Group { name: $name, size: $size, theme: Theme::$theme },)*];
    };
}

groups! {
    Bias: "bias", 1, Person;
    Source: "source", 4, Kind;
    Kind: "kind", 32, Kind;
    KindPart: "kind × part of the day", 32 * PARTS, Kind;
    Label: "label", 32, Label;
    LabelPart: "label × part of the day", 16 * PARTS, Label;
    Project: "project", 16, Project;
    ProjectPart: "project × part of the day", 16 * PARTS, Project;
    Prompt: "prompt version", 8, Kind;
    Model: "model", 8, Kind;
    Priority: "priority", 1, Priority;
    Urgent: "urgent", 1, Priority;
    Dated: "has a date", 1, Date;
    Near: "its time is near", 1, Date;
    Today: "due within a day", 1, Date;
    Overdue: "overdue", 1, Date;
    Lateness: "overdue for long", 1, Date;
    Age: "age", 1, Age;
    Minutes: "duration", 1, Duration;
    Timed: "duration is known", 1, Duration;
    Length: "length", 1, Person;
    Recurring: "comes back", 1, Recurring;
    MinutesHour: "duration × hour", BINS, Duration;
    AdviceHour: "advice × hour", BINS, Kind;
    PriorityHour: "priority × hour", BINS, Priority;
    MinutesWeekend: "duration × weekend", 1, Duration;
    AdviceWeekend: "advice × weekend", 1, Kind;
    PriorityWeekend: "priority × weekend", 1, Priority;
    ProjectWeekend: "project × weekend", 16, Project;
    Shown: "was shown before", 1, Seen;
    ShownHours: "was shown within hours", 1, Seen;
    ShownDay: "was shown within a day", 1, Seen;
    ShownDays: "was shown within days", 1, Seen;
    ShownTimes: "times shown", 1, Seen;
    LastDone: "was done the last time", 1, Seen;
    LastSnoozed: "was snoozed the last time", 1, Seen;
    LastDismissed: "was dismissed the last time", 1, Seen;
    KindHours: "its kind was shown within hours", 1, Seen;
    KindDay: "its kind was shown within a day", 1, Seen;
    Itself: "itself", 64, Seen;
}

/// Where each group begins.
static BEGINNINGS: LazyLock<Vec<u16>> = LazyLock::new(|| {
    GROUPS.iter().scan(0, |next, group| Some(std::mem::replace(next, *next + group.size))).collect()
});

/// The group of a coordinate, and the coordinate's place in it.
pub fn group(index: u16) -> Option<(&'static Group, u16)> {
    let place = BEGINNINGS.partition_point(|from| *from <= index).checked_sub(1)?;
    let (group, from) = (GROUPS.get(place)?, BEGINNINGS.get(place)?);
    (index - from < group.size).then_some((group, index - from))
}

/// What a coordinate is about.
pub fn theme(index: u16) -> Option<Theme> {
    group(index).map(|(group, _)| group.theme)
}

/// The coordinates of one candidate.
struct Vector(Vec<Feature>);

impl Vector {
    fn put(&mut self, id: Id, place: u16, value: f64) {
        let group = GROUPS[id as usize];
        if value != 0.0 && place < group.size {
            self.0.push(Feature::new(BEGINNINGS[id as usize] + place, value));
        }
    }

    fn number(&mut self, id: Id, value: f64) {
        self.put(id, 0, value);
    }

    fn flag(&mut self, id: Id, holds: bool) {
        self.put(id, 0, f64::from(u8::from(holds)));
    }

    /// Between two neighbouring hours, by how near they are.
    fn by_hour(&mut self, id: Id, hour: f64, value: f64) {
        let bins = f64::from(BINS);
        let at = hour / 24.0 * bins;
        let (bin, part) = (at.floor().rem_euclid(bins), at - at.floor());
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 11")]
        let bin = bin as u16;
        self.put(id, bin, value * (1.0 - part));
        self.put(id, (bin + 1) % BINS, value * part);
    }
}

/// `features` as a sparse vector, its coordinates in ascending order.
pub(super) fn vector(features: &Features, key: &str) -> Vec<Feature> {
    let mut v = Vector(Vec::with_capacity(48));
    let part = features.part as u16;
    let advice = if features.source == "todoist" { -0.5 } else { 0.5 };

    v.number(Id::Bias, 1.0);
    v.put(Id::Source, source(&features.source), 1.0);
    let kind = kind(&features.kind);
    v.put(Id::Kind, kind, 1.0);
    v.put(Id::KindPart, kind * PARTS + part, 1.0);
    #[expect(clippy::cast_precision_loss, reason = "a handful")]
    let share = 1.0 / (features.labels.len().max(1) as f64).sqrt();
    for label in &features.labels {
        v.put(Id::Label, label % 32, share);
        v.put(Id::LabelPart, label % 16 * PARTS + part, share);
    }
    if let Some(project) = features.project {
        v.put(Id::Project, project % 16, 1.0);
        v.put(Id::ProjectPart, project % 16 * PARTS + part, 1.0);
    }
    if let Some(version) = &features.prompt_version {
        v.put(Id::Prompt, bucket(version, 8), 1.0);
    }
    if let Some(model) = &features.model {
        v.put(Id::Model, bucket(model, 8), 1.0);
    }

    let priority =
        features.priority.map_or(0.0, |priority| (f64::from(priority.clamp(1, 4)) - 1.0) / 3.0);
    v.number(Id::Priority, priority);
    v.flag(Id::Urgent, features.priority == Some(4));
    let hours = features.hours_to_date();
    v.flag(Id::Dated, hours.is_some());
    if let Some(hours) = hours {
        if hours >= 0.0 {
            v.number(Id::Near, (-hours / 6.0).exp());
        } else {
            v.flag(Id::Overdue, true);
            v.number(Id::Lateness, (1.0 - hours / 24.0).ln() / 3.0);
        }
        v.number(Id::Today, (-hours.max(0.0) / 24.0).exp());
    }
    v.number(Id::Age, features.age_days.map_or(0.0, |days| (1.0 + days.max(0.0)).ln() / 4.0));
    // Half an hour is neither short nor long.
    let minutes = features
        .minutes
        .map_or(0.0, |minutes| (f64::from(minutes.clamp(1, 480)) / 30.0).ln() / 2.0);
    v.number(Id::Minutes, minutes);
    v.flag(Id::Timed, features.minutes.is_some());
    v.number(Id::Length, (1.0 + f64::from(features.length) / 40.0).ln());
    v.flag(Id::Recurring, features.recurring);

    v.by_hour(Id::MinutesHour, features.hour, minutes);
    v.by_hour(Id::AdviceHour, features.hour, advice);
    v.by_hour(Id::PriorityHour, features.hour, priority);
    if features.weekday >= 6 {
        v.number(Id::MinutesWeekend, minutes);
        v.number(Id::AdviceWeekend, advice);
        v.number(Id::PriorityWeekend, priority);
        if let Some(project) = features.project {
            v.put(Id::ProjectWeekend, project % 16, 1.0);
        }
    }

    let shown = &features.shown;
    if let Some(hours) = shown.hours_ago {
        v.flag(Id::Shown, true);
        v.number(Id::ShownHours, (-hours / 2.0).exp());
        v.number(Id::ShownDay, (-hours / 12.0).exp());
        v.number(Id::ShownDays, (-hours / 72.0).exp());
        v.number(Id::ShownTimes, f64::from(shown.times).ln_1p() / 2.0);
        v.put(Id::Itself, bucket(key, 64), 1.0);
    }
    match shown.last {
        Some(LastAnswer::Done) => v.flag(Id::LastDone, true),
        Some(LastAnswer::Snooze) => v.flag(Id::LastSnoozed, true),
        Some(LastAnswer::Dismiss) => v.flag(Id::LastDismissed, true),
        None => {}
    }
    if let Some(hours) = shown.kind_hours_ago {
        v.number(Id::KindHours, (-hours / 2.0).exp());
        v.number(Id::KindDay, (-hours / 12.0).exp());
    }

    v.0.sort_unstable_by_key(|feature| feature.index);
    // Two labels may share a bucket.
    v.0.dedup_by(|b, a| {
        let same = a.index == b.index;
        if same {
            *a = Feature::new(a.index, a.value() + b.value());
        }
        same
    });
    v.0
}

fn source(name: &str) -> u16 {
    match name {
        "todoist" => 0,
        "library" => 1,
        "llm" => 2,
        _ => 3,
    }
}

/// The kinds that oO knows have a coordinate of their own; others share the rest.
fn kind(name: &str) -> u16 {
    const KNOWN: [&str; 8] =
        ["overdue", "due_today", "due_soon", "urgent", "quick", "recurring", "stale", "someday"];
    match (0_u16..).zip(KNOWN).find(|(_, known)| *known == name) {
        Some((place, _)) => place,
        None => 8 + bucket(name, 24),
    }
}
