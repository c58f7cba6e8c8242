//! The engine that serves, with its memory in this process, driven by one JSON object a line.
//!
//! ```text
//! {"op":"decide","user":"u7","at":"2026-01-05T08:30:00Z","tz":"Europe/Berlin","candidates":[{"id":"t1"},{"id":"a3"}]}
//! {"chosen":"t1","propensity":0.42}
//! {"op":"react","user":"u7","id":"t1","reaction":"done","at":"2026-01-05T09:10:00Z"}
//! ```
//!
//! Features, their vector and the policy are those of `recommender` and `bandit`. People of one engine learn from each
//! other as far as the policy lets them ([`Policy::knowing`]).

mod person;
mod possible;
mod request;

use std::{
    io::{self, BufRead, Write},
    sync::Arc,
};

use bandit::{Arm, Candidate, Feature, Lesson, Policy, draw};
use rand::{SeedableRng, rngs::ChaCha12Rng};
use recommender::features::{Features, Moment};

use crate::{lines::converse, recent::Recent};
use person::{Decided, Person};
pub use request::{Chosen, Decide, Possible, React, Reaction, Request};

/// So many people are known at a time.
const PEOPLE: usize = 4_096;

/// A person learns from at most so many others: those who were served last.
const OTHERS: usize = 64;

/// A person learns from the others anew when their lessons have grown by so many, and by a fifth.
const NEW: usize = 20;

/// The engine, and all whom it has met.
pub struct Engine {
    policy: Box<dyn Policy>,
    people: Recent<Person>,
    /// How many decisions of anybody were answered.
    learned: usize,
    rng: ChaCha12Rng,
    propensities: Vec<f64>,
}

impl Engine {
    /// With nobody in it. With the same seed and the same questions, it gives the same answers.
    pub fn new(policy: Box<dyn Policy>, seed: u64) -> Self {
        Self {
            policy,
            people: Recent::new(PEOPLE),
            learned: 0,
            rng: ChaCha12Rng::seed_from_u64(seed),
            propensities: Vec::new(),
        }
    }

    /// Chooses; `None` without candidates.
    pub fn decide(&mut self, ask: &Decide) -> Option<Chosen> {
        if ask.candidates.is_empty() {
            return None;
        }
        let moment = Moment::new(ask.at, ask.zone());
        self.share(&ask.user);
        let Self { policy, people, rng, propensities, .. } = self;
        let person = people.used(&ask.user, || Person::new(policy.posterior()));

        let features: Vec<Features> =
            ask.candidates.iter().map(|possible| person.features(possible, &moment)).collect();
        let vectors: Vec<Vec<Feature>> = (features.iter().zip(&ask.candidates))
            .map(|(features, possible)| features.vector(&possible.id))
            .collect();
        let candidates: Vec<Candidate<'_>> = (features.iter().zip(&vectors))
            .map(|(known, features)| Candidate { arm: Arm::named(&known.arm()), features })
            .collect();
        person.propensities(ask.at, &candidates, propensities);

        let choice = draw(propensities, rng)?;
        let (index, propensity) = (choice.index, choice.propensity);
        let id = ask.candidates[index].id.clone();
        person.show(Decided {
            id: id.clone(),
            at: ask.at,
            arm: candidates[index].arm,
            features: vectors[index].clone(),
            propensity,
            kind: features[index].kind.clone(),
        });
        Some(Chosen { chosen: id, propensity })
    }

    /// Learns. A reaction to what was never shown is nothing; another one to the same decision replaces the first.
    pub fn react(&mut self, react: &React) {
        if let Some(person) = self.people.get_mut(&react.user) {
            self.learned += usize::from(person.react(react));
        }
    }

    /// The newest lessons of a person.
    pub fn lessons(&self, user: &str) -> Vec<Arc<Lesson>> {
        self.people.get(user).map(Person::lessons).unwrap_or_default()
    }

    /// Lets a person know what the others have taught, when that has become more.
    fn share(&mut self, user: &str) {
        let Self { policy, people, learned, .. } = self;
        let person = people.used(user, || Person::new(policy.posterior()));
        let of_others = learned.saturating_sub(person.learned);
        if of_others < person.pooled + NEW.max(person.pooled / 5) {
            return;
        }
        person.pooled = of_others;
        let others = people.others(user).map(Person::lessons).filter(|lessons| !lessons.is_empty());
        let others: Vec<Vec<Arc<Lesson>>> = others.take(OTHERS).collect();
        if let Some(policy) = policy.knowing(&others)
            && let Some(person) = people.get_mut(user)
        {
            person.believe(&*policy);
        }
    }
}

/// Answers line by line, until the input ends.
///
/// # Errors
/// When the input or the output breaks. A malformed line is answered by `{"error":"…"}`.
pub fn run(engine: &mut Engine, input: impl BufRead, output: impl Write) -> io::Result<()> {
    converse(input, output, |line| match serde_json::from_str(line) {
        Ok(Request::Decide(ask)) => {
            let chosen = engine.decide(&ask).ok_or("there are no candidates")?;
            serde_json::to_string(&chosen).map(Some).map_err(|error| error.to_string())
        }
        Ok(Request::React(react)) => {
            engine.react(&react);
            Ok(None)
        }
        Err(error) => Err(error.to_string()),
    })
}
