//! What a model is told: data with names and types, in which nothing says what to do.

use std::fmt;

use kernel::PartOfDay;
use serde::Serialize;
use serde_json::{Value, json};
use whatlang::{Detector, Lang};

use crate::mask::Mask;

/// At most this many tasks are told.
pub const MOST_TASKS: usize = 12;

/// At most this many characters of a title.
const MOST_CHARS: usize = 120;

/// How it stands with a person at a moment.
#[derive(Clone)]
pub struct Situation {
    /// Some of their tasks: the first [`MOST_TASKS`] are told.
    pub tasks: Vec<OpenTask>,
    /// How they answered the last tips, the newest first.
    pub reactions: Vec<PastReaction>,
    /// What was learned of them, in words that hold none of theirs.
    pub patterns: Vec<String>,
    /// The part of the day.
    pub part: PartOfDay,
    /// The day of the week.
    pub weekday: String,
}

impl fmt::Debug for Situation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Situation").field("part", &self.part).finish_non_exhaustive()
    }
}

/// A task, as far as a model is told.
#[derive(Clone, Default, PartialEq, Serialize)]
pub struct OpenTask {
    /// Its id where it comes from. It is not told: a model knows it by its place.
    #[serde(skip)]
    pub id: String,
    /// Its title. What identifies somebody is masked before it is told.
    pub title: String,
    /// Days until its date; negative: overdue.
    pub due_in_days: Option<i32>,
    /// Days since it was written.
    pub open_for_days: Option<u32>,
    /// Minutes that it takes.
    pub minutes: Option<u32>,
    /// Whether the person gave it a high priority.
    pub important: bool,
    /// How often it was put off, as far as is remembered.
    pub put_off: u32,
}

impl fmt::Debug for OpenTask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenTask").field("put_off", &self.put_off).finish_non_exhaustive()
    }
}

/// How a tip was answered.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PastReaction {
    /// The kind of the tip.
    pub tip: String,
    /// done, snooze or dismiss.
    pub reaction: String,
    /// How long ago.
    pub hours_ago: u32,
}

impl Situation {
    /// The id of the task that a model knows as `reference`.
    pub(crate) fn task(&self, reference: &str) -> Option<&str> {
        let place: usize = reference.strip_prefix('t')?.parse().ok()?;
        let task = self.told().get(place.checked_sub(1)?)?;
        Some(&task.id)
    }

    /// The language of the person: that of their titles, as far as they tell; English otherwise.
    pub(crate) fn language(&self) -> Lang {
        let titles: Vec<&str> = self.told().iter().map(|task| task.title.as_str()).collect();
        let found = Detector::new().detect(&titles.join(". "));
        found.filter(whatlang::Info::is_reliable).map_or(Lang::Eng, |found| found.lang())
    }

    /// The message to the model.
    pub(crate) fn told_to_model(&self, mask: &Mask) -> Value {
        let tasks = self.told().iter().zip(1..).map(|(task, place)| {
            let title: String = mask.apply(&task.title).chars().take(MOST_CHARS).collect();
            let task = OpenTask { title, ..task.clone() };
            let mut told = json!(task);
            told["ref"] = json!(format!("t{place}"));
            told
        });
        json!({
            "language": self.language().eng_name(),
            "part_of_day": self.part.as_str(),
            "weekday": self.weekday,
            "tasks": tasks.collect::<Vec<_>>(),
            "recent_answers": self.reactions,
            "patterns": self.patterns,
        })
    }

    fn told(&self) -> &[OpenTask] {
        self.tasks.get(..MOST_TASKS).unwrap_or(&self.tasks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(titles: &[&str]) -> Situation {
        let task = |(title, id): (&&str, u32)| OpenTask {
            id: format!("id{id}"),
            title: (*title).to_owned(),
            ..OpenTask::default()
        };
        Situation {
            tasks: titles.iter().zip(0..).map(task).collect(),
            reactions: Vec::new(),
            patterns: Vec::new(),
            part: PartOfDay::Morning,
            weekday: "Monday".to_owned(),
        }
    }

    #[test]
    fn a_reference_is_a_place_among_what_was_told() {
        let situation = of(&["a"; MOST_TASKS + 3]);
        assert_eq!(situation.task("t1"), Some("id0"));
        assert_eq!(situation.task("t12"), Some("id11"));
        for unknown in ["t0", "t13", "t999", "1", "T1", "t-1", "id0", "", "t1 ", "t+1x"] {
            assert_eq!(situation.task(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn titles_are_masked_and_ids_are_not_told() {
        let situation = of(&["Mail ana@example.org", "Call +49 30 1234567"]);
        let told = situation.told_to_model(&Mask::new().unwrap()).to_string();
        assert!(told.contains("Mail (e-mail)") && told.contains("\"ref\":\"t2\""), "{told}");
        for secret in ["ana@", "1234567", "id0", "id1"] {
            assert!(!told.contains(secret), "{secret}: {told}");
        }
    }

    #[test]
    fn the_language_is_that_of_the_titles() {
        assert_eq!(of(&[]).language(), Lang::Eng);
        assert_eq!(of(&["Milch"]).language(), Lang::Eng, "one word tells nothing");
        let german =
            ["Steuererklärung endlich abgeben", "Mit der Werkstatt über das Fahrrad sprechen"];
        assert_eq!(of(&german).language(), Lang::Deu);
        let english = ["Write the report for the meeting", "Call the doctor about the appointment"];
        assert_eq!(of(&english).language(), Lang::Eng);
    }
}
