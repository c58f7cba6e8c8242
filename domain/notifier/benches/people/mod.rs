//! Simulated people: they live through days of decision points, with rhythms that nobody tells oO of.
//!
//! A person has hours at which they would answer, hours at which they come by themselves, meetings now and then in which
//! they do neither, a number of things to do a day, and a patience. Families differ in these; the constants and the shipped
//! prior were made on `DEVELOPED` alone.

#![allow(dead_code, reason = "a test and a bench use some of it each")]

use notifier::timing::{Belief, Choice, Chooser, Moment, Outcome};
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

/// A decision point whose hour is not over.
struct Open {
    place: usize,
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
        }
    }

    fn day(&mut self, day: usize, chooser: &Chooser, cap: u8) {
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
                let ahead: Vec<Moment> =
                    (place..CLOSE).map(|at| self.moment(day, at, now, today, cap)).collect();
                if let Some(choice) = chooser.choose(&self.belief, &ahead, &mut self.draws) {
                    if choice.speak {
                        // What this hour cuts short teaches nothing.
                        open.clear();
                    }
                    open.push(Open { place, moment: ahead[0], choice, outcome: Outcome::Nothing });
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
        self.belief.learn(&it.moment, it.choice, it.outcome);
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
        Self { learned, equal, capped, fixed, silent }
    }

    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            learned: self.learned.and(other.learned),
            equal: self.equal.and(other.equal),
            capped: self.capped.and(other.capped),
            fixed: self.fixed.and(other.fixed),
            silent: self.silent.and(other.silent),
        }
    }

    /// How much more often a push is answered than at random, with as many pushes.
    pub(crate) fn gain(&self) -> f64 {
        self.learned.rate() / self.equal.rate().max(1e-9)
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
