//! Simulated people: they live through days of decision points, with rhythms that nobody tells oO of.
//!
//! A person has hours at which they would answer, hours at which they come by themselves, meetings now and then in which
//! they do neither, a number of things to do a day, and a patience. Families differ in these; the constants and the shipped
//! prior were made on `DEVELOPED` alone.

#![allow(dead_code, reason = "a test and a bench use some of it each")]

use chrono::{DateTime, TimeDelta};
use kernel::Timestamp;
use notifier::{
    past::Drawn,
    timing::{Belief, Choice, Chooser, Moment, Outcome, Shadow, Shadows},
};
use rand::{RngExt, SeedableRng, rngs::ChaCha12Rng};

/// The families on which the prior was fitted and the constants were chosen.
pub(crate) const DEVELOPED: [Family; 4] =
    [Family::Peaks, Family::Narrow, Family::Pauses, Family::Weary];

/// Those that were looked at only for the report.
pub(crate) const HELD_OUT: [Family; 4] =
    [Family::Shifts, Family::Sated, Family::Parents, Family::Flat];

/// Decision points an hour, from opening to closing, and a day.
const AN_HOUR: usize = 3;
const OPEN: usize = 8 * AN_HOUR;
const CLOSE: usize = 21 * AN_HOUR;

/// A family of people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    /// On the way to work and after it; late mornings on weekends.
    Peaks,
    /// Three quarters of an hour a day, elsewhere on weekends.
    Narrow,
    /// Four short pauses a day.
    Pauses,
    /// Half of the day, but the more they are called the less they listen.
    Weary,
    /// Early and late shifts, week by week.
    Shifts,
    /// Two hours a day, soon annoyed, and they come by themselves at quite other times.
    Sated,
    /// When the children are at school, and when they sleep; never on weekends but in the evening.
    Parents,
    /// At any time alike: there is nothing to be learned.
    Flat,
}

/// One simulated person.
pub(crate) struct Person {
    family: Family,
    /// Centre, width and height of bumps in the probability of an answer, on working days and on weekends.
    answers: [Vec<[f64; 3]>; 2],
    /// The same in the visits an hour that they make by themselves.
    visits: [Vec<[f64; 3]>; 2],
    least: f64,
    own_least: f64,
    /// How much each push beyond `patience` (with a half-life of a day) takes from the next answers.
    annoyance: f64,
    patience: f64,
    things: usize,
    seed: u64,
}

/// What came of the days of a person, or of many.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) pushes: f64,
    /// Pushes upon which something was done within the hour.
    pub(crate) answered: f64,
    pub(crate) dismissed: f64,
    /// All that was done, called or not.
    pub(crate) done: f64,
}

impl Tally {
    pub(crate) fn rate(&self) -> f64 {
        self.answered / self.pushes.max(1.0)
    }

    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            pushes: self.pushes + other.pushes,
            answered: self.answered + other.answered,
            dismissed: self.dismissed + other.dismissed,
            done: self.done + other.done,
        }
    }
}

impl Person {
    pub(crate) fn born(family: Family, seed: u64) -> Self {
        let mut rng = ChaCha12Rng::seed_from_u64(seed);
        let mut any = |low: f64, high: f64| rng.random_range(low..high);
        let (mut annoyance, mut patience) = (any(0.0, 0.25), any(2.0, 4.0));
        let mut least = any(0.03, 0.1);
        let own_least = any(0.01, 0.05);
        let answers = match family {
            Family::Peaks => {
                let height = any(0.35, 0.6);
                let evening = [any(17.0, 20.0), any(0.8, 1.5), height];
                let morning = [any(8.0, 10.0), any(0.7, 1.2), height * any(0.5, 1.0)];
                [vec![morning, evening], vec![[any(9.5, 13.0), any(1.0, 2.0), height]]]
            }
            Family::Narrow => {
                least = any(0.01, 0.04);
                let height = any(0.5, 0.8);
                let mut bump = || vec![[any(9.0, 20.0), any(0.35, 0.6), height]];
                [bump(), bump()]
            }
            Family::Pauses => {
                let (first, height) = (any(8.5, 10.0), any(0.4, 0.65));
                let pauses = (0..4).map(|n| [first + 2.8 * f64::from(n), 0.4, height]).collect();
                [pauses, vec![[any(10.0, 18.0), any(1.5, 3.0), height]]]
            }
            Family::Weary => {
                (annoyance, patience) = (any(0.4, 0.9), any(0.5, 1.5));
                let bump = vec![[any(10.0, 19.0), any(1.5, 3.0), any(0.4, 0.7)]];
                [bump.clone(), bump]
            }
            Family::Shifts => {
                let height = any(0.4, 0.65);
                let early = vec![[any(15.0, 17.0), any(0.8, 1.4), height]];
                [early, vec![[any(9.0, 11.0), any(0.8, 1.4), height]]]
            }
            Family::Sated => {
                (annoyance, patience) = (any(0.3, 0.7), any(0.5, 1.5));
                let bump = vec![[any(8.5, 20.0), any(0.7, 1.2), any(0.4, 0.7)]];
                [bump.clone(), bump]
            }
            Family::Parents => {
                let height = any(0.35, 0.6);
                let night = [any(19.5, 20.5), any(0.4, 0.8), height];
                [vec![[any(9.0, 11.0), any(0.7, 1.3), height], night], vec![night]]
            }
            Family::Flat => {
                least = any(0.15, 0.35);
                [Vec::new(), Vec::new()]
            }
        };
        // Most people come by themselves at about the hours at which they would answer.
        let own = any(0.1, 0.5);
        let off = any(-0.7, 0.7);
        let mut beside = |bumps: &Vec<[f64; 3]>| -> Vec<[f64; 3]> {
            let moved = |[centre, width, height]: &[f64; 3]| match family {
                Family::Sated => [any(8.5, 20.0), 1.0, own],
                _ => [centre + off, width * 1.2, own * height],
            };
            bumps.iter().map(moved).collect()
        };
        let visits = [beside(&answers[0]), beside(&answers[1])];
        let things = rng.random_range(3..9);
        Self { family, answers, visits, least, own_least, annoyance, patience, things, seed }
    }

    /// The ceiling at about `a_day` pushes: what the best moments would earn, if it were known when this person answers.
    /// Nobody knows who is in a meeting.
    pub(crate) fn live_at_best(&self, days: usize, a_day: f64, cap: u8) -> Tally {
        let plan = self.best(a_day, cap);
        let mut life = Life::new(self);
        for day in 0..days {
            let places = plan[day % plan.len()].clone();
            life.day_by(day, cap, |place, _, _, _| {
                let speak = places.contains(&place);
                Some(Choice { speak, probability: f64::from(u8::from(speak)) })
            });
        }
        life.tally
    }

    /// The best places of each day of two weeks, an hour apart, `cap` a day at most, and `a_day` on average.
    fn best(&self, a_day: f64, cap: u8) -> Vec<Vec<usize>> {
        const DAYS: usize = 14;
        let options: Vec<Vec<(f64, Vec<usize>)>> =
            (0..DAYS).map(|day| self.best_of(self.kind(day), usize::from(cap))).collect();
        let mut counts = [0; DAYS];
        for _ in 0..(a_day * DAYS as f64).round() as usize {
            let more = |day: usize| {
                let next = options[day].get(counts[day] + 1)?;
                Some((day, next.0 - options[day][counts[day]].0))
            };
            let best = (0..DAYS).filter_map(more).max_by(|a, b| a.1.total_cmp(&b.1));
            if let Some((day, _)) = best {
                counts[day] += 1;
            }
        }
        (0..DAYS).map(|day| options[day][counts[day]].1.clone()).collect()
    }

    /// The best places for none, one, … `most` pushes on a day of this kind, and what they earn.
    fn best_of(&self, kind: usize, most: usize) -> Vec<(f64, Vec<usize>)> {
        let visit = |place: usize| {
            let hour = place as f64 / AN_HOUR as f64;
            (at(&self.visits[kind], self.own_least, hour) / AN_HOUR as f64).min(1.0)
        };
        let worth = |place: usize| {
            let answer = at(&self.answers[kind], self.least, place as f64 / AN_HOUR as f64);
            let misses: f64 = (place..place + AN_HOUR).map(|at| 1.0 - visit(at)).product();
            1.0 - (1.0 - answer) * misses
        };
        // From `place` on, with so many left: from the evening backwards.
        let mut from = vec![vec![(0.0, Vec::new()); CLOSE + AN_HOUR + 1]; most + 1];
        for left in 1..=most {
            for place in (OPEN..CLOSE).rev() {
                let (later, after) = (&from[left][place + 1], &from[left - 1][place + AN_HOUR]);
                let with = worth(place) + after.0;
                from[left][place] = if with > later.0 {
                    let mut places = vec![place];
                    places.extend(&after.1);
                    (with, places)
                } else {
                    later.clone()
                };
            }
        }
        from.into_iter().map(|row| row[OPEN].clone()).collect()
    }

    /// Lives for so many days, of which the cap of each is told by `cap`, and returns what came of it and what was learned.
    pub(crate) fn live(
        &self,
        days: usize,
        chooser: &Chooser,
        cap: impl Fn(usize) -> u8,
    ) -> (Tally, Belief) {
        let mut life = Life::new(self);
        for day in 0..days {
            life.day(day, chooser, cap(day));
        }
        (life.tally, life.belief)
    }

    /// The log of such a life.
    pub(crate) fn logged(&self, days: usize, chooser: &Chooser, cap: u8) -> Vec<Drawn> {
        let mut life = Life { log: Some(Vec::new()), ..Life::new(self) };
        for day in 0..days {
            life.day(day, chooser, cap);
        }
        life.log.unwrap_or_default()
    }

    fn kind(&self, day: usize) -> usize {
        match self.family {
            Family::Shifts => day / 7 % 2,
            _ => usize::from(day % 7 >= 5),
        }
    }
}

fn at(bumps: &[[f64; 3]], least: f64, hour: f64) -> f64 {
    let bump = |[centre, width, height]: &[f64; 3]| {
        height * (-0.5 * ((hour - centre) / width).powi(2)).exp()
    };
    (least + bumps.iter().map(bump).sum::<f64>()).min(0.9)
}

/// So many hours after 0:00 of the first day.
fn time(hours: f64) -> Timestamp {
    DateTime::UNIX_EPOCH + TimeDelta::seconds((3_600.0 * hours).round() as i64)
}

/// A moment so many hours after 0:00 of the first day: oO was silent, and nothing came of it.
pub(crate) fn moment(hours: f64) -> Drawn {
    Drawn {
        at: time(hours),
        hour: hours.rem_euclid(24.0),
        choice: Choice { speak: false, probability: 0.5 },
        was_said: true,
        outcome: Outcome::Nothing,
        shadows: Shadows::new(),
    }
}

/// A decision point whose hour is not over.
struct Open {
    place: usize,
    /// Hours since 0:00 of the first day.
    at: f64,
    moment: Moment,
    choice: Choice,
    outcome: Outcome,
}

struct Life<'a> {
    person: &'a Person,
    rng: ChaCha12Rng,
    draws: ChaCha12Rng,
    belief: Belief,
    tally: Tally,
    is_busy: bool,
    /// Hours since 0:00 of the first day.
    last_push: Option<f64>,
    last_reaction: Option<f64>,
    dose: f64,
    /// The last pushes, and whether they were answered.
    recent: Vec<bool>,
    /// What was drawn, where it is asked for.
    log: Option<Vec<Drawn>>,
}

impl<'a> Life<'a> {
    fn new(person: &'a Person) -> Self {
        Self {
            person,
            rng: ChaCha12Rng::seed_from_u64(person.seed ^ 0x11fe),
            draws: ChaCha12Rng::seed_from_u64(person.seed ^ 0xd2a5),
            belief: Belief::default(),
            tally: Tally::default(),
            is_busy: false,
            last_push: None,
            last_reaction: None,
            dose: 0.0,
            recent: Vec::new(),
            log: None,
        }
    }

    fn day(&mut self, day: usize, chooser: &Chooser, cap: u8) {
        self.day_by(day, cap, |place, life, now, today| {
            let ahead: Vec<Moment> =
                (place..CLOSE).map(|at| life.moment(day, at, now, today, cap)).collect();
            let choice = chooser.choose(&life.belief, &ahead, &mut life.draws)?;
            if let Some(log) = &mut life.log {
                let random = Chooser::Random.probability(&life.belief, &ahead)?;
                let shadows = [(Shadow::Random.as_str().to_owned(), random)].into();
                log.push(Drawn { hour: ahead[0].hour, choice, shadows, ..moment(now) });
            }
            Some(choice)
        });
    }

    fn day_by(
        &mut self,
        day: usize,
        cap: u8,
        mut choose: impl FnMut(usize, &mut Self, f64, u8) -> Option<Choice>,
    ) {
        let kind = self.person.kind(day);
        let mut things = self.person.things;
        let mut today = 0;
        let mut open: Vec<Open> = Vec::new();
        self.is_busy = false;
        for place in OPEN..CLOSE + AN_HOUR {
            let hour = place as f64 / AN_HOUR as f64;
            let now = 24.0 * day as f64 + hour;
            let (over, still) = open.into_iter().partition(|it: &Open| it.place + AN_HOUR <= place);
            open = still;
            for it in over {
                self.learn(&it);
            }
            self.is_busy =
                if self.is_busy { self.rng.random_bool(0.7) } else { self.rng.random_bool(0.06) };
            let heed = if self.is_busy { 0.15 } else { 1.0 };

            let mut spoke = false;
            if place < CLOSE {
                let moment = self.moment(day, place, now, today, cap);
                if let Some(choice) = choose(place, self, now, today) {
                    if choice.speak {
                        // What this hour cuts short teaches nothing.
                        open.clear();
                    }
                    open.push(Open { place, at: now, moment, choice, outcome: Outcome::Nothing });
                    spoke = choice.speak;
                }
            }

            // They come by themselves, or because they were called: at most once in a step.
            let visits = at(&self.person.visits[kind], self.person.own_least, hour) * heed;
            let mut comes = self.rng.random_bool((visits / AN_HOUR as f64).min(1.0));
            if spoke {
                let weary = (self.dose - self.person.patience).max(0.0) * self.person.annoyance;
                let answers = at(&self.person.answers[kind], self.person.least, hour);
                comes |= self.rng.random_bool(answers * heed * (-weary).exp());
                self.dose += 1.0;
                self.last_push = Some(now);
                self.tally.pushes += 1.0;
                today += 1;
            }
            self.dose *= 0.5_f64.powf(1.0 / (24.0 * AN_HOUR as f64));
            if comes {
                let luck: f64 = self.rng.random();
                let outcome = match luck {
                    _ if luck < 0.75 && things > 0 => Outcome::Done,
                    _ if luck < 0.9 => Outcome::Snoozed,
                    _ => Outcome::Dismissed,
                };
                if outcome == Outcome::Done {
                    things -= 1;
                    self.tally.done += 1.0;
                }
                self.last_reaction = Some(now);
                for it in open.iter_mut().filter(|it| it.outcome != Outcome::Done) {
                    it.outcome = outcome;
                }
            }
        }
        for it in open {
            self.learn(&it);
        }
        // The night.
        self.dose *= 0.5_f64.powf(10.0 / 24.0);
    }

    fn learn(&mut self, it: &Open) {
        if it.choice.speak {
            let answered = it.outcome == Outcome::Done;
            self.tally.answered += f64::from(u8::from(answered));
            self.tally.dismissed += f64::from(u8::from(it.outcome == Outcome::Dismissed));
            self.recent.push(answered);
        }
        let then = (self.log.iter_mut().flatten().rev()).find(|drawn| drawn.at == time(it.at));
        if let Some(drawn) = then {
            drawn.outcome = it.outcome;
        }
        self.belief.learn(&it.moment, it.choice, it.outcome.reward(it.choice.speak));
    }

    /// The moment at a place of today, as it is known now.
    fn moment(&self, day: usize, place: usize, now: f64, today: u8, cap: u8) -> Moment {
        let hour = place as f64 / AN_HOUR as f64;
        let at = 24.0 * day as f64 + hour;
        let since = |last: Option<f64>| last.map(|last| at - last).filter(|hours| *hours < 168.0);
        let recent = &self.recent[self.recent.len().saturating_sub(10)..];
        let yes = recent.iter().filter(|it| **it).count() as f64;
        Moment {
            since_reaction: since(self.last_reaction),
            since_push: since(self.last_push),
            today,
            most_a_day: cap,
            dose: self.dose * 0.5_f64.powf((at - now) / 24.0) / f64::from(cap.max(1)),
            answered: (yes + 1.0) / (recent.len() as f64 + 2.0),
            left: (CLOSE - place) as f64 * 20.0,
            ..Moment::new(hour, day % 7 >= 5)
        }
    }
}

/// The volume of one that was measured, for another: whole pushes a day, some days one more.
pub(crate) fn volume(a_day: f64) -> impl Fn(usize) -> u8 {
    move |day| (((day + 1) as f64 * a_day).floor() - (day as f64 * a_day).floor()) as u8
}

/// A person's life three times: learned, at random with as many pushes, and at random up to the cap.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Three {
    pub(crate) learned: Tally,
    pub(crate) equal: Tally,
    pub(crate) capped: Tally,
    pub(crate) fixed: Tally,
    pub(crate) silent: Tally,
    pub(crate) best: Tally,
}

impl Three {
    pub(crate) fn of(family: Family, seed: u64, days: usize, cap: u8) -> Self {
        let person = Person::born(family, seed);
        let (learned, _) = person.live(days, &Chooser::Learned, |_| cap);
        // Chance differs from life to life: the mean of three.
        let mean = |a_day: f64| {
            let life = |n: u64| {
                let person = Person { seed: seed ^ (n << 40), ..Person::born(family, seed) };
                person.live(days, &Chooser::Random, volume(a_day)).0
            };
            let sum = life(1).and(life(2)).and(life(3));
            Tally {
                pushes: sum.pushes / 3.0,
                answered: sum.answered / 3.0,
                dismissed: sum.dismissed / 3.0,
                done: sum.done / 3.0,
            }
        };
        let equal = mean(learned.pushes / days as f64);
        let capped = mean(f64::from(cap));
        let fixed = Chooser::Fixed(vec![9.0, 13.0, 18.0]);
        let (fixed, _) = person.live(days, &fixed, |_| cap);
        let (silent, _) = person.live(days, &Chooser::Random, |_| 0);
        let best = person.live_at_best(days, learned.pushes / days as f64, cap);
        Self { learned, equal, capped, fixed, silent, best }
    }

    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            learned: self.learned.and(other.learned),
            equal: self.equal.and(other.equal),
            capped: self.capped.and(other.capped),
            fixed: self.fixed.and(other.fixed),
            silent: self.silent.and(other.silent),
            best: self.best.and(other.best),
        }
    }

    /// How much more often a push is answered than at random, with as many pushes.
    pub(crate) fn gain(&self) -> f64 {
        self.learned.rate() / self.equal.rate().max(1e-9)
    }

    /// The same for who would know when everybody answers: the ceiling.
    pub(crate) fn ceiling(&self) -> f64 {
        self.best.rate() / self.equal.rate().max(1e-9)
    }

    /// How many fewer pushes than at random up to the cap, as a share.
    pub(crate) fn saved(&self) -> f64 {
        1.0 - self.learned.pushes / self.capped.pushes
    }

    /// How many fewer things were done, as a share; below zero: more.
    pub(crate) fn lost(&self) -> f64 {
        1.0 - self.learned.done / self.capped.done
    }
}
