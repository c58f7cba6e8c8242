//! What a person of the training worlds likes: weights that swing over the day.

use rand::rngs::ChaCha12Rng;

use super::{dice::normal, swings::Swings};

pub(super) const KINDS: [&str; 8] =
    ["breathe", "move", "rest", "focus", "tidy", "connect", "plan", "reflect"];
pub(super) const LABELS: [&str; 7] =
    ["errand", "phone", "deep", "home", "computer", "waiting", "reading"];
pub(super) const PROJECTS: [&str; 5] = ["work", "home", "health", "learning", "family"];

/// A preference that swings over the day: level, amplitude, and the hour of its height.
#[derive(Clone, Copy)]
pub(super) struct Swing {
    level: f64,
    amplitude: f64,
    height: f64,
}

impl Swing {
    pub(super) fn at(self, hour: f64) -> f64 {
        let angle = (hour - self.height) / 24.0 * std::f64::consts::TAU;
        // Sharper than a cosine: a few good hours.
        self.level + self.amplitude * (2.5 * (angle.cos() - 1.0)).exp()
    }
}

#[derive(Clone)]
pub(super) struct Tastes {
    pub(super) base: f64,
    pub(super) priority: f64,
    pub(super) near: f64,
    pub(super) overdue: f64,
    pub(super) age: f64,
    pub(super) length: f64,
    pub(super) duration: Swing,
    pub(super) advice: Swing,
    pub(super) kinds: Vec<Swing>,
    pub(super) labels: Vec<Swing>,
    pub(super) projects: Vec<f64>,
    pub(super) weekend: f64,
    pub(super) prompts: Vec<f64>,
    pub(super) fatigue: (f64, f64),
    pub(super) kind_fatigue: (f64, f64),
}

impl Tastes {
    /// What people of a world have in common.
    pub(super) fn common(family: &Swings, rng: &mut ChaCha12Rng) -> Self {
        let mut n = |mean: f64, sd: f64| mean + sd * normal(rng);
        let (f, h, m) = (family.facts, family.hours, family.names);
        let mut swing = |level: f64, amplitude: f64| Swing {
            level: n(0.0, level),
            amplitude: n(0.0, amplitude),
            height: 15.0 + n(0.0, 5.0),
        };
        let duration = swing(0.3 * f, 0.8 * h);
        let advice = swing(0.5, 0.8 * h);
        let kinds = KINDS.iter().map(|_| swing(0.5, 1.2 * h)).collect();
        let labels = LABELS.iter().map(|_| swing(0.6 * m, 1.0 * h * m)).collect();
        Self {
            base: n(-0.4, 0.4),
            priority: n(0.5, 0.4) * f,
            near: n(0.6, 0.4) * f,
            overdue: n(0.2, 0.5) * f,
            age: n(-0.3, 0.3) * f,
            length: n(-0.1, 0.2) * f,
            duration: Swing { level: duration.level - 0.3 * f, ..duration },
            advice,
            kinds,
            labels,
            projects: PROJECTS.iter().map(|_| n(0.0, 0.5 * m)).collect(),
            weekend: n(0.0, 0.5 * m),
            prompts: (0..3).map(|_| n(0.0, 0.4)).collect(),
            fatigue: (n(1.5, 0.4).max(0.0) * family.fatigue, n(1.0, 0.5).exp() * 3.0),
            kind_fatigue: (n(0.5, 0.3).max(0.0) * family.fatigue, n(0.5, 0.5).exp()),
        }
    }

    /// One of them.
    pub(super) fn of_one(&self, family: &Swings, rng: &mut ChaCha12Rng) -> Self {
        let own = Self::common(family, rng);
        let shift = 1.5 * normal(rng);
        let mix = |common: f64, own: f64| 0.75 * common + 0.6 * own;
        let swing = |common: &Swing, own: &Swing| Swing {
            level: mix(common.level, own.level),
            amplitude: mix(common.amplitude, own.amplitude),
            height: common.height + shift + 0.3 * (own.height - 15.0),
        };
        let all = |a: &[Swing], b: &[Swing]| a.iter().zip(b).map(|(a, b)| swing(a, b)).collect();
        let each = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| mix(*a, *b)).collect();
        Self {
            base: mix(self.base, own.base),
            priority: mix(self.priority, own.priority),
            near: mix(self.near, own.near),
            overdue: mix(self.overdue, own.overdue),
            age: mix(self.age, own.age),
            length: mix(self.length, own.length),
            duration: swing(&self.duration, &own.duration),
            advice: swing(&self.advice, &own.advice),
            kinds: all(&self.kinds, &own.kinds),
            labels: all(&self.labels, &own.labels),
            projects: each(&self.projects, &own.projects),
            weekend: mix(self.weekend, own.weekend),
            prompts: each(&self.prompts, &own.prompts),
            fatigue: (mix(self.fatigue.0, own.fatigue.0), self.fatigue.1),
            kind_fatigue: (mix(self.kind_fatigue.0, own.kind_fatigue.0), self.kind_fatigue.1),
        }
    }

    pub(super) fn flip(&mut self) {
        for x in [&mut self.priority, &mut self.near, &mut self.overdue, &mut self.age] {
            *x = -*x;
        }
        let swings = self.kinds.iter_mut().chain(&mut self.labels);
        for swing in swings.chain([&mut self.duration, &mut self.advice]) {
            (swing.level, swing.amplitude) = (-swing.level, -swing.amplitude);
        }
        self.projects.iter_mut().chain(&mut self.prompts).for_each(|x| *x = -*x);
    }
}
