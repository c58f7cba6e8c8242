//! For people.

use std::fmt::{self, Write as _};

use bandit::estimate::Interval;

use super::{By, Comparison, Difference, EITHER, Estimate, FEW, LEAST, Lack, Unit, Version};

impl Comparison {
    /// A line for each version, and one for each difference.
    pub fn table(&self) -> String {
        let title = self.by.title();
        let names = self.versions.iter().map(|version| version.name.chars().count());
        let width = names.chain([title.len(), "against ".len() + self.baseline.chars().count()]);
        let width = width.max().unwrap_or_default();
        // Tenths of a percent, as far as there are any.
        let confidence = ((1.0 - self.alpha) * 1_000.0).round() / 10.0;
        let interval = format!("{confidence} % interval");
        let mut table = format!(
            "{title:<width$}  {:>6} {:>8} {:>7} {:>9}  {:>6}  {interval:<16} of",
            "served", "answered", "persons", "effective", "done",
        );
        for version in &self.versions {
            let _ = write!(table, "\n{}", version.line(width));
        }
        if self.differences.is_empty() {
            return table;
        }
        let against = format!("against {}", self.baseline);
        let _ = write!(table, "\n\n{against:<width$}  {:>6}  {interval:<16} of", "done");
        for difference in &self.differences {
            let _ = write!(table, "\n{}", difference.line(width));
        }
        table
    }
}

impl Version {
    fn line(&self, width: usize) -> String {
        let Self { name, served, answered, persons, effective, rate, estimate } = self;
        let rate = rate.map_or_else(|| "-".to_owned(), |rate| format!("{rate:.3}"));
        let known = match estimate {
            Ok(Estimate { interval, of, .. }) => {
                format!("{:<16} {of}", ends(&within(interval, 0.0), |end| format!("{end:.3}")))
            }
            Err(lack) => format!("not enough data: {lack}"),
        };
        format!(
            "{name:<width$}  {served:>6} {answered:>8} {persons:>7} {effective:>9.1}  {rate:>6}  {known}"
        )
    }
}

impl Difference {
    fn line(&self, width: usize) -> String {
        let Self { name, estimate } = self;
        match estimate {
            Ok(Estimate { value, interval, of }) => {
                let ends = ends(&within(interval, -1.0), |end| format!("{end:+.3}"));
                format!("{name:<width$}  {value:>+6.3}  {ends:<16} {of}")
            }
            Err((version, lack)) => format!("{name:<width$}  not enough data: {version}: {lack}"),
        }
    }
}

/// No rate is above one.
fn within(interval: &Interval, least: f64) -> Interval {
    Interval { low: interval.low.max(least), high: interval.high.min(1.0) }
}

fn ends(&Interval { low, high }: &Interval, told: impl Fn(f64) -> String) -> String {
    format!("{} to {}", told(low), told(high))
}

impl By {
    /// What one of its versions is called.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::PromptVersion => "prompt version",
            Self::Model => "model",
            Self::Kind => "kind",
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Persons(count) => write!(f, "{count} persons"),
            Self::Days(count) => write!(f, "{count} days of these persons"),
        }
    }
}

impl fmt::Display for Lack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answers => write!(f, "fewer than {LEAST} answered"),
            Self::Effective => write!(f, "worth fewer than {LEAST} answered"),
            Self::Days => write!(f, "from fewer than {FEW} days"),
            Self::Spread => write!(f, "fewer than {EITHER} done, or fewer than {EITHER} not done"),
        }
    }
}
