//! Which version of a prompt, which model or which kind makes the better tips?
//!
//! The question is how often a candidate of a version would be done if it were the tip whenever it
//! is among what there is to choose from: its **done-rate**, on average over all such moments, so
//! that one that waits for long counts each time. The tips that were shown do not tell it by
//! themselves, for the policy may show the candidates of one version only where they do well, and
//! those of another anywhere. So a tip that was chosen with the probability `p` counts `1 / p`
//! times, and these weights are divided by their sum (Hájek 1971; the self-normalised estimator of
//! Swaminathan & Joachims 2015). A policy that never gives up on a candidate makes that possible.
//!
//! Tasks and advice from the library count nowhere: what a version is compared with is another
//! version. Neither do tips that were not answered; where those of one version are answered less
//! often, the first two columns show it.
//!
//! Answers of one person hang together, those of one day even more: intervals come from resampling
//! whole persons, or whole days of each (`resample`). Each interval stands for itself: of twenty
//! differences of nothing, one is outside of a 95 % interval.

pub(crate) mod resample;
mod told;

use std::collections::{BTreeMap, BTreeSet};

use bandit::estimate::Interval;
use jiff::civil::Date;
use rand::{Rng, SeedableRng, rngs::ChaCha12Rng};
use recommender::Written;

use crate::{LabError, evaluate::effective};
use resample::Sums;

/// Fewer answers than this tell no rate, nor do those that are worth fewer (Parker et al. 2017: the
/// National Center for Health Statistics publishes a proportion from 30 on, in number and in
/// effective number).
pub(crate) const LEAST: usize = 30;

/// From fewer days than this, each one person's, the spread between days is not known, and from
/// fewer persons that between persons (the same standards ask for eight degrees of freedom).
pub(crate) const FEW: usize = 10;

/// Where fewer were done, or fewer were not, a rate is not normal yet, and what is resampled may be
/// all alike (Cochran 1954).
pub(crate) const EITHER: usize = 5;

/// What tips are told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum By {
    /// The version of the prompt.
    PromptVersion,
    /// The language model.
    Model,
    /// The kind of what was written.
    Kind,
}

/// How the versions did, and how much better or worse than one of them.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// What they are versions of.
    pub by: By,
    /// How often an interval may miss.
    pub alpha: f64,
    /// By name.
    pub versions: Vec<Version>,
    /// The one that the others are compared with.
    pub baseline: String,
    /// One for each of the others, in the same order.
    pub differences: Vec<Difference>,
}

/// How the tips of one version did.
#[derive(Clone, Debug)]
pub struct Version {
    /// Its name.
    pub name: String,
    /// How many were shown.
    pub served: usize,
    /// How many of them were answered.
    pub answered: usize,
    /// How many people answered one.
    pub persons: usize,
    /// How many equal weights would tell as much as these (Kish 1965).
    pub effective: f64,
    /// The done-rate, where any was answered.
    pub rate: Option<f64>,
    /// The same with its interval, where there is enough.
    pub estimate: Result<Estimate, Lack>,
}

/// How much more often tips of a version would be done than those of the baseline.
#[derive(Clone, Debug)]
pub struct Difference {
    /// The version.
    pub name: String,
    /// The difference of the done-rates; where there is too little, which of the two lacks what.
    pub estimate: Result<Estimate, (String, Lack)>,
}

/// A value, and what is known of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The value.
    pub value: f64,
    /// The interval around it.
    pub interval: Interval,
    /// Of whom it tells.
    pub of: Unit,
}

/// What was resampled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// So many persons: the interval is about people like these.
    Persons(usize),
    /// So many days, each one person's: the interval is about these people alone.
    Days(usize),
}

/// Why there is no interval: which rule is not met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// Too few were answered.
    Answers,
    /// They are worth too few.
    Effective,
    /// They are from too few days.
    Days,
    /// Nearly all of them, or nearly none, were done.
    Spread,
}

/// What was answered.
struct Answer {
    person: usize,
    day: Date,
    weight: f64,
    is_done: bool,
}

/// The tips of a version.
#[derive(Default)]
struct Tips {
    served: usize,
    answers: Vec<Answer>,
}

impl Comparison {
    /// Compares what `people` were shown. The baseline is the version with the most answers, unless
    /// it is named. `alpha` is how often an interval may miss, in (0, 1); the same `seed` gives the
    /// same intervals.
    ///
    /// # Errors When nothing was shown that a language model wrote, there is no such baseline, or
    /// `alpha` makes no sense.
    pub fn of(
        people: &[Vec<Written>],
        by: By,
        baseline: Option<&str>,
        alpha: f64,
        seed: u64,
    ) -> Result<Self, LabError> {
        if !(alpha > 0.0 && alpha < 1.0) {
            return Err(LabError::Invalid(format!("alpha is between 0 and 1, and not {alpha}")));
        }
        let mut tips: BTreeMap<&str, Tips> = BTreeMap::new();
        for (person, written) in people.iter().enumerate() {
            for tip in written {
                tips.entry(by.of(tip)).or_default().add(person, tip);
            }
        }
        let names: Vec<&str> = tips.keys().copied().collect();
        // The first one of those that have as many.
        let most = tips.iter().rev().max_by_key(|(_, tips)| tips.answers.len());
        let (baseline, base) = match (most, baseline) {
            (None, _) => return Err(LabError::NothingWritten),
            (Some(most), None) => most,
            (Some(_), Some(name)) => (tips.get_key_value(name))
                .ok_or_else(|| crate::unknown(by.title(), name, &names))?,
        };

        // What is told of one does not depend on which others there are.
        let rng = || ChaCha12Rng::seed_from_u64(seed);
        let version = |(name, tips): (&&str, &Tips)| Version {
            name: (*name).to_owned(),
            served: tips.served,
            answered: tips.answers.len(),
            persons: tips.persons(),
            effective: tips.effective(),
            rate: resample::value(&clusters([tips]).1).map(|(rate, _)| rate),
            estimate: tips.lack().map_or_else(|| Ok(Estimate::of([tips], alpha, &mut rng())), Err),
        };
        let difference = |(name, tips): (&&str, &Tips)| {
            let pair = [(*name, tips), (*baseline, base)];
            let lack = pair.iter().find_map(|(name, it)| Some(((*name).to_owned(), it.lack()?)));
            let estimate = || Ok(Estimate::of([tips, base], alpha, &mut rng()));
            Difference { name: (*name).to_owned(), estimate: lack.map_or_else(estimate, Err) }
        };
        let others = tips.iter().filter(|(name, _)| *name != baseline);
        Ok(Self {
            by,
            alpha,
            versions: tips.iter().map(version).collect(),
            baseline: (*baseline).to_owned(),
            differences: others.map(difference).collect(),
        })
    }
}

impl By {
    /// Which version `tip` is of.
    fn of(self, tip: &Written) -> &str {
        let name = match self {
            Self::PromptVersion => tip.prompt_version.as_deref(),
            Self::Model => tip.model.as_deref(),
            Self::Kind => Some(tip.kind.as_str()),
        };
        name.unwrap_or("unknown")
    }
}

impl Tips {
    fn add(&mut self, person: usize, tip: &Written) {
        self.served += 1;
        let weight = tip.propensity.recip();
        let answer = |is_done| Answer { person, day: tip.day, weight, is_done };
        self.answers.extend(tip.done.map(answer));
    }

    fn persons(&self) -> usize {
        self.answers.iter().map(|it| it.person).collect::<BTreeSet<_>>().len()
    }

    fn effective(&self) -> f64 {
        effective(&self.answers.iter().map(|it| it.weight).collect::<Vec<_>>())
    }

    fn lack(&self) -> Option<Lack> {
        let days: BTreeSet<_> = self.answers.iter().map(|it| (it.person, it.day)).collect();
        let done = self.answers.iter().filter(|it| it.is_done).count();
        let rules = [
            (Lack::Answers, self.answers.len() < LEAST),
            (Lack::Effective, self.effective() < resample::float(LEAST)),
            (Lack::Days, days.len() < FEW),
            (Lack::Spread, done.min(self.answers.len() - done) < EITHER),
        ];
        rules.into_iter().find(|(_, is_so)| *is_so).map(|(lack, _)| lack)
    }
}

impl Estimate {
    /// Of the rate of one version, or of the difference of two that lack nothing.
    fn of<const N: usize>(versions: [&Tips; N], alpha: f64, rng: &mut dyn Rng) -> Self {
        let (of, clusters) = clusters(versions);
        let (value, interval) = resample::estimate(&clusters, alpha, rng);
        Self { value, interval, of }
    }
}

/// What hangs together. It is persons where each version has enough of them to tell their spread.
/// Otherwise days: which version of a prompt somebody gets is drawn for each of their days, and for
/// a comparison among these people alone, what was drawn is what has to be resampled (Abadie et al.
/// 2023). That the policy has learned from one day for the next is left out there.
fn clusters<const N: usize>(versions: [&Tips; N]) -> (Unit, Vec<[Sums; N]>) {
    let by_person = versions.iter().all(|tips| tips.persons() >= FEW);
    let mut clusters: BTreeMap<(usize, Option<Date>), [Sums; N]> = BTreeMap::new();
    for (place, tips) in versions.into_iter().enumerate() {
        for Answer { person, day, weight, is_done } in &tips.answers {
            let cluster = clusters
                .entry((*person, (!by_person).then_some(*day)))
                .or_insert([Sums::default(); N]);
            cluster[place].add(*weight, *is_done);
        }
    }
    let count = clusters.len();
    let unit = if by_person { Unit::Persons(count) } else { Unit::Days(count) };
    (unit, clusters.into_values().collect())
}
