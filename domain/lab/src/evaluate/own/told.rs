//! For people, and for programs.

use std::fmt::Write as _;

use bandit::estimate::{Estimator, Interval};
use serde_json::{Value as Json, json};

use super::{By, Own, Slice, Value};

impl Own {
    /// As one line of JSON. An end of an interval that is not a number is null.
    pub fn json(&self) -> String {
        json!({ "slices": self.0.iter().map(Slice::json).collect::<Vec<_>>() }).to_string()
    }

    /// As a table for each slice.
    pub fn table(&self) -> String {
        self.0.iter().map(Slice::table).collect::<Vec<_>>().join("\n")
    }
}

impl Slice {
    fn json(&self) -> Json {
        json!({
            "by": self.by.name(),
            "name": self.name,
            "rounds": self.rounds,
            "served": self.served,
            "policies": self.values.iter().map(Value::json).collect::<Vec<_>>(),
        })
    }

    fn table(&self) -> String {
        let Self { by, name, rounds, served, values } = self;
        let title = format!("{} {name}", by.title());
        let mut table = format!(
            "{}: {rounds} answered, worth {served:.3} each\n  {:<18} {:>6}   95 % interval    as often\n",
            title.trim_end(),
            "policy",
            by.headline().name(),
        );
        for value in values {
            let found = value.estimates.iter().find(|(estimator, ..)| *estimator == by.headline());
            if let Some((_, worth, interval)) = found {
                let Value { policy, weight, .. } = value;
                let ends = match *interval {
                    Interval::EVERYTHING => "unknown".to_owned(),
                    Interval { low, high } => format!("{low:.3} to {high:.3}"),
                };
                let _ = writeln!(table, "  {policy:<18} {worth:>6.3}   {ends:<15} {weight:>9.2}");
            }
        }
        table
    }
}

impl Value {
    fn json(&self) -> Json {
        let estimate = |(estimator, value, interval): &(Estimator, f64, Interval)| {
            json!({
                "name": estimator.name(),
                "lambda": estimator.lambda(),
                "value": value,
                "low": interval.low,
                "high": interval.high,
            })
        };
        let estimates: Vec<Json> = self.estimates.iter().map(estimate).collect();
        json!({ "policy": self.policy, "as_often": self.weight, "estimates": estimates })
    }
}

impl By {
    fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Person => "person",
            Self::Kind => "kind",
            Self::PromptVersion => "prompt_version",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::PromptVersion => "prompt version",
            by => by.name(),
        }
    }

    /// The estimator to read.
    fn headline(self) -> Estimator {
        match self {
            Self::All | Self::Person => Estimator::Dr,
            Self::Kind | Self::PromptVersion => Estimator::Snipw,
        }
    }
}
