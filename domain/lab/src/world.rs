//! Simulated persons, in families that have something in common.
//!
//! The families of [`TRAINING`] are those from which the shipped prior is fitted; quality is told by those of [`TEST`],
//! whose people are made in another way: a gain on them is not one on what was trained for.

mod dice;
mod habits;
mod swings;
mod tastes;

use crate::play::{Decide, Reaction};
pub(crate) use dice::{delta, mixed};
use habits::Habits;
use swings::Swings;

/// A simulated person.
pub trait Person {
    /// Lets time go by until they look, and tells what there is to choose from.
    fn ask(&mut self) -> Decide;

    /// The probability that each candidate would be done now.
    fn values(&self) -> Vec<f64>;

    /// Shows them a candidate; tells how they answer. `None` where there is no such candidate.
    fn answer(&mut self, index: usize) -> Reaction;
}

/// What a family of persons is like.
#[derive(Clone, Copy, Debug)]
pub struct Family {
    /// Its name.
    pub name: &'static str,
    /// After how many reactions everything flips.
    pub flip: Option<usize>,
    /// How answers arrive.
    pub answers: Answers,
    /// Each person is alone on their server: nobody to learn from.
    pub is_lonely: bool,
    make: Make,
}

/// How answers arrive.
#[derive(Clone, Copy, Debug)]
pub struct Answers {
    /// The median of their delay; none arrives at once.
    pub delay_hours: f64,
    /// How many never arrive.
    pub silent: f64,
    /// How many arrive twice.
    pub repeated: f64,
}

#[derive(Clone, Copy, Debug)]
enum Make {
    Swings(Swings),
    Habits(Habits),
}

const AT_ONCE: Answers = Answers { delay_hours: 0.0, silent: 0.0, repeated: 0.0 };

const fn family(name: &'static str, make: Make) -> Family {
    Family { name, flip: None, answers: AT_ONCE, is_lonely: false, make }
}

const fn training(name: &'static str, swings: Swings) -> Family {
    family(name, Make::Swings(swings))
}

const fn test(name: &'static str, habits: Habits) -> Family {
    family(name, Make::Habits(habits))
}

use habits::PLAIN as HABITS;
use swings::PLAIN as SWINGS;

/// The families from which the shipped prior is fitted.
pub const TRAINING: &[Family] = &[
    training("plain", SWINGS),
    training("rhythm", Swings { hours: 1.6, facts: 0.3, ..SWINGS }),
    training("deadlines", Swings { tasks: 20, advice: 3, facts: 1.4, hours: 0.4, ..SWINGS }),
    training("advice", Swings { tasks: 0, advice: 14, fatigue: 1.0, ..SWINGS }),
    training("tired", Swings { fatigue: 2.0, facts: 0.4, ..SWINGS }),
    training("names", Swings { names: 1.5, facts: 0.3, ..SWINGS }),
    training("fleeting", Swings { once: true, ..SWINGS }),
];

/// The families by which quality is told.
pub const TEST: &[Family] = &[
    test("day-parts", Habits { tasks: 0, advice: 12, ..HABITS }),
    test("streams", Habits { tasks: 16, advice: 0, urgency: 1.0, ..HABITS }),
    test("places", Habits { tasks: 14, advice: 4, places: true, ..HABITS }),
    test("mixed", Habits { tasks: 8, advice: 10, prompts: true, ..HABITS }),
    test("once", Habits { tasks: 8, advice: 6, once: true, ..HABITS }),
    test("hours", Habits { tasks: 6, advice: 8, narrow: true, ..HABITS }),
    Family { flip: Some(100), ..test("drift", HABITS) },
    Family {
        answers: Answers { delay_hours: 2.0, silent: 0.2, repeated: 0.1 },
        ..test("delay", HABITS)
    },
    Family { is_lonely: true, ..test("lonely", HABITS) },
];

/// Persons of a `family`, the same ones for the same seed.
pub fn people(family: &Family, persons: usize, seed: u64) -> Vec<Box<dyn Person>> {
    let seed = dice::mixed(seed, family.name);
    match family.make {
        Make::Swings(swings) => swings::people(&swings, family.flip, persons, seed),
        Make::Habits(habits) => habits::people(&habits, family.flip, persons, seed),
    }
}
