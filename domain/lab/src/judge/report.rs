//! What came out.

use std::collections::BTreeMap;

use bandit::estimate::Interval;

use super::{Agreement, Dropped, bench::REACTIONS, sitting::chance};
use crate::{
    compare::{
        EITHER, FEW, LEAST,
        resample::{Sums, estimate},
    },
    evaluate::ALPHA,
    play::Reaction,
};

/// What candidates of the library come from.
pub(super) const LIBRARY: &str = "library";

/// What the judge made of the candidates.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// By where they come from: a version of the prompt, or `library`; and of each by kind.
    pub sources: BTreeMap<Source, Tally>,
    /// What of the judge's answers was of no use.
    pub dropped: Dropped,
    /// Sittings that were not judged, because what models wrote for them is not all there.
    pub waiting: usize,
    /// How many questions failed, by their reason.
    pub failed: BTreeMap<String, usize>,
    /// How far it agrees with people; none, where they were left out.
    pub agreement: Option<Agreement>,
    pub(super) seed: u64,
}

/// Where candidates come from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// A version of the prompt, or `library`.
    pub name: String,
    /// The kind of the candidates; none: all of them.
    pub kind: Option<String>,
}

/// What became of the candidates of a source.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// How many there were; of a kind, without those that were refused, for these have none.
    pub written: usize,
    /// Why how many of them were refused.
    pub refused: BTreeMap<&'static str, usize>,
    /// For each profile, by its place: how many would be done, snoozed and dismissed.
    pub reactions: BTreeMap<usize, [usize; 3]>,
}

/// Which part of the reactions are of one sort.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// The part, in [0, 1].
    pub value: f64,
    /// Its interval, over profiles; none from fewer than thirty reactions, of which five are so and five are not, or
    /// fewer than ten profiles.
    pub interval: Option<Interval>,
}

impl Report {
    /// All of a source, and those of a kind.
    pub(super) fn tallies(&mut self, name: &str, kind: &str, change: impl Fn(&mut Tally)) {
        for kind in [None, Some(kind.to_owned())] {
            change(self.tally(name, kind));
        }
    }

    /// Takes note of candidates that were refused.
    pub(super) fn refuse(&mut self, name: &str, reasons: impl Iterator<Item = &'static str>) {
        let tally = self.tally(name, None);
        for reason in reasons {
            tally.written += 1;
            *tally.refused.entry(reason).or_default() += 1;
        }
    }

    fn tally(&mut self, name: &str, kind: Option<String>) -> &mut Tally {
        self.sources.entry(Source { name: name.to_owned(), kind }).or_default()
    }

    /// How often `reaction` is the one to what comes from `source`. None, where nothing was judged, or it is
    /// [`Reaction::None`].
    pub fn share(&self, source: &Source, reaction: Reaction) -> Option<Share> {
        let place = REACTIONS.iter().position(|it| *it == reaction)?;
        let reactions = &self.sources.get(source)?.reactions;
        let (mut clusters, mut so, mut all) = (Vec::new(), 0, 0);
        for counts in reactions.values() {
            let mut sums = Sums::default();
            for (it, count) in counts.iter().enumerate() {
                (0..*count).for_each(|_| sums.add(1.0, it == place));
            }
            so += counts[place];
            all += counts.iter().sum::<usize>();
            clusters.push([sums]);
        }
        let name = format!("{}/{:?}/{place}", source.name, source.kind);
        let (value, interval) = estimate(&clusters, ALPHA, &mut chance(self.seed, &name));
        let is_enough = all >= LEAST && clusters.len() >= FEW && so.min(all - so) >= EITHER;
        let interval = Some(interval).filter(|it| is_enough && it.low.is_finite());
        value.is_finite().then_some(Share { value, interval })
    }
}

impl Tally {
    /// How many were judged.
    pub fn judged(&self) -> usize {
        self.reactions.values().flatten().sum()
    }

    pub(super) fn react(&mut self, person: usize, reaction: Reaction) {
        let counts = self.reactions.entry(person).or_default();
        if let Some(place) = REACTIONS.iter().position(|it| *it == reaction) {
            counts[place] += 1;
        }
    }
}
