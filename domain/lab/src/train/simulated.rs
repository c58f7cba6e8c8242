//! The prior that is shipped, from simulated people who are not those by which quality is told.

use std::{fmt::Write as _, sync::Arc};

use bandit::Lesson;
use recommender::{
    features::VERSION,
    prior::{Row, Table},
};

use super::{NOISE, STEPS};
use crate::{
    LabError,
    play::{Engine, React},
    policy_with,
    world::{Person, TRAINING, people},
};

/// The policies that choose what is learned from, in turns.
const CHOOSES: [&str; 2] = ["random", "personal"];

const PERSONS: usize = 4;
const REACTIONS: usize = 200;

/// How the file begins.
const HEAD: &str = "\
//! Made by `oo lab train --simulated`.

/// Mean and standard deviation of a weight, by group.
pub(super) const SHIPPED: &[(&str, f64, f64)] = &[
";

/// Not the worlds that a simulation plays.
const FIRST_SEED: u64 = 50_000;

/// Digits of a mean and a deviation, that a person can read the table.
const DIGITS: usize = 3;

/// The fitted prior, as `recommender/src/prior/shipped.rs`.
///
/// # Errors
/// When a policy does not exist.
pub fn simulated(seeds: u64) -> Result<String, LabError> {
    // Whatever was shipped before: hardly an opinion.
    let start = Table { features_version: VERSION, groups: Vec::new() }.prior();
    let start = Arc::new(start.map_err(|error| LabError::Invalid(error.to_string()))?);
    let mut lessons = Vec::new();
    for family in TRAINING {
        for (seed, name) in (0..seeds).zip(CHOOSES.into_iter().cycle()) {
            let mut engine = Engine::new(policy_with(name, &start)?, seed);
            for mut person in people(family, PERSONS, FIRST_SEED + seed) {
                lessons.push(lived(&mut engine, &mut *person));
            }
        }
    }
    let prior = start.fit(&lessons, NOISE, STEPS, 0.0);
    let mut file = String::from(HEAD);
    for Row { group, mean, deviation } in Table::of(&prior).groups {
        let _ = writeln!(file, "    ({group:?}, {mean:.DIGITS$}, {deviation:.DIGITS$}),");
    }
    file.push_str("];\n");
    Ok(file)
}

/// What a person's answers teach.
fn lived(engine: &mut Engine, person: &mut dyn Person) -> Vec<Arc<Lesson>> {
    let mut user = String::new();
    for _ in 0..REACTIONS {
        let ask = person.ask();
        let Some(chosen) = engine.decide(&ask) else { continue };
        let id = chosen.chosen;
        let Some(index) = ask.candidates.iter().position(|it| it.id == id) else { continue };
        let reaction = person.answer(index);
        user.clone_from(&ask.user);
        engine.react(&React { user: ask.user, id, reaction, at: Some(ask.at) });
    }
    engine.lessons(&user)
}
