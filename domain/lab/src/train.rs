//! The prior that is shipped, fitted to simulated people who are not those by which quality is told.

use std::{fmt::Write as _, sync::Arc};

use bandit::Lesson;
use recommender::features::GROUPS;

use crate::{
    LabError,
    play::{Engine, React},
    policy,
    world::{TRAINING, people},
};

/// The policies that choose what is learned from, in turns.
const CHOOSES: [&str; 2] = ["random", "personal"];

/// The variance of a reward around its mean.
const NOISE: f64 = 0.16;

const PERSONS: usize = 4;
const REACTIONS: usize = 200;
const ROUNDS: usize = 30;

/// Not the worlds that a simulation plays.
const FIRST_SEED: u64 = 50_000;

/// The fitted prior, as the lines of the table in `recommender::prior`.
///
/// # Errors
/// When a policy does not exist.
pub fn fitted(seeds: u64) -> Result<String, LabError> {
    let mut lessons = Vec::new();
    for family in TRAINING {
        for (seed, name) in (0..seeds).zip(CHOOSES.into_iter().cycle()) {
            let mut engine = Engine::new(policy(name)?, seed);
            for mut person in people(family, PERSONS, FIRST_SEED + seed) {
                let mut user = String::new();
                for _ in 0..REACTIONS {
                    let ask = person.ask();
                    let Some(chosen) = engine.decide(&ask) else { continue };
                    let id = chosen.chosen;
                    let is_it = |index: &usize| ask.candidates[*index].id == id;
                    let Some(index) = (0..ask.candidates.len()).find(is_it) else { continue };
                    let reaction = person.answer(index);
                    user.clone_from(&ask.user);
                    engine.react(&React { user: ask.user, id, reaction, at: Some(ask.at) });
                }
                lessons.push(engine.lessons(&user));
            }
        }
    }
    Ok(rows(&lessons))
}

fn rows(lessons: &[Vec<Arc<Lesson>>]) -> String {
    let prior = recommender::prior::shipped().fit(lessons, NOISE, ROUNDS);
    let mut rows = String::new();
    let mut from = 0;
    for group in GROUPS {
        let (mean, deviation) = prior.weight(from);
        let _ = writeln!(rows, "    (\"{}\", {mean:.3}, {deviation:.3}),", group.name);
        from += group.size;
    }
    rows
}
