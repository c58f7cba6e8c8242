//! People of the test worlds: tables and rules in place of curves and sums.
//!
//! A person has a table of how probable it is that they do a category (a label, or a kind of advice) in a part of their
//! day, and rules that multiply it: what is due at once, what cannot be done where they are, what they have had enough of.

use kernel::{TimeZone, Timestamp, hours_between};
use rand::{Rng, RngExt, SeedableRng, rngs::ChaCha12Rng};

use super::{
    Person,
    dice::{ZONES, answered, beginning, chance, clock, delta, one_of, zone},
};
use crate::play::{Decide, Possible, Reaction};

/// What the lives of these people are made of.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each family switches its own on")]
pub(super) struct Habits {
    pub(super) tasks: usize,
    pub(super) advice: usize,
    /// Whether every candidate is seen once only.
    pub(super) once: bool,
    /// How many of the tasks have to be done within hours.
    pub(super) urgency: f64,
    /// Whether some tasks can only be done in some places.
    pub(super) places: bool,
    /// Whether one version of the prompt is far better than the others.
    pub(super) prompts: bool,
    /// Whether a category is liked for three hours a day rather than for a part of it.
    pub(super) narrow: bool,
}

pub(super) const PLAIN: Habits = Habits {
    tasks: 8,
    advice: 6,
    once: false,
    urgency: 0.3,
    places: false,
    prompts: false,
    narrow: false,
};

const CATEGORIES: [&str; 6] = ["walk", "letters", "garden", "music", "repair", "study"];
const LEVELS: [f64; 4] = [0.05, 0.2, 0.5, 0.9];
const SLOTS: usize = 8;
const VERSIONS: usize = 4;

/// By slot of three hours and category.
type Table = [[f64; CATEGORIES.len()]; SLOTS];

struct Item {
    possible: Possible,
    category: usize,
    due: Option<Timestamp>,
    born: Timestamp,
    /// Where it can be done: anywhere, at work, at home.
    place: Option<bool>,
    version: Option<usize>,
    shown: Option<Timestamp>,
}

struct Habitual {
    habits: Habits,
    flip: Option<usize>,
    name: String,
    table: Table,
    version: usize,
    /// What is longer is not begun in the evening.
    patience_minutes: f64,
    zone: TimeZone,
    at: Timestamp,
    items: Vec<Item>,
    next_id: usize,
    reactions: usize,
    rng: ChaCha12Rng,
}

pub(super) fn people(
    habits: &Habits,
    flip: Option<usize>,
    persons: usize,
    seed: u64,
) -> Vec<Box<dyn Person>> {
    let mut rng = ChaCha12Rng::seed_from_u64(seed);
    let common = table(habits, &mut rng);
    let version = rng.random_range(0..VERSIONS);
    let mut person = |number: usize| -> Box<dyn Person> {
        // Two columns in three are as most people's.
        let mut own = table(habits, &mut rng);
        for category in 0..CATEGORIES.len() {
            if chance(&mut rng, 0.67) {
                (0..SLOTS).for_each(|slot| own[slot][category] = common[slot][category]);
            }
        }
        Box::new(Habitual {
            habits: *habits,
            flip,
            name: format!("u{number}"),
            table: own,
            version,
            patience_minutes: one_of(&mut rng, &[10.0, 20.0, 60.0]).unwrap_or(20.0),
            zone: zone(one_of(&mut rng, &ZONES).unwrap_or_default()),
            at: beginning(),
            items: Vec::new(),
            next_id: 0,
            reactions: 0,
            rng: ChaCha12Rng::seed_from_u64(rng.next_u64()),
        })
    };
    (0..persons).map(&mut person).collect()
}

/// Each category has its level, and its time.
fn table(habits: &Habits, rng: &mut ChaCha12Rng) -> Table {
    let mut table = [[0.0; CATEGORIES.len()]; SLOTS];
    for category in 0..CATEGORIES.len() {
        let level = rng.random_range(0..LEVELS.len());
        let (from, length) = (rng.random_range(2..SLOTS), if habits.narrow { 1 } else { 3 });
        for (slot, row) in table.iter_mut().enumerate() {
            let is_its_time = slot >= from && slot < from + length;
            let usual = if habits.narrow { LEVELS[0] } else { LEVELS[level] };
            row[category] = if is_its_time { LEVELS[3 - level.min(1)] } else { usual };
        }
    }
    table
}

impl Habitual {
    fn item(&mut self, is_task: bool) -> Item {
        self.next_id += 1;
        let rng = &mut self.rng;
        let category = rng.random_range(0..CATEGORIES.len());
        let name = CATEGORIES[category].to_owned();
        let version = (!is_task && (self.habits.prompts || chance(rng, 0.3)))
            .then(|| rng.random_range(0..VERSIONS));
        let due = (is_task && chance(rng, self.habits.urgency))
            .then(|| self.at + delta(36.0 * rng.random::<f64>()));
        let born = self.at - delta(200.0 * rng.random::<f64>());
        let place = if is_task && self.habits.places {
            one_of(rng, &[None, Some(true), Some(false)])
        } else {
            None
        };
        let place = place.flatten();
        let where_name = place.map(|work| if work { "office" } else { "house" }.to_owned());
        let labels = [Some(name.clone()), where_name].into_iter().flatten().collect();
        let id = format!("{}{}", if is_task { "t" } else { "a" }, self.next_id);
        let minutes = one_of(rng, &[5.0, 15.0, 40.0, 90.0]);
        let possible = if is_task {
            Possible {
                id,
                source: Some("todoist".to_owned()),
                kind: Some("todo".to_owned()),
                priority: one_of(rng, &[1.0, 1.0, 2.0, 4.0]),
                duration_min: minutes,
                labels: Some(labels),
                text_len: Some(f64::from(rng.random_range(5..60))),
                ..Possible::default()
            }
        } else {
            Possible {
                id,
                source: Some(if version.is_some() { "llm" } else { "library" }.to_owned()),
                kind: Some(name),
                prompt_version: version.map(|version| format!("p{version}")),
                text_len: Some(f64::from(rng.random_range(30..140))),
                ..Possible::default()
            }
        };
        Item { possible, category, due, born, place, version, shown: None }
    }

    /// How probably it would be done now.
    fn value(&self, item: &Item) -> f64 {
        let (hour, weekday) = clock(&self.zone, self.at);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 7")]
        let slot = (hour / 3.0) as usize;
        let mut value = self.table[slot.min(SLOTS - 1)][item.category];
        let is_at_work = weekday <= 5 && (9.0..17.0).contains(&hour);
        if item.place.is_some_and(|work| work != is_at_work) {
            return 0.02;
        }
        if hour >= 19.0 && item.possible.duration_min.is_some_and(|it| it > self.patience_minutes) {
            value *= 0.3;
        }
        if item.due.is_some_and(|due| hours_between(self.at, due) < 4.0) {
            value = value.max(0.75);
        }
        if item.possible.priority == Some(4.0) {
            value = value.max(0.4);
        }
        if let Some(version) = item.version {
            value *= if self.habits.prompts && version != self.version { 0.4 } else { 1.0 };
        }
        if item.shown.is_some_and(|shown| hours_between(shown, self.at) < 6.0) {
            value *= 0.4;
        }
        value
    }
}

impl Person for Habitual {
    fn ask(&mut self) -> Decide {
        // Five times a day, never in the night.
        self.at += delta(1.0 + 3.0 * self.rng.random::<f64>());
        while clock(&self.zone, self.at).0 < 6.5 {
            self.at += delta(0.5);
        }
        let (once, at) = (self.habits.once, self.at);
        self.items.retain(|item| !once && item.due.is_none_or(|due| hours_between(due, at) < 12.0));
        for (is_task, most) in [(true, self.habits.tasks), (false, self.habits.advice)] {
            let is_it = |item: &&Item| (item.possible.kind.as_deref() == Some("todo")) == is_task;
            for _ in self.items.iter().filter(is_it).count()..most {
                let item = self.item(is_task);
                self.items.push(item);
            }
        }
        for item in &mut self.items {
            item.possible.due_in_hours = item.due.map(|due| hours_between(at, due));
            item.possible.age_days =
                item.possible.priority.map(|_| hours_between(item.born, at) / 24.0);
        }
        Decide {
            user: self.name.clone(),
            at,
            tz: Some(self.zone.name().to_owned()),
            candidates: self.items.iter().map(|item| item.possible.clone()).collect(),
        }
    }

    fn values(&self) -> Vec<f64> {
        self.items.iter().map(|item| self.value(item)).collect()
    }

    fn answer(&mut self, index: usize) -> Reaction {
        let Some(item) = self.items.get(index) else { return Reaction::None };
        let value = self.value(item);
        let is_done = chance(&mut self.rng, value);
        if let Some(item) = self.items.get_mut(index) {
            item.shown = Some(self.at);
        }
        if is_done && self.items.get(index).is_some_and(|item| item.possible.priority.is_some()) {
            self.items.remove(index);
        }
        self.reactions += 1;
        if self.flip == Some(self.reactions) {
            // Whatever was liked is not any more.
            self.table.iter_mut().flatten().for_each(|value| *value = 0.95 - *value);
        }
        answered(&mut self.rng, is_done, 0.3)
    }
}
