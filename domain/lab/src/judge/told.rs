//! For people.

use std::fmt::Write as _;

use bandit::estimate::Interval;

use super::{
    Agreement, Cost, Dropped, Report, Share, Source, Tally,
    bench::{NAMES, REACTIONS},
    desk::reasons,
};
use crate::compare::{EITHER, FEW, LEAST, resample::float};

impl Cost {
    /// How much is to be asked. `prices` are those of a million tokens, read and written.
    pub fn told(&self, prices: Option<(f64, f64)>) -> String {
        let Self { questions, kept, read, written } = self;
        let cost = prices.map_or_else(
            || "unknown: name prices with --price-in and --price-out".to_owned(),
            |(read, written)| format!("{:.2} at the most", self.price(read, written)),
        );
        format!(
            "questions  {questions}, and {kept} that were answered before\n\
             tokens     about {read} to read, {written} to write at the most\n\
             cost       {cost}"
        )
    }
}

impl Report {
    /// A line for each source and each of its kinds, and what else came out.
    pub fn table(&self) -> String {
        let mut table = format!(
            "{:<16} {:<9} {:>7} {:>7} {:>6}  {:<24} {:<24} {}",
            "source", "kind", "written", "refused", "judged", NAMES[0], NAMES[1], NAMES[2],
        );
        let (all, kinds): (Vec<_>, Vec<_>) =
            self.sources.iter().partition(|(source, _)| source.kind.is_none());
        for (source, tally) in all.into_iter().chain(kinds) {
            let _ = write!(table, "\n{}", self.line(source, tally));
        }
        let _ = write!(
            table,
            "\nIn brackets: 95 % intervals over people who were made up, from {LEAST} reactions of {FEW} of them on, {EITHER} \
             of which are so and {EITHER} are not."
        );
        for (Source { name, .. }, tally) in &self.sources {
            if !tally.refused.is_empty() {
                let refused = tally.refused.iter();
                let refused = refused
                    .map(|(why, count)| format!("{} {count}", why.trim_start_matches("refused_")));
                let refused = refused.collect::<Vec<_>>().join(", ");
                let _ = write!(table, "\nRefused of {name}: {refused}.");
            }
        }
        if self.dropped != Dropped::default() {
            let _ = write!(table, "\n{}", self.dropped.told());
        }
        if !self.failed.is_empty() {
            let _ = write!(table, "\nFailed: {}.", reasons(&self.failed));
        }
        if self.waiting > 0 {
            let _ = write!(
                table,
                "\nNot judged, since not all is written: {} sittings. The same command goes on there.",
                self.waiting
            );
        }
        if let Some(agreement) = &self.agreement {
            let _ = write!(table, "\n{}", agreement.told());
        }
        table
    }

    fn line(&self, source: &Source, tally: &Tally) -> String {
        let Source { name, kind } = source;
        let refused = match kind {
            None => tally.refused.values().sum::<usize>().to_string(),
            Some(_) => String::new(),
        };
        let kind = kind.as_deref().unwrap_or("all");
        let [done, snooze, dismiss] =
            REACTIONS.map(|it| self.share(source, it).map_or_else(|| "-".to_owned(), Share::told));
        let (written, judged) = (tally.written, tally.judged());
        format!(
            "{name:<16} {kind:<9} {written:>7} {refused:>7} {judged:>6}  {done:<24} {snooze:<24} {dismiss}"
        )
    }
}

impl Share {
    fn told(self) -> String {
        let Self { value, interval } = self;
        match interval {
            None => format!("{value:.3}"),
            Some(Interval { low, high }) => {
                format!("{value:.3} ({:.3} to {:.3})", low.max(0.0), high.min(1.0))
            }
        }
    }
}

impl Dropped {
    fn told(&self) -> String {
        let Self { unknown_ids, unknown_reactions, twice, malformed, missing } = self;
        format!(
            "Of the judge's answers: {unknown_ids} to what was not shown, {unknown_reactions} that are no reaction, {twice} \
             given twice, {malformed} not of the form; {missing} missing."
        )
    }
}

impl Agreement {
    fn told(&self) -> String {
        let Self { pairs, persons, kappa, interval } = self;
        let of = format!("Agreement with people: {pairs} answers of {persons}");
        match (kappa, interval) {
            (None, _) if *pairs < LEAST => {
                format!("{of}: not enough data, fewer than {LEAST}")
            }
            (None, _) => format!("{of}; one side always says the same, so that there is no kappa"),
            (Some(kappa), None) => {
                format!("{of}, kappa {kappa:.3}; too few people for an interval")
            }
            (Some(kappa), Some(Interval { low, high })) => {
                format!("{of}, kappa {kappa:.3} ({:.3} to {:.3})", low.max(-1.0), high.min(1.0))
            }
        }
    }
}

impl Cost {
    /// What it costs at the most, with the prices of a million tokens, read and written.
    pub fn price(&self, read: f64, written: f64) -> f64 {
        let tokens = |count: u64| float(usize::try_from(count).unwrap_or(usize::MAX));
        (tokens(self.read) * read + tokens(self.written) * written) / 1e6
    }
}
