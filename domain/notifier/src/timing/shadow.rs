//! Choosers that are asked at each moment, and do not speak: what they would have done is logged beside what was drawn, so
//! that it can be told from the log what they would have earned.

use std::collections::BTreeMap;

use super::{Belief, Chooser, Moment, STEP};

/// Their probabilities of speaking at one moment, each under the name of its [`Shadow`].
pub type Shadows = BTreeMap<String, f64>;

/// The hours of [`Shadow::Fixed`].
const HOURS: [f64; 3] = [9.0, 13.0, 18.0];

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shadow {
    /// At any moment alike, up to the cap.
    Random,
    /// At nine, one and six, wherever the moment that follows is free.
    Fixed,
    /// By what is believed of everybody, with nothing learned of this person.
    Prior,
}

impl Shadow {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Random, Self::Fixed, Self::Prior];

    /// Its name in the log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Random => "random",
            Self::Fixed => "fixed",
            Self::Prior => "prior",
        }
    }

    /// What all of them would do at the first of these moments, the others being those that are left today.
    pub fn ask_all(ahead: &[Moment]) -> Shadows {
        let asked = Self::ALL.into_iter();
        asked.filter_map(|it| Some((it.as_str().to_owned(), it.probability(ahead)?))).collect()
    }

    /// With which probability it would speak; none, where oO may not speak at all.
    fn probability(self, ahead: &[Moment]) -> Option<f64> {
        let nothing = Belief::default();
        match self {
            Self::Random => Chooser::Random.probability(&nothing, ahead),
            Self::Prior => Chooser::Learned.probability(&nothing, ahead),
            // `Chooser::Fixed` makes up for what it has missed. A shadow's silence is not its own, and must not pile up.
            Self::Fixed => {
                let now = ahead.first().filter(|now| now.is_free())?;
                let step = STEP.as_secs_f64() / 3_600.0;
                let is_due = HOURS.iter().any(|hour| (0.0..step).contains(&(now.hour - hour)));
                Some(f64::from(u8::from(is_due)))
            }
        }
    }
}
