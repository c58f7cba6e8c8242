//! A sitting: one person at one moment, and what they are shown besides what models write for it.

use advice::{Advice, Library, OpenTask, Situation};
use kernel::PartOfDay;
use rand::{RngExt, SeedableRng, rngs::ChaCha12Rng, seq::SliceRandom};

use crate::{profiles::Profile, world::mixed};

/// So many pieces of the library are judged in a sitting.
const PIECES: usize = 4;

const WEEKDAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Chance of its own for each `name`.
pub(super) fn chance(seed: u64, name: &str) -> ChaCha12Rng {
    ChaCha12Rng::seed_from_u64(mixed(seed, name))
}

pub(super) struct Sitting {
    /// Its place among the profiles.
    pub(super) person: usize,
    pub(super) part: PartOfDay,
    pub(super) weekday: &'static str,
    pub(super) pieces: Vec<Advice>,
    /// Its own among all sittings.
    name: String,
}

impl Sitting {
    /// The round `number` of a person.
    pub(super) fn draw(
        person: usize,
        profile: &Profile,
        number: u32,
        seed: u64,
        library: &Library,
    ) -> Self {
        let name = format!("{}/{number}", profile.name);
        let mut rng = chance(seed, &name);
        let part = PartOfDay::ALL[rng.random_range(0..PartOfDay::ALL.len())];
        let weekday = WEEKDAYS[rng.random_range(0..WEEKDAYS.len())];
        let mut pieces: Vec<Advice> = library.for_part(part).cloned().collect();
        pieces.shuffle(&mut rng);
        pieces.truncate(PIECES);
        Self { person, part, weekday, pieces, name }
    }

    /// Decides in which order all is shown.
    pub(super) fn order(&self, seed: u64) -> ChaCha12Rng {
        chance(seed, &format!("{}/order", self.name))
    }

    /// What a model is told that writes for it.
    pub(super) fn situation(&self, profile: &Profile) -> Situation {
        let task = |(task, place): (&crate::profiles::Task, usize)| OpenTask {
            id: place.to_string(),
            title: task.title.clone(),
            due_in_days: task.due,
            open_for_days: task.age,
            minutes: task.minutes,
            ..OpenTask::default()
        };
        Situation {
            tasks: profile.tasks.iter().zip(0..).map(task).collect(),
            reactions: Vec::new(),
            patterns: Vec::new(),
            part: self.part,
            weekday: self.weekday.to_owned(),
        }
    }
}
