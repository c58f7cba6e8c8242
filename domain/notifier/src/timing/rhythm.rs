//! At which hours a person comes by themselves: what silence earns.

use serde::{Deserialize, Serialize};

/// Hours of the day.
const HOURS: usize = 24;

/// The mean reward of a silent hour before anything is known, and how many decision points that counts for, at each hour.
const MEAN: f64 = 0.06;
const FOR: f64 = 6.0;

/// What one hour tells of its neighbours.
const BESIDE: f64 = 0.35;

/// Where nobody ever comes, coming is still so probable.
const LEAST: f64 = 0.02;

/// By hour, on working days and then on weekends: how many silent decision points were seen, and what they earned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Rhythm {
    seen: Vec<f32>,
    earned: Vec<f32>,
}

impl Default for Rhythm {
    fn default() -> Self {
        Self { seen: vec![0.0; 2 * HOURS], earned: vec![0.0; 2 * HOURS] }
    }
}

impl Rhythm {
    pub(super) fn is_sound(&self) -> bool {
        [&self.seen, &self.earned].iter().all(|sums| {
            sums.len() == 2 * HOURS && sums.iter().all(|sum| sum.is_finite() && *sum >= 0.0)
        })
    }

    #[expect(clippy::cast_possible_truncation, reason = "what is stored is that precise")]
    pub(super) fn add(&mut self, hour: f64, is_weekend: bool, reward: f64) {
        let place = place(hour) + if is_weekend { HOURS } else { 0 };
        self.seen[place] += 1.0;
        self.earned[place] += reward.max(0.0) as f32;
    }

    #[expect(clippy::cast_possible_truncation, reason = "what is stored is that precise")]
    pub(super) fn fade(&mut self, to: f64) {
        for sum in self.seen.iter_mut().chain(&mut self.earned) {
            *sum *= to as f32;
        }
    }

    /// What silence earns at an hour: what it earned there and beside, shrunk towards what it earns on the other kind of
    /// day, and that towards the mean.
    pub(super) fn expect(&self, hour: f64, is_weekend: bool) -> f64 {
        let place = place(hour);
        let both = self.near(place, [0, HOURS]);
        let all = self.shrink(both, self.mean());
        self.shrink(self.near(place, if is_weekend { [HOURS, HOURS] } else { [0, 0] }), all)
    }

    /// How usual it is that the person comes at an hour: the logarithm of how much more often than on average, in [−2, 2].
    pub(super) fn usual(&self, hour: f64, is_weekend: bool) -> f64 {
        let ratio = (self.expect(hour, is_weekend) + LEAST) / (self.mean() + LEAST);
        ratio.ln().clamp(-2.0, 2.0)
    }

    fn mean(&self) -> f64 {
        let sum = |sums: &[f32]| f64::from(sums.iter().sum::<f32>());
        self.shrink((sum(&self.seen), sum(&self.earned)), MEAN)
    }

    #[expect(clippy::unused_self, reason = "reads as a sentence")]
    fn shrink(&self, (seen, earned): (f64, f64), towards: f64) -> f64 {
        (earned + FOR * towards) / (seen + FOR)
    }

    /// Sums around an hour, of two kinds of days, or twice half of one.
    fn near(&self, place: usize, kinds: [usize; 2]) -> (f64, f64) {
        let around = [(HOURS - 1, BESIDE), (0, 1.0), (1, BESIDE)];
        let mut sums = (0.0, 0.0);
        let share = if kinds[0] == kinds[1] { 0.5 } else { 1.0 };
        for kind in kinds {
            for (off, weight) in around {
                let at = kind + (place + off) % HOURS;
                sums.0 += share * weight * f64::from(self.seen[at]);
                sums.1 += share * weight * f64::from(self.earned[at]);
            }
        }
        sums
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "hours of a day")]
fn place(hour: f64) -> usize {
    hour.clamp(0.0, 23.99) as usize
}
