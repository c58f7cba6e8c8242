//! Does the judge react like people do? Told by the shipped advice that people have answered.
//!
//! For each of their answers, the most of the judge's persons say what they would do with the same advice at the same part
//! of the day: done, where more than half of them would. Nothing of a real person is sent to the judge: no title, no
//! generated text, no id, no answer. It is asked about the library in batches that do not depend on anybody; only a batch
//! of which nothing was ever answered here is left out.

use std::collections::{HashMap, HashSet};

use advice::{Advice, Library};
use bandit::estimate::Interval;
use kernel::PartOfDay;
use rand::{rngs::ChaCha12Rng, seq::SliceRandom};
use recommender::Advised;

use super::{kappa::Pairs, sitting::chance};
use crate::{
    compare::{FEW, LEAST},
    evaluate::ALPHA,
    play::Reaction,
    profiles::Profile,
};

/// So many pieces of advice are judged at once.
const BATCH: usize = 12;

/// How often the judge and people say the same.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Agreement {
    /// Answers of people to advice that the judge knows.
    pub pairs: usize,
    /// Of how many people.
    pub persons: usize,
    /// Cohen's kappa; none below thirty pairs, or where one side always says the same.
    pub kappa: Option<f64>,
    /// Its interval, over people; none of fewer than ten.
    pub interval: Option<Interval>,
}

/// Some advice for a part of the day.
pub(super) struct Batch {
    pub(super) part: PartOfDay,
    pub(super) advice: Vec<Advice>,
    name: String,
}

/// Of how many of the judge's persons a piece of advice would be done at a part of the day, and of how many not.
#[derive(Default)]
pub(super) struct Said(HashMap<(String, PartOfDay), [usize; 2]>);

/// What is to be judged for this. Nothing, where too few have answered: it would tell nothing.
pub(super) fn batches(people: &[Vec<Advised>], library: &Library, seed: u64) -> Vec<Batch> {
    let answered = people.iter().flatten().map(|it| (it.advice.as_str(), it.part));
    let known = |(id, part): &(&str, PartOfDay)| library.get(id).is_some_and(|it| it.fits(*part));
    let answered: Vec<(&str, PartOfDay)> = answered.filter(known).collect();
    if answered.len() < LEAST {
        return Vec::new();
    }
    let answered: HashSet<(&str, PartOfDay)> = answered.into_iter().collect();
    let mut batches = Vec::new();
    for part in PartOfDay::ALL {
        let mut fitting: Vec<Advice> = library.for_part(part).cloned().collect();
        fitting.shuffle(&mut chance(seed, &format!("library/{part}")));
        for (place, advice) in fitting.chunks(BATCH).enumerate() {
            if advice.iter().any(|it| answered.contains(&(it.id.as_str(), part))) {
                let name = format!("{part}/{place}");
                batches.push(Batch { part, advice: advice.to_vec(), name });
            }
        }
    }
    batches
}

impl Batch {
    /// Its advice, in an order of its own for each person.
    pub(super) fn shown_to(&self, profile: &Profile, seed: u64) -> Vec<&Advice> {
        let mut rng: ChaCha12Rng = chance(seed, &format!("{}/{}", profile.name, self.name));
        let mut shown: Vec<&Advice> = self.advice.iter().collect();
        shown.shuffle(&mut rng);
        shown
    }
}

impl Said {
    pub(super) fn add(&mut self, advice: &Advice, part: PartOfDay, reaction: Reaction) {
        let said = self.0.entry((advice.id.clone(), part)).or_default();
        said[usize::from(reaction != Reaction::Done)] += 1;
    }

    /// Whether the most would do it.
    fn is_done(&self, answer: &Advised) -> Option<bool> {
        let [done, not] = self.0.get(&(answer.advice.clone(), answer.part))?;
        Some(done > not)
    }

    /// How far `people` are of one mind with it.
    pub(super) fn agreement(&self, people: &[Vec<Advised>], seed: u64) -> Agreement {
        let mut persons = Vec::new();
        for answers in people {
            let mut pairs = Pairs::default();
            for answer in answers {
                if let Some(is_done) = self.is_done(answer) {
                    pairs.add(is_done, answer.is_done);
                }
            }
            if pairs.count() > 0 {
                persons.push(pairs);
            }
        }
        let pairs = persons.iter().map(Pairs::count).sum();
        let estimate = Pairs::estimate(&persons, ALPHA, &mut chance(seed, "kappa"));
        let estimate = estimate.filter(|_| pairs >= LEAST);
        let interval = estimate.map(|(_, interval)| interval);
        Agreement {
            pairs,
            persons: persons.len(),
            kappa: estimate.map(|(kappa, _)| kappa),
            interval: interval.filter(|it| persons.len() >= FEW && it.low.is_finite()),
        }
    }
}

/// Before anything was judged: how many answers there are.
pub(super) fn answers(people: &[Vec<Advised>], library: &Library) -> Agreement {
    let known = |it: &&Advised| library.get(&it.advice).is_some_and(|advice| advice.fits(it.part));
    let counts: Vec<usize> =
        people.iter().map(|answers| answers.iter().filter(known).count()).collect();
    Agreement {
        pairs: counts.iter().sum(),
        persons: counts.iter().filter(|count| **count > 0).count(),
        ..Agreement::default()
    }
}
