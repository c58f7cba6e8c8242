//! Whether to speak.

use bandit::Expected;
use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};

use super::{
    Belief, Moment,
    pace::{self, Point},
};

/// What speaking up costs, in units of reward: what it takes from a day, and what it takes the more the more oO has spoken
/// of late (Trella et al. 2023: their cost grows with the dose too).
const COST: f64 = 0.08;
const COST_OF_DOSE: f64 = 0.04;

/// This share of the cap is planned for: it is a limit, not a goal. Beyond it there is little left, but for exploration.
const PLANNED: f64 = 0.67;
const BEYOND: f64 = 0.1;

/// How much of the standard deviation is explored. Chance, and what differs from day to day, explore already: more was found
/// to cost more than it taught, here as in the choice of the tip (ADR 16).
const EXPLORATION: f64 = 0.1;

/// A way of choosing the moments.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Chooser {
    /// As often as it is believed to be better than silence, within what the cap leaves.
    Learned,
    /// At any moment alike, until the cap is reached.
    Random,
    /// At these hours of the day, or as soon after as it may.
    Fixed(Vec<f64>),
}

/// What was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// Whether to speak.
    pub speak: bool,
    /// The probability of speaking, by which it was drawn: of `speak` being true, not of what was chosen.
    pub probability: f64,
}

impl Chooser {
    /// Chooses at the first of these moments; the others are the decision points that are left until the person's midnight,
    /// as far as they can be known. None, where oO may not speak at all: nothing was chosen, and nothing is to be learned.
    pub fn choose(&self, belief: &Belief, ahead: &[Moment], rng: &mut dyn Rng) -> Option<Choice> {
        let probability = self.probability(belief, ahead)?;
        Some(Choice { speak: rng.random::<f64>() < probability, probability })
    }

    /// The probability of speaking at the first of these moments. For a shadow, that is all there is to ask.
    pub fn probability(&self, belief: &Belief, ahead: &[Moment]) -> Option<f64> {
        let now = ahead.first().filter(|now| now.is_free())?;
        Some(match self {
            Self::Random => pace::even(ahead.len(), f64::from(now.most_a_day - now.today)),
            Self::Fixed(hours) => {
                let passed = hours.iter().filter(|hour| **hour <= now.hour).count();
                f64::from(u8::from(passed > usize::from(now.today)))
            }
            Self::Learned => {
                let believed = belief.solve();
                let point = |moment: &Moment| Point {
                    advantage: explored(believed.expect(&belief.features(moment))),
                    cost: COST + COST_OF_DOSE * moment.dose,
                };
                let planned = PLANNED * f64::from(now.most_a_day) - f64::from(now.today);
                let points: Vec<Point> = ahead.iter().map(point).collect();
                pace::probability(&points, planned.max(BEYOND))
            }
        })
    }
}

fn explored(expected: Expected) -> Expected {
    Expected { deviation: EXPLORATION * expected.deviation, ..expected }
}
