//! One world: persons who share an engine, and live in turns.

use std::collections::BTreeMap;

use kernel::Timestamp;
use rand::{RngExt, SeedableRng, rngs::ChaCha12Rng};

use super::{Plan, Task};
use crate::{
    LabError,
    play::{Decide, Engine, React, Reaction},
    world::{Answers, Family, Person, people},
};

/// What a decision was worth: how probable it was that the candidate would be done.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Decision {
    /// The chosen one.
    pub(crate) chosen: f64,
    /// Any one, on average.
    pub(crate) random: f64,
    /// The best one.
    pub(crate) best: f64,
}

/// The decisions of each person.
pub(super) fn play(
    plan: &Plan,
    family: &Family,
    policy: &str,
    task: &Task,
) -> Result<Vec<Vec<Decision>>, LabError> {
    let persons = people(family, plan.persons, task.seed);
    let mut lives = vec![Vec::with_capacity(plan.reactions); persons.len()];
    // Who is lonely has an engine of their own.
    let engines = if family.is_lonely { persons.len() } else { 1 };
    let mut engines = (0..engines)
        .map(|_| Ok(Engine::new(crate::policy(policy)?, task.seed)))
        .collect::<Result<Vec<_>, LabError>>()?;
    let mut rng = ChaCha12Rng::seed_from_u64(task.seed);
    let mut persons: Vec<_> =
        persons.into_iter().map(|person| (person, Mailbox::default())).collect();
    for _ in 0..plan.reactions {
        for (number, ((person, mailbox), life)) in persons.iter_mut().zip(&mut lives).enumerate() {
            let engine = number % engines.len();
            let Some(engine) = engines.get_mut(engine) else { continue };
            let ask = person.ask();
            mailbox.deliver(ask.at, engine);
            let answers = if task.is_at_once { None } else { Some(&family.answers) };
            if let Some((decision, react)) = decide(engine, person.as_mut(), &ask) {
                life.push(decision);
                mailbox.post(react, ask.at, answers, &mut rng);
                mailbox.deliver(ask.at, engine);
            }
        }
    }
    Ok(lives)
}

fn decide(engine: &mut Engine, person: &mut dyn Person, ask: &Decide) -> Option<(Decision, React)> {
    let values = person.values();
    let chosen = engine.decide(ask)?;
    let index = ask.candidates.iter().position(|possible| possible.id == chosen.chosen)?;
    #[expect(clippy::cast_precision_loss, reason = "a few dozen")]
    let random = values.iter().sum::<f64>() / values.len() as f64;
    let best = values.iter().copied().fold(0.0, f64::max);
    let decision = Decision { chosen: *values.get(index)?, random, best };
    let reaction = person.answer(index);
    Some((
        decision,
        React { user: ask.user.clone(), id: chosen.chosen, reaction, at: Some(ask.at) },
    ))
}

/// Answers on their way, by when they arrive.
#[derive(Default)]
struct Mailbox {
    posted: u64,
    reacts: BTreeMap<(Timestamp, u64), React>,
}

impl Mailbox {
    fn post(
        &mut self,
        react: React,
        at: Timestamp,
        answers: Option<&Answers>,
        rng: &mut ChaCha12Rng,
    ) {
        let Some(answers) = answers.filter(|answers| answers.delay_hours > 0.0) else {
            self.put(at, react);
            return;
        };
        // A geometric middle: as many come in half the time as need twice as long.
        let mut delay = || {
            let spread = rng.random_range(-2.0..2.0_f64);
            crate::world::delta(answers.delay_hours * spread.exp())
        };
        let (first, second) = (delay(), delay());
        if rng.random::<f64>() < answers.silent {
            self.put(at + first, React { reaction: Reaction::None, ..react });
            return;
        }
        if rng.random::<f64>() < answers.repeated {
            self.put(at + first + second, react.clone());
        }
        self.put(at + first, react);
    }

    fn put(&mut self, at: Timestamp, react: React) {
        self.posted += 1;
        self.reacts.insert((at, self.posted), react);
    }

    fn deliver(&mut self, until: Timestamp, engine: &mut Engine) {
        while let Some(first) = self.reacts.first_entry() {
            if first.key().0 > until {
                break;
            }
            engine.react(&first.remove());
        }
    }
}
