//! For people, and for programs.

use std::fmt::Write as _;

use bandit::estimate::{Estimator, Interval};
use serde_json::{Value as Json, json};

use super::{Chooser, Moments};

impl Moments {
    /// As one line of JSON. An end of an interval that is not a number is null.
    pub fn json(&self) -> String {
        let Self { people, days, drawn, choosers } = self;
        let choosers: Vec<Json> = choosers.iter().map(Chooser::json).collect();
        json!({ "people": people, "days": days, "drawn": drawn, "choosers": choosers }).to_string()
    }

    /// As a table.
    pub fn table(&self) -> String {
        let Self { people, days, drawn, choosers } = self;
        let mut table = format!(
            "drawn {drawn} times, for {people} people on {days} days of theirs; what an hour is worth:\n  {:<7} {:>6} {:>12}",
            "chooser", "drawn", "pushes a day"
        );
        for (estimator, ..) in choosers.first().iter().flat_map(|chooser| &chooser.worth) {
            let _ = write!(table, "  {:>7} {:<16}", estimator.name(), "(95 % interval)");
        }
        let _ = write!(table, "  answered (95 % interval)");
        for Chooser { name, drawn, a_day, worth, answered } in choosers {
            let _ = write!(table, "\n  {name:<7} {drawn:>6} {a_day:>12.2}");
            for (_, value, interval) in worth {
                let _ = write!(table, "  {value:>7.4} {:<16}", ends(*interval));
            }
            let answered =
                answered.map(|(share, interval)| format!("{share:.3} {}", ends(interval)));
            let _ = write!(table, "  {}", answered.as_deref().unwrap_or("unknown"));
        }
        table
    }
}

impl Chooser {
    fn json(&self) -> Json {
        let Self { name, drawn, a_day, worth, answered } = self;
        let estimate = |(estimator, value, interval): &(Estimator, f64, Interval)| {
            let Interval { low, high } = interval;
            json!({ "name": estimator.name(), "value": value, "low": low, "high": high })
        };
        let worth: Vec<Json> = worth.iter().map(estimate).collect();
        let answered = answered.map(
            |(share, Interval { low, high })| json!({ "value": share, "low": low, "high": high }),
        );
        json!({
            "name": name, "drawn": drawn, "a_day": a_day, "estimates": worth, "answered": answered
        })
    }
}

fn ends(interval: Interval) -> String {
    match interval {
        Interval::EVERYTHING => "(unknown)".to_owned(),
        Interval { low, high } => format!("({low:.3}, {high:.3})"),
    }
}
