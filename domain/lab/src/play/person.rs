//! What is remembered of one person.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use bandit::{Arm, Candidate, Feature, Lesson, Policy, Posterior, REMEMBERED};
use kernel::{Timestamp, hours_between};
use recommender::features::{Features, LastAnswer, Moment, Shown};

use super::request::{Possible, React, Reaction};
use crate::recent::Recent;

/// So many decisions wait for an answer, or for another one.
const WAITING: usize = 4_096;

/// So many candidates, and kinds of them, are known again.
const SEEN: usize = 8_192;

pub(super) struct Person {
    posterior: Box<dyn Posterior>,
    lessons: BTreeMap<i64, Arc<Lesson>>,
    waiting: VecDeque<Waiting>,
    seen: Recent<Seen>,
    kinds: Recent<Timestamp>,
    /// When the last decision was; each is later than the one before, if only by a microsecond.
    last: i64,
    /// How many lessons there ever were.
    pub(super) learned: usize,
    /// How many lessons of other people its posterior knows.
    pub(super) pooled: usize,
}

/// A decision that was made.
pub(super) struct Decided {
    pub(super) id: String,
    pub(super) at: Timestamp,
    pub(super) arm: Arm,
    pub(super) features: Vec<Feature>,
    pub(super) propensity: f64,
    pub(super) kind: String,
}

struct Waiting {
    decided: Decided,
    /// What tells it apart, and puts it in order.
    key: i64,
    answer: Option<LastAnswer>,
}

#[derive(Default)]
struct Seen {
    times: u32,
    at: Option<Timestamp>,
    last: Option<LastAnswer>,
}

impl Person {
    pub(super) fn new(posterior: Box<dyn Posterior>) -> Self {
        Self {
            posterior,
            lessons: BTreeMap::new(),
            waiting: VecDeque::new(),
            seen: Recent::new(SEEN),
            kinds: Recent::new(SEEN),
            last: 0,
            learned: 0,
            pooled: 0,
        }
    }

    /// The newest lessons, in the order of their decisions.
    pub(super) fn lessons(&self) -> Vec<Arc<Lesson>> {
        self.lessons.values().cloned().collect()
    }

    /// Believes from now on what `policy` does, of what is remembered.
    pub(super) fn believe(&mut self, policy: &dyn Policy) {
        self.posterior = policy.posterior_after(&self.lessons());
    }

    pub(super) fn propensities(
        &mut self,
        at: Timestamp,
        candidates: &[Candidate<'_>],
        out: &mut Vec<f64>,
    ) {
        self.posterior.propensities(at.timestamp_micros(), candidates, out);
    }

    pub(super) fn features(&self, possible: &Possible, moment: &Moment) -> Features {
        let mut features = possible.features(moment);
        let hours = |at: &Timestamp| hours_between(*at, moment.at).max(0.0);
        let seen = self.seen.get(&possible.id);
        features.shown = Shown {
            times: seen.map_or(0, |seen| seen.times),
            hours_ago: seen.and_then(|seen| seen.at.as_ref()).map(hours),
            last: seen.and_then(|seen| seen.last),
            kind_hours_ago: self.kinds.get(&features.kind).map(hours),
        };
        features
    }

    /// Remembers that it was shown.
    pub(super) fn show(&mut self, decided: Decided) {
        let Decided { ref id, at, ref kind, .. } = decided;
        let seen = self.seen.used(id, Seen::default);
        seen.times = seen.times.saturating_add(1);
        seen.at = Some(at);
        *self.kinds.used(kind, || at) = at;

        let key = at.timestamp_micros().max(self.last.saturating_add(1));
        self.last = key;
        self.waiting.push_back(Waiting { decided, key, answer: None });
        if self.waiting.len() > WAITING {
            self.waiting.pop_front();
        }
    }

    /// Learns from a reaction; one to what was never shown is nothing. Tells whether it was the first to its decision.
    pub(super) fn react(&mut self, react: &React) -> bool {
        let is_meant = |waiting: &&mut Waiting| {
            waiting.decided.id == react.id && react.at.is_none_or(|at| waiting.decided.at <= at)
        };
        let Some(Waiting { decided, key, answer }) = self.waiting.iter_mut().rev().find(is_meant)
        else {
            return false;
        };
        *answer = react.reaction.answer();
        let candidate = Candidate { arm: decided.arm, features: &decided.features };
        let reward = react.reaction.reward();
        let lesson = Arc::new(Lesson::new(*key, &candidate, decided.propensity, reward));
        self.posterior.learn(Arc::clone(&lesson));
        let is_first = self.lessons.insert(*key, lesson).is_none();
        self.learned += usize::from(is_first);
        if self.lessons.len() > REMEMBERED {
            self.lessons.pop_first();
        }

        // Of all that was answered of it, the newest decision's answer, whichever came last.
        let mut of_it = self.waiting.iter().rev().filter(|waiting| waiting.decided.id == react.id);
        let last = of_it.find_map(|waiting| waiting.answer);
        if let Some(seen) = self.seen.get_mut(&react.id) {
            seen.last = last;
        }
        is_first
    }
}

impl Reaction {
    /// What it earns. Where nothing came of a tip, it was worth nothing.
    fn reward(self) -> f64 {
        use recommender::{Reaction as Served, Snooze};
        match self {
            Self::Done => Served::Done.reward(),
            Self::Snooze => Served::Snooze(Snooze::default()).reward(),
            Self::Dismiss | Self::None => Served::Dismiss.reward(),
        }
    }

    fn answer(self) -> Option<LastAnswer> {
        match self {
            Self::Done => Some(LastAnswer::Done),
            Self::Snooze => Some(LastAnswer::Snooze),
            Self::Dismiss => Some(LastAnswer::Dismiss),
            Self::None => None,
        }
    }
}
