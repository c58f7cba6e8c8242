//! Cohen's kappa: how much more often two agree than they would by chance.
//!
//! κ = (pₒ − pₑ) / (1 − pₑ), with the share pₒ of pairs in which both say the same, and the share pₑ of those in which they
//! would if neither knew of the other and both said as much of each as they do (Cohen, *A coefficient of agreement for
//! nominal scales*, 1960). Pairs of one person hang together: whole persons are resampled, with a standard error from
//! leaving out one person at a time (the jackknife; Efron & Tibshirani 1993).

use std::ops::{AddAssign, Sub};

use bandit::estimate::Interval;
use rand::Rng;

use crate::compare::resample::{float, studentised};

/// Pairs of what a judge says and what a person did, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pairs {
    /// Both: done.
    pub both: usize,
    /// Done by the judge alone.
    pub judge: usize,
    /// Done by the person alone.
    pub person: usize,
    /// By neither.
    pub neither: usize,
}

impl Pairs {
    /// Adds one.
    pub fn add(&mut self, judge: bool, person: bool) {
        let count = match (judge, person) {
            (true, true) => &mut self.both,
            (true, false) => &mut self.judge,
            (false, true) => &mut self.person,
            (false, false) => &mut self.neither,
        };
        *count += 1;
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.both + self.judge + self.person + self.neither
    }

    /// Cohen's kappa, at most 1. None, where both always say the same one thing, or there are no pairs.
    pub fn kappa(&self) -> Option<f64> {
        let [both, judge, person, neither, count] =
            [self.both, self.judge, self.person, self.neither, self.count()].map(float);
        let observed = (both + neither) / count;
        let (judge, person) = ((both + judge) / count, (both + person) / count);
        let expected = judge * person + (1.0 - judge) * (1.0 - person);
        let kappa = (observed - expected) / (1.0 - expected);
        kappa.is_finite().then_some(kappa)
    }

    /// Kappa of all `persons` together, and an interval that misses as often as `alpha` says:
    /// [`Interval::EVERYTHING`] where nothing can be told. None, where there is no kappa.
    pub fn estimate(persons: &[Self], alpha: f64, rng: &mut dyn Rng) -> Option<(f64, Interval)> {
        let (kappa, _) = value(persons)?;
        Some((kappa, studentised(persons, alpha, rng, value).1))
    }
}

/// Kappa, and its standard error.
fn value(persons: &[Pairs]) -> Option<(f64, f64)> {
    let mut all = Pairs::default();
    for pairs in persons {
        all += *pairs;
    }
    let without = persons.iter().map(|pairs| (all - *pairs).kappa());
    let error = without.collect::<Option<Vec<f64>>>().map_or(f64::NAN, |without| {
        let count = float(without.len());
        let mean = without.iter().sum::<f64>() / count;
        let squares: f64 = without.iter().map(|kappa| (kappa - mean).powi(2)).sum();
        (squares * (count - 1.0) / count).sqrt()
    });
    Some((all.kappa()?, error))
}

impl AddAssign for Pairs {
    fn add_assign(&mut self, other: Self) {
        self.both += other.both;
        self.judge += other.judge;
        self.person += other.person;
        self.neither += other.neither;
    }
}

impl Sub for Pairs {
    type Output = Self;

    /// What is left of them without `other`, which is a part of them.
    fn sub(self, other: Self) -> Self {
        Self {
            both: self.both - other.both,
            judge: self.judge - other.judge,
            person: self.person - other.person,
            neither: self.neither - other.neither,
        }
    }
}
