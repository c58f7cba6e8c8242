//! The demo's tasks: an ordinary week of somebody who could be anybody.

use jiff::{ToSpan, civil::DateTime};
use kernel::{TimeZone, Timestamp};

use super::{
    due::Due,
    task::{Deadline, Duration, DurationUnit, NewTask},
};

/// When a task of the demo is due, counted from today.
#[derive(Clone, Copy)]
enum When {
    /// No date.
    Never,
    /// So many days from today; before it, when negative.
    Day(i64),
    /// The same, at a time of the day.
    At(i64, &'static str),
    /// Repeating, from the next time on.
    Every(&'static str),
    /// Repeating, and due so many days from today.
    EveryFrom(&'static str, i64),
}

use When::{At, Day, Every, EveryFrom, Never};

/// Project, title, labels, priority (4 is urgent), when, minutes (0 for unknown), age in days.
type Row = (&'static str, &'static str, &'static [&'static str], u8, When, u32, u32);

#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("Home", "Water the plants on the balcony", &["quick"], 1, Every("every 3 days"), 10, 60),
    ("Home", "Change the bed linen", &[], 1, EveryFrom("every 2 weeks", -1), 20, 90),
    ("Home", "Fix the dripping tap in the bathroom", &["tools"], 2, Day(-4), 45, 12),
    ("Home", "Descale the kettle", &["quick"], 1, Never, 10, 20),
    ("Home", "Take the paper and the glass out", &["quick"], 2, Every("every thursday"), 10, 200),
    ("Home", "Ask the landlord about the draught under the front door before it gets properly cold", &["phone"], 3, Day(1), 15, 5),
    ("Home", "Sort the drawer that nobody opens any more", &[], 1, Never, 30, 75),
    ("Home", "Hang the picture that has been leaning against the wall since spring", &["tools"], 1, Never, 20, 140),
    ("Work", "Send the numbers for the quarter to Ines", &["mail"], 4, At(0, "16:00"), 30, 3),
    ("Work", "Write the first page of the proposal, badly", &["focus"], 3, Day(0), 50, 6),
    ("Work", "Read the two pages that came back with comments", &["focus"], 3, Day(1), 25, 1),
    ("Work", "Prepare three questions for the talk with Tom", &[], 2, At(1, "10:30"), 15, 4),
    ("Work", "Empty the inbox down to one screen", &["mail"], 1, Every("every workday"), 20, 300),
    ("Work", "Plan the week on a single sheet of paper", &["focus"], 2, Every("every monday at 09:00"), 20, 300),
    ("Work", "Book the room for the workshop", &["quick", "phone"], 3, Day(-1), 5, 8),
    ("Work", "Back up the old project folder and let it go", &[], 1, Day(9), 40, 30),
    ("Work", "Say no, kindly, to the panel in March", &["mail"], 2, Day(2), 10, 9),
    ("Work", "Tidy up the shared notes so that somebody who was not there could follow what was decided and why", &["focus"], 2, Day(4), 60, 14),
    ("Errands", "Pick up the parcel before the shop closes", &["outside"], 4, At(0, "18:30"), 20, 2),
    ("Errands", "Buy oats, lemons, and the good olive oil", &["outside"], 2, Day(0), 25, 1),
    ("Errands", "Return the library books", &["outside"], 3, Day(-2), 20, 16),
    ("Errands", "Have the winter shoes resoled", &["outside"], 1, Day(6), 30, 25),
    ("Errands", "Get two keys cut for the cellar", &["outside"], 1, Never, 15, 33),
    ("Errands", "Find a birthday present for Noor 🎁", &["people"], 3, Day(5), 45, 7),
    ("Errands", "Order new batteries for the smoke alarms", &["quick"], 2, Day(3), 5, 3),
    ("Health", "Go for a walk without the phone", &["outside"], 1, Every("every day"), 30, 120),
    ("Health", "Stretch for ten minutes", &["quick"], 1, Every("every day at 07:30"), 10, 120),
    ("Health", "Make an appointment for the teeth", &["phone"], 3, Day(-9), 10, 40),
    ("Health", "Swim a kilometre, slowly", &["outside"], 2, Every("every saturday"), 75, 80),
    ("Health", "Refill the prescription", &["phone", "quick"], 4, Day(1), 10, 2),
    ("Health", "Cook something green for the next three days", &[], 2, Day(0), 50, 1),
    ("People", "Call Grandma and let her tell the story of the boat", &["phone", "people"], 3, Every("every sunday"), 40, 365),
    ("People", "Antwort an Jonas schreiben, auch wenn sie kurz wird", &["mail", "people"], 2, Day(-3), 15, 10),
    ("People", "Ask Sam how the new job is going", &["people", "quick"], 2, Never, 10, 18),
    ("People", "Choose twelve photographs for the album", &["people"], 1, Day(12), 60, 50),
    ("Money", "Pay the electricity bill", &["quick"], 4, Day(-1), 5, 11),
    ("Money", "Put this month's receipts in one envelope", &[], 1, Every("every month"), 15, 150),
    ("Money", "Compare the two insurance letters and throw one away", &["focus"], 2, Day(8), 35, 21),
    ("Someday", "Learn the names of five birds in the park", &["outside"], 1, Never, 0, 180),
    ("Someday", "Build the small shelf for the hallway", &["tools"], 1, Never, 0, 210),
    ("Someday", "Read the long novel again, only the evenings", &[], 1, Never, 0, 240),
];

/// About 40 believable tasks of a person in `zone`, around the day that it is there at `now`.
pub fn demo_tasks(now: Timestamp, zone: &TimeZone) -> Vec<NewTask> {
    let wall = zone.local(now);
    let mut tasks: Vec<_> = ROWS.iter().map(|row| task(*row, wall)).collect();

    // Some of what a row has no column for.
    if let Some(proposal) = tasks.iter_mut().find(|task| task.content.contains("proposal")) {
        proposal.description = "Only the first page. It may be *bad*.".into();
        proposal.deadline = Some(Deadline { date: day(wall, 3), lang: "en".into() });
        proposal.postponed_count = 2;
    }
    if let Some(backup) = tasks.iter_mut().find(|task| task.content.contains("Back up")) {
        backup.duration = Some(Duration { amount: 1, unit: DurationUnit::Day });
    }
    tasks
}

fn task(
    (project, title, labels, priority, when, minutes, age_days): Row,
    wall: DateTime,
) -> NewTask {
    let due = match when {
        Never => None,
        Day(days) => Some(Due::on(day(wall, days))),
        At(days, time) => Some(Due::on(format!("{}T{time}:00", day(wall, days)))),
        // Words that the double itself understands: a test reads them all.
        Every(words) => Due::parse(words, wall).ok().flatten(),
        EveryFrom(words, days) => Some(Due::repeating(day(wall, days), words)),
    };
    NewTask {
        project: Some(project.into()),
        labels: labels.iter().map(|label| (*label).into()).collect(),
        priority,
        due,
        duration: (minutes > 0).then_some(Duration { amount: minutes, unit: DurationUnit::Minute }),
        age_days,
        ..NewTask::titled(title)
    }
}

fn day(wall: DateTime, days: i64) -> String {
    wall.date().checked_add(days.days()).unwrap_or(wall.date()).to_string()
}
