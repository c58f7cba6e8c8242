//! What is believed of one person: when speaking to them is better than silence.

use bandit::{Linear, Sums};
use serde::{Deserialize, Serialize};

use super::{COORDINATES, Choice, Moment, NOISE, features, prior::prior, rhythm::Rhythm};

/// The version of what is stored. A belief of another version is not read: the person begins anew.
pub const VERSION: u8 = 1;

/// After so many decision points, one counts half: some six weeks.
const HALF_LIFE: f64 = 1_500.0;

/// The state of one person, to be stored as it is: JSON of some 4 kB.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Belief {
    version: u8,
    /// Of the regression of the reward, less what silence earns, on `(A − π) f(s)`.
    advantage: Sums,
    rhythm: Rhythm,
}

impl Default for Belief {
    fn default() -> Self {
        Self { version: VERSION, advantage: Sums::new(COORDINATES), rhythm: Rhythm::default() }
    }
}

impl Belief {
    /// Itself, where it was stored by this version and is sound; else one that knows nothing.
    #[must_use]
    pub fn checked(self) -> Self {
        let is_sound = self.version == VERSION
            && self.advantage.is_over(COORDINATES)
            && self.rhythm.is_sound();
        if is_sound { self } else { Self::default() }
    }

    /// Learns what came of a choice at `moment`, once its hour is over: what that was worth ([`Outcome::reward`]). A silence that was cut short, by speaking up within
    /// the hour, teaches nothing: leave it out.
    ///
    /// The treatment is centred on its probability, so that whatever the reward of silence is, and however it changes, the
    /// estimate of the advantage is not misled by it (Greenewald et al. 2017; Liao et al. 2020, eq. 3). What silence is known
    /// to earn is taken off first: that only makes it more precise.
    ///
    /// [`Outcome::reward`]: super::Outcome::reward
    pub fn learn(&mut self, moment: &Moment, choice: Choice, reward: f64) {
        let Choice { speak, probability } = choice;
        let anyway = self.rhythm.expect(moment.hour, moment.is_weekend);
        let features = features::of(moment, &self.rhythm);
        let by = f64::from(u8::from(speak)) - probability;
        let to = (-1.0 / HALF_LIFE).exp2();
        self.advantage.fade(to);
        self.rhythm.fade(to);
        // What was sure was no experiment.
        if probability > 0.0 && probability < 1.0 {
            self.advantage.add(&features.map(|feature| by * feature), reward - anyway, 1.0);
        }
        if !speak {
            self.rhythm.add(moment.hour, moment.is_weekend, reward);
        }
    }

    /// The sums of the regression, for a prior that is fitted to many people.
    pub fn sums(&self) -> &Sums {
        &self.advantage
    }

    pub(super) fn solve(&self) -> Linear<'static> {
        self.advantage.solve(prior(), NOISE)
    }

    pub(super) fn features(&self, moment: &Moment) -> [f64; COORDINATES] {
        features::of(moment, &self.rhythm)
    }
}
