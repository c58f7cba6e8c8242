//! People of the training worlds: a sum of likings, through a logistic curve.

use std::collections::HashMap;

use kernel::{TimeZone, Timestamp, hours_between};
use rand::{Rng, RngExt, SeedableRng, rngs::ChaCha12Rng};

use super::{
    Person,
    dice::{ZONES, answered, beginning, chance, clock, delta, one_of, zone},
    tastes::{KINDS, LABELS, PROJECTS, Tastes},
};
use crate::play::{Decide, Possible, Reaction};

/// What matters to these people, and how much.
#[derive(Clone, Copy, Debug)]
pub(super) struct Swings {
    /// How many tasks are on the list at a time.
    pub(super) tasks: usize,
    /// How many pieces of advice.
    pub(super) advice: usize,
    /// Whether every candidate is seen once only.
    pub(super) once: bool,
    /// The time of day.
    pub(super) hours: f64,
    /// That it was shown lately.
    pub(super) fatigue: f64,
    /// Due dates, priorities, ages and durations.
    pub(super) facts: f64,
    /// Labels and projects.
    pub(super) names: f64,
}

pub(super) const PLAIN: Swings =
    Swings { tasks: 12, advice: 6, once: false, hours: 0.8, fatigue: 0.6, facts: 0.7, names: 0.6 };

/// Something to choose.
struct Item {
    possible: Possible,
    born: Timestamp,
    due: Option<Timestamp>,
    kind: Option<usize>,
    labels: Vec<usize>,
    project: Option<usize>,
    prompt: Option<usize>,
}

struct Swinging {
    swings: Swings,
    flip: Option<usize>,
    name: String,
    tastes: Tastes,
    zone: TimeZone,
    wakes: f64,
    at: Timestamp,
    items: Vec<Item>,
    shown: HashMap<String, Timestamp>,
    kinds: [Option<Timestamp>; KINDS.len()],
    reactions: usize,
    next_id: usize,
    rng: ChaCha12Rng,
}

pub(super) fn people(
    swings: &Swings,
    flip: Option<usize>,
    persons: usize,
    seed: u64,
) -> Vec<Box<dyn Person>> {
    let mut rng = ChaCha12Rng::seed_from_u64(seed);
    let common = Tastes::common(swings, &mut rng);
    let mut person = |number: usize| -> Box<dyn Person> {
        let tastes = common.of_one(swings, &mut rng);
        Box::new(Swinging {
            swings: *swings,
            flip,
            name: format!("u{number}"),
            tastes,
            zone: zone(one_of(&mut rng, &ZONES).unwrap_or_default()),
            wakes: 6.5 + 2.0 * rng.random::<f64>(),
            at: beginning(),
            items: Vec::new(),
            shown: HashMap::new(),
            kinds: [None; KINDS.len()],
            reactions: 0,
            next_id: 0,
            rng: ChaCha12Rng::seed_from_u64(rng.next_u64()),
        })
    };
    (0..persons).map(&mut person).collect()
}

impl Swinging {
    fn refill(&mut self) {
        let tasks = self.items.iter().filter(|item| item.kind.is_none()).count();
        for _ in tasks..self.swings.tasks {
            let item = self.task();
            self.items.push(item);
        }
        let advice = self.items.iter().filter(|item| item.kind.is_some()).count();
        for number in advice..self.swings.advice {
            let item = self.advice(number);
            self.items.push(item);
        }
    }

    fn task(&mut self) -> Item {
        self.next_id += 1;
        let rng = &mut self.rng;
        let age = delta(24.0 * 20.0 * rng.random::<f64>().powi(2));
        let due = chance(rng, 0.5).then(|| delta(rng.random::<f64>() * 120.0 - 24.0));
        let labels: Vec<usize> =
            (0..rng.random_range(0..3)).map(|_| rng.random_range(0..LABELS.len())).collect();
        let project = chance(rng, 0.8).then(|| rng.random_range(0..PROJECTS.len()));
        let priority = (4.0 - 3.99 * rng.random::<f64>().sqrt()).ceil();
        let minutes = [5.0, 10.0, 15.0, 30.0, 45.0, 60.0, 90.0, 120.0];
        let minutes = one_of(rng, &minutes).filter(|_| chance(rng, 0.7));
        Item {
            possible: Possible {
                id: format!("t{}", self.next_id),
                source: Some("todoist".to_owned()),
                kind: Some("todo".to_owned()),
                priority: Some(priority),
                duration_min: minutes,
                labels: Some(labels.iter().map(|label| LABELS[*label].to_owned()).collect()),
                project: project.map(|project| PROJECTS[project].to_owned()),
                text_len: Some(f64::from(rng.random_range(8..90))),
                ..Possible::default()
            },
            born: self.at - age,
            due: due.map(|due| self.at + due),
            kind: None,
            labels,
            project,
            prompt: None,
        }
    }

    fn advice(&mut self, number: usize) -> Item {
        self.next_id += 1;
        let kind = self.rng.random_range(0..KINDS.len());
        let prompt = number.is_multiple_of(2).then(|| self.rng.random_range(0..3));
        Item {
            possible: Possible {
                id: format!("a{}", self.next_id),
                source: Some(if prompt.is_some() { "llm" } else { "library" }.to_owned()),
                kind: Some(KINDS[kind].to_owned()),
                prompt_version: prompt.map(|version| format!("v{version}")),
                text_len: Some(f64::from(self.rng.random_range(20..120))),
                duration_min: chance(&mut self.rng, 0.5).then_some(5.0),
                ..Possible::default()
            },
            born: self.at,
            due: None,
            kind: Some(kind),
            labels: Vec::new(),
            project: None,
            prompt,
        }
    }

    /// How probably it would be done now.
    fn value(&self, item: &Item) -> f64 {
        let tastes = &self.tastes;
        let possible = &item.possible;
        let (hour, weekday) = clock(&self.zone, self.at);
        let hour = hour - (self.wakes - 7.5);
        let mut liking = tastes.base;
        if let Some(kind) = item.kind {
            liking += tastes.advice.at(hour) + tastes.kinds[kind].at(hour);
        } else {
            liking += tastes.priority * (possible.priority.unwrap_or(1.0) - 2.0) / 1.5;
            liking += tastes.age * possible.age_days.unwrap_or(0.0).ln_1p() / 2.0;
        }
        if let Some(hours) = possible.due_in_hours {
            let near = tastes.near * (1.5 * (-hours / 18.0).exp() - 0.3);
            liking += if hours < 0.0 { tastes.overdue } else { near };
        }
        if let Some(minutes) = possible.duration_min {
            liking += tastes.duration.at(hour) * (minutes / 30.0).ln();
        }
        liking += tastes.length * (possible.text_len.unwrap_or(40.0) / 40.0 - 1.0);
        liking += item.labels.iter().map(|label| tastes.labels[*label].at(hour)).sum::<f64>();
        if let Some(project) = item.project {
            liking += tastes.projects[project];
            if weekday >= 6 && project == 0 {
                liking += tastes.weekend;
            }
        }
        liking += item.prompt.map_or(0.0, |prompt| tastes.prompts[prompt]);
        if let Some(at) = self.shown.get(&possible.id) {
            liking -= tastes.fatigue.0 * (-hours_between(*at, self.at) / tastes.fatigue.1).exp();
        }
        if let Some(at) = item.kind.and_then(|kind| self.kinds[kind]) {
            liking -=
                tastes.kind_fatigue.0 * (-hours_between(at, self.at) / tastes.kind_fatigue.1).exp();
        }
        1.0 / (1.0 + (-liking).exp())
    }
}

impl Person for Swinging {
    fn ask(&mut self) -> Decide {
        loop {
            self.at += delta(0.3 + 4.0 * self.rng.random::<f64>().powi(2));
            let (hour, _) = clock(&self.zone, self.at);
            if (hour - self.wakes).rem_euclid(24.0) < 16.0 {
                break;
            }
        }
        // Some things go by themselves.
        let (once, at, rng) = (self.swings.once, self.at, &mut self.rng);
        self.items.retain(|item| {
            let stays = rng.random::<f64>() > if item.kind.is_some() { 0.01 } else { 0.02 };
            !once && stays && item.due.is_none_or(|due| (at - due).num_days() < 7)
        });
        self.refill();
        for item in &mut self.items {
            item.possible.due_in_hours = item.due.map(|due| hours_between(at, due));
            item.possible.age_days =
                item.kind.is_none().then(|| hours_between(item.born, at) / 24.0);
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
        self.shown.insert(item.possible.id.clone(), self.at);
        match item.kind {
            Some(kind) => self.kinds[kind] = Some(self.at),
            None if is_done => drop(self.items.remove(index)),
            None => {}
        }
        self.reactions += 1;
        if self.flip == Some(self.reactions) {
            self.tastes.flip();
        }
        answered(&mut self.rng, is_done, 0.4)
    }
}
