//! What was earned, arm by arm: for the policies that see no features.

use std::sync::Arc;

use super::thompson::Beta;
use crate::{
    Arm, Candidate, Lesson,
    lessons::{Entered, Lessons},
};

/// Rewards earned and missed, by arm. Rewards are multiples of 1/256, and their sums exact.
#[derive(Clone, Debug, Default)]
pub(super) struct Counts {
    lessons: Lessons,
    /// In the order of the arms.
    arms: Vec<(Arm, Beta)>,
}

impl Counts {
    pub(super) fn learn(&mut self, lesson: Arc<Lesson>) {
        self.add(&lesson, 1.0);
        if let Entered::Instead(_, old) = self.lessons.enter(lesson) {
            self.add(&old, -1.0);
        }
        if let Some(old) = self.lessons.leave() {
            self.add(&old, -1.0);
        }
    }

    fn add(&mut self, lesson: &Lesson, sign: f64) {
        let place = self.arms.binary_search_by_key(&lesson.arm, |(arm, _)| *arm);
        let place = place.unwrap_or_else(|place| {
            self.arms.insert(place, (lesson.arm, Beta::default()));
            place
        });
        let (_, counts) = &mut self.arms[place];
        let weight = sign * lesson.weight();
        counts.successes += weight * lesson.reward();
        counts.failures += weight * (1.0 - lesson.reward());
        if *counts == Beta::default() {
            self.arms.remove(place);
        }
    }

    /// What is known of an arm.
    pub(super) fn of(&self, arm: Arm) -> Beta {
        let place = self.arms.binary_search_by_key(&arm, |(arm, _)| *arm);
        place.map_or_else(|_| Beta::default(), |place| self.arms[place].1)
    }
}

/// The distinct arms of a set of candidates.
#[derive(Clone, Debug, Default)]
pub(super) struct Arms {
    /// In the order of their first candidate.
    pub(super) distinct: Vec<Arm>,
    /// For each candidate, its arm's position in `distinct`.
    of: Vec<usize>,
    /// For each arm, how many candidates it has.
    sizes: Vec<f64>,
}

impl Arms {
    pub(super) fn new(candidates: &[Candidate<'_>]) -> Self {
        let mut arms = Self::default();
        for candidate in candidates {
            let known = arms.distinct.iter().position(|arm| *arm == candidate.arm);
            let place = known.unwrap_or_else(|| {
                arms.distinct.push(candidate.arm);
                arms.sizes.push(0.0);
                arms.distinct.len() - 1
            });
            arms.sizes[place] += 1.0;
            arms.of.push(place);
        }
        arms
    }

    /// The probability of each candidate, when each arm has the probability `arms`: candidates of one arm are alike.
    pub(super) fn spread(&self, arms: &[f64], out: &mut Vec<f64>) {
        out.clear();
        out.extend(self.of.iter().map(|&arm| arms[arm] / self.sizes[arm]));
    }
}
